/** The locked npm packages in node_modules. */
import { createHash } from "node:crypto";
import { existsSync, mkdirSync, readFileSync, realpathSync, utimesSync } from "node:fs";
import { dirname, join } from "node:path";
import { told } from "../context.mjs";
import { withLock } from "../processes/lock.mjs";
import { run, SetupError } from "../processes/process.mjs";
import { findOnPath } from "./tools.mjs";

/**
 * How to run npm. Its script, where it can be found, so that it runs under the Node we choose; else its program.
 * @param {NodeJS.ProcessEnv} env
 * @param {string} node
 * @returns {{ program: string, args: string[] }}
 */
export function findNpm(env, node) {
  const onPath = findOnPath("npm", env["PATH"])[0];
  const scripts = [
    env["npm_execpath"] ?? "",
    join(dirname(node), "..", "lib", "node_modules", "npm", "bin", "npm-cli.js"),
    onPath === undefined ? "" : realpathSync(onPath),
  ];
  const script = scripts.find((file) => file.endsWith("npm-cli.js") && existsSync(file));
  if (script !== undefined) return { program: node, args: [script] };
  if (onPath !== undefined) return { program: onPath, args: [] };
  throw new SetupError(
    "npm is missing: install it (it comes with Node.js from nodejs.org; on Debian: apt install npm).",
  );
}

/** Installs what the lock says, all of it, whatever the user's npm leaves out by itself (NODE_ENV=production, `omit`). */
export const CI = ["ci", "--include=dev", "--include=optional", "--prefer-offline", "--no-audit", "--no-fund"];

/**
 * Whether node_modules holds what package-lock.json says. npm writes down what it installed when it is done, and `npm
 * ci` begins by removing everything: half an installation has no such record.
 * @param {string} root
 * @returns {boolean}
 */
export function packagesAreCurrent(root) {
  const wanted = readPackages(join(root, "package-lock.json"));
  const installed = readPackages(join(root, "node_modules", ".package-lock.json"));
  if (wanted === undefined) throw new SetupError("package-lock.json is missing or damaged: restore it from git.");
  if (installed === undefined) return false;
  for (const [path, { version, integrity, optional, devOptional }] of Object.entries(wanted)) {
    if (path === "") continue;
    const have = installed[path];
    if (have === undefined && (optional || devOptional)) continue; // for another platform
    if (have?.version !== version || have?.integrity !== integrity) return false;
  }
  return Object.keys(installed).every((path) => wanted[path] !== undefined);
}

/**
 * @typedef {Record<string, { version?: string, integrity?: string, optional?: boolean, devOptional?: boolean }>} Packages
 * @param {string} file
 * @returns {Packages | undefined}
 */
function readPackages(file) {
  try {
    return JSON.parse(readFileSync(file, "utf8")).packages;
  } catch {
    return undefined;
  }
}

/**
 * npm takes its record for out of date once something was added to node_modules, even our own cache, and then reads every
 * package instead. Pulumi has it do so for each function of a stack, which was a quarter of the time of an unchanged program.
 * @param {string} root
 */
export function keepRecord(root) {
  mkdirSync(join(root, "node_modules", ".cache"), { recursive: true });
  // A millisecond more: what is written may be some nanoseconds less than asked for.
  const now = new Date(Date.now() + 1);
  utimesSync(join(root, "node_modules", ".package-lock.json"), now, now);
}

/**
 * @param {import("../context.mjs").Context} context
 * @param {string} node
 */
export async function installPackages(context, node) {
  const { root, cache, signal, say } = context;
  mkdirSync(cache, { recursive: true });
  const name = `packages-${createHash("sha256").update(realpathSync(root)).digest("hex").slice(0, 20)}`;
  const work = async (/** @type {import("../processes/lock.mjs").Lock} */ lock) => {
    if (packagesAreCurrent(root)) return;
    const npm = findNpm(context.env, node);
    const env = { ...context.env, PATH: `${dirname(node)}:${context.env["PATH"] ?? ""}` };
    const args = [...npm.args, ...CI];
    await told(context, "installing the locked npm packages", "1 minute, the first time", () =>
      run(npm.program, args, { cwd: root, env, log: join(cache, `${name}.log`), signal, onSpawn: lock.add }),
    );
    keepRecord(root);
  };
  await withLock(join(cache, `${name}.lock`), work, {
    signal,
    onWait: (pid) => say(`waiting for another set-up (process ${pid}) to install the npm packages`),
  });
}
