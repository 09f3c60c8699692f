/** Finding programs on PATH and knowing their version without starting them each time. */
import { execFile } from "node:child_process";
import {
  accessSync,
  constants,
  mkdirSync,
  readFileSync,
  realpathSync,
  renameSync,
  statSync,
  writeFileSync,
} from "node:fs";
import { delimiter, join } from "node:path";
import { promisify } from "node:util";

const execute = promisify(execFile);

/**
 * Every program of that name on PATH, in PATH's order.
 * @param {string} name
 * @param {string | undefined} path
 * @returns {string[]}
 */
export function findOnPath(name, path) {
  const folders = [...new Set((path ?? "").split(delimiter).filter((folder) => folder !== ""))];
  return folders.map((folder) => join(folder, name)).filter(isProgram);
}

/** @param {string} file */
export function isProgram(file) {
  try {
    accessSync(file, constants.X_OK);
    return statSync(file).isFile();
  } catch {
    return false;
  }
}

/**
 * Compares the leading numbers of two versions: "v3.250.0-dev" is at least "3.250".
 * @param {string} version
 * @param {string} minimum
 */
export function atLeast(version, minimum) {
  const have = numbers(version);
  for (const [i, want] of numbers(minimum).entries()) {
    const part = have[i] ?? 0;
    if (part !== want) return part > want;
  }
  return true;
}

/** @param {string} version */
function numbers(version) {
  return (/\d+(?:\.\d+)*/.exec(version)?.[0] ?? "0").split(".").map(Number);
}

/**
 * What a program answers when asked for its version; "" if it cannot be run. Remembered in the cache folder until the
 * program's file changes, so that a set-up with nothing to do starts no other program.
 * @param {string} cache
 * @param {string} program
 * @param {readonly string[]} args
 * @param {NodeJS.ProcessEnv} env
 * @returns {Promise<string>}
 */
export async function versionOf(cache, program, args, env) {
  const { mtimeMs, size } = statSync(program);
  const key = JSON.stringify([program, realpathSync(program), mtimeMs, size, ...args]);
  const file = join(cache, "versions.json");
  const known = readVersions(file);
  const remembered = known[key];
  if (remembered !== undefined) return remembered;
  const version = await ask(program, args, env);
  if (version === "") return version; // what is missing may be installed without a change to this file
  mkdirSync(cache, { recursive: true });
  const temporary = `${file}.${process.pid}`;
  writeFileSync(temporary, `${JSON.stringify({ ...readVersions(file), [key]: version }, undefined, 2)}\n`);
  renameSync(temporary, file);
  return version;
}

/** @param {string} program @param {readonly string[]} args @param {NodeJS.ProcessEnv} env */
async function ask(program, args, env) {
  try {
    const { stdout } = await execute(program, args, { env, timeout: 20_000 });
    return stdout.trim();
  } catch {
    return "";
  }
}

/** @param {string} file @returns {Record<string, string>} */
function readVersions(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8"));
  } catch {
    return {};
  }
}
