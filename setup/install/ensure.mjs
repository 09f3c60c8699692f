/** Everything a command needs, found or made; nothing is done and next to no time is spent when all is there. */
import { delimiter, join } from "node:path";
import { contextOf } from "../context.mjs";
import { abortOnSignals, SetupError } from "../processes/process.mjs";
import { findEngine, makeEngine, missingGo } from "./engine.mjs";
import { findNode, makeNode, pathWithNode } from "./node.mjs";
import { findNpm, installPackages, packagesAreCurrent } from "./npm.mjs";
import { withoutProxyToSelf } from "./proxy.mjs";
import { CUSTODIAN, EMULATOR, findPythonSet, makePythonSet, missingPython, OUTSIDE } from "./python.mjs";

/**
 * @typedef {object} Ready
 * @property {string} node the program
 * @property {NodeJS.ProcessEnv} env for everything that is started
 */

/**
 * @typedef {object} Needs beside Node and the npm packages
 * @property {boolean} sandbox the engine and the emulator
 * @property {boolean} [outside] boto3 and the AWS CLI
 * @property {boolean} [custodian] Cloud Custodian
 */

/**
 * @param {Needs} needs
 * @returns {Promise<Ready>}
 */
export async function ensure(needs) {
  const controller = new AbortController();
  const undo = abortOnSignals(controller);
  try {
    return await ensureIn(contextOf(controller.signal), needs);
  } finally {
    undo();
  }
}

/**
 * @param {import("../context.mjs").Context} context
 * @param {Needs} needs
 * @returns {Promise<Ready>}
 */
async function ensureIn(context, { sandbox, outside = false, custodian = false }) {
  const node = await findNode(context);
  const isCurrent = packagesAreCurrent(context.root);
  const engine = sandbox ? await findEngine(context) : "";
  const emulator = sandbox ? findPythonSet(context, EMULATOR) : "";
  const stranger = outside ? findPythonSet(context, OUTSIDE) : "";
  const rival = custodian ? findPythonSet(context, CUSTODIAN) : "";
  await refuseIfMissing([
    node !== undefined && isCurrent ? undefined : missingNpm(context),
    engine === undefined ? missingGo(context) : undefined,
    [emulator, stranger, rival].includes(undefined) ? missingPython(context) : undefined,
  ]);
  const makingNode = node === undefined ? makeNode(context) : Promise.resolve(node);
  const makingPackages = makingNode.then(async (program) => {
    if (!isCurrent) await installPackages(context, program);
    return program;
  });
  const [program, engineFolder, python, outsidePython, custodianPython] = await all(
    makingPackages,
    engine === undefined ? makeEngine(context, makingPackages) : Promise.resolve(engine),
    emulator === undefined ? makePythonSet(context, EMULATOR) : Promise.resolve(emulator),
    stranger === undefined ? makePythonSet(context, OUTSIDE) : Promise.resolve(stranger),
    rival === undefined ? makePythonSet(context, CUSTODIAN) : Promise.resolve(rival),
  );
  const pythons = {
    ...(python && { LOCKSTEP_PYTHON: python }),
    ...(outsidePython && { LOCKSTEP_OUTSIDE_PYTHON: outsidePython }),
    ...(custodianPython && { LOCKSTEP_CUSTODIAN_PYTHON: custodianPython }),
  };
  return { node: program, env: { ...environment(context, program, engineFolder), ...pythons } };
}

/**
 * @param {import("../context.mjs").Context} context @param {string} node @param {string} engine
 * @returns {NodeJS.ProcessEnv}
 */
function environment({ root, env }, node, engine) {
  const path = pathWithNode(node, env["PATH"]);
  const folders = [join(root, "node_modules", ".bin"), engine, ...path.split(delimiter)].filter(Boolean);
  // What Node has compiled once it need not compile again: our programs load a few thousand files of libraries.
  const compiled = env["NODE_COMPILE_CACHE"] ?? join(root, "node_modules", ".cache", "node");
  return {
    ...env,
    ...withoutProxyToSelf(env),
    PATH: [...new Set(folders)].join(delimiter),
    NODE_COMPILE_CACHE: compiled,
  };
}

/** @param {import("../context.mjs").Context} context */
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
 * @template A, B, C, D, E
 * @param {Promise<A>} a @param {Promise<B>} b @param {Promise<C>} c @param {Promise<D>} d @param {Promise<E>} e
 * @returns {Promise<[A, B, C, D, E]>}
 */
async function all(a, b, c, d, e) {
  const settled = await Promise.allSettled([a, b, c, d, e]);
  const reasons = new Set(settled.flatMap((result) => (result.status === "rejected" ? [result.reason] : [])));
  const other = [...reasons].find((reason) => !(reason instanceof SetupError));
  if (other !== undefined) throw other;
  if (reasons.size > 0) throw new SetupError([...reasons].map((reason) => reason.message).join("\n"));
  return Promise.all([a, b, c, d, e]);
}
