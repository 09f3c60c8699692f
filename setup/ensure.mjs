/** Everything a command needs, found or made; nothing is done and next to no time is spent when all is there. */
import { delimiter, join } from "node:path";
import { contextOf } from "./context.mjs";
import { findEmulator, makeEmulator, missingPython } from "./emulator.mjs";
import { findEngine, makeEngine, missingGo } from "./engine.mjs";
import { findNode, makeNode, pathWithNode } from "./node.mjs";
import { findNpm, installPackages, packagesAreCurrent } from "./npm.mjs";
import { abortOnSignals, SetupError } from "./process.mjs";

/**
 * @typedef {object} Ready
 * @property {string} node the program
 * @property {NodeJS.ProcessEnv} env for everything that is started
 */

/**
 * @param {{ sandbox: boolean }} needs `sandbox`: also the engine and the emulator, not only Node and the npm packages
 * @returns {Promise<Ready>}
 */
export async function ensure({ sandbox }) {
  const controller = new AbortController();
  const undo = abortOnSignals(controller);
  try {
    return await ensureIn(contextOf(controller.signal), sandbox);
  } finally {
    undo();
  }
}

/**
 * @param {import("./context.mjs").Context} context
 * @param {boolean} sandbox
 * @returns {Promise<Ready>}
 */
async function ensureIn(context, sandbox) {
  const node = await findNode(context);
  const isCurrent = packagesAreCurrent(context.root);
  const engine = sandbox ? await findEngine(context) : "";
  const emulator = sandbox ? findEmulator(context) : "";
  await refuseIfMissing([
    node !== undefined && isCurrent ? undefined : missingNpm(context),
    engine === undefined ? missingGo(context) : undefined,
    emulator === undefined ? missingPython(context) : undefined,
  ]);
  const makingNode = node === undefined ? makeNode(context) : Promise.resolve(node);
  const makingPackages = makingNode.then(async (program) => {
    if (!isCurrent) await installPackages(context, program);
    return program;
  });
  const [program, engineFolder, python] = await all(
    makingPackages,
    engine === undefined ? makeEngine(context, makingPackages) : Promise.resolve(engine),
    emulator === undefined ? makeEmulator(context) : Promise.resolve(emulator),
  );
  return { node: program, env: environment(context, program, engineFolder, python) };
}

/**
 * @param {import("./context.mjs").Context} context @param {string} node @param {string} engine @param {string} python
 * @returns {NodeJS.ProcessEnv}
 */
function environment({ root, env }, node, engine, python) {
  const path = pathWithNode(node, env["PATH"]);
  const folders = [join(root, "node_modules", ".bin"), engine, ...path.split(delimiter)].filter(Boolean);
  return { ...env, PATH: [...new Set(folders)].join(delimiter), ...(python && { LOCKSTEP_PYTHON: python }) };
}

/** @param {import("./context.mjs").Context} context */
async function missingNpm(context) {
  try {
    findNpm(context.env, process.execPath);
    return undefined;
  } catch (error) {
    if (error instanceof SetupError) return error.message;
    throw error;
  }
}

/**
 * Before anything long begins: all that the user has to install, a line each.
 * @param {(Promise<string | undefined> | undefined)[]} lines
 */
async function refuseIfMissing(lines) {
  const missing = (await Promise.all(lines)).filter((line) => line !== undefined);
  if (missing.length > 0) throw new SetupError(missing.join("\n"));
}

/**
 * Lets every part end before the failures are told, so that none is at work when the process ends.
 * @template A, B, C
 * @param {Promise<A>} a @param {Promise<B>} b @param {Promise<C>} c
 * @returns {Promise<[A, B, C]>}
 */
async function all(a, b, c) {
  const settled = await Promise.allSettled([a, b, c]);
  const reasons = new Set(settled.flatMap((result) => (result.status === "rejected" ? [result.reason] : [])));
  const other = [...reasons].find((reason) => !(reason instanceof SetupError));
  if (other !== undefined) throw other;
  if (reasons.size > 0) throw new SetupError([...reasons].map((reason) => reason.message).join("\n"));
  return Promise.all([a, b, c]);
}
