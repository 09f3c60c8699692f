/** The Python environments: one for the emulator that stands behind the sandbox, one for strangers that use it. */
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { told } from "../context.mjs";
import { run, SetupError } from "../processes/process.mjs";
import { keyOf, obtain } from "./cache.mjs";
import { atLeast, findOnPath, versionOf } from "./tools.mjs";

const MINIMUM = "3.10";
/** `python3` first, then the names that a system with several versions has. */
const NAMES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
/** Says which Python the environment was made with. */
const BASE = "lockstep-base-python";

/**
 * @typedef {object} PythonSet packages that are installed together
 * @property {string} folder under setup/, with the locked requirements.txt; also the environment's name in the cache
 * @property {string} what they are, to be told
 * @property {string} usually how long they take to install
 */

/** What the sandbox needs. */
export const EMULATOR = { folder: "emulator", what: "the emulator's Python packages", usually: "30 s" };
/** What talks to the sandbox as a stranger does: boto3 and the AWS CLI. An environment of its own, as a stranger has. */
export const OUTSIDE = { folder: "outside", what: "boto3 and the AWS CLI for the tests", usually: "20 s" };

/** What the bench measures us beside. */
export const CUSTODIAN = { folder: "custodian", what: "Cloud Custodian for the bench", usually: "30 s" };

/**
 * @param {import("../context.mjs").Context} context
 * @param {PythonSet} set
 * @returns {string | undefined} the environment's python
 */
export function findPythonSet(context, set) {
  const folder = join(context.cache, keyOfSet(context.root, set));
  return isUsable(folder) ? join(folder, "bin", "python3") : undefined;
}

/**
 * @param {import("../context.mjs").Context} context
 * @param {PythonSet} set
 * @returns {Promise<string>} the environment's python
 */
export async function makePythonSet(context, set) {
  const name = keyOfSet(context.root, set);
  const folder = await obtain({
    cache: context.cache,
    name,
    usable: isUsable,
    signal: context.signal,
    onWait: (pid) => context.say(`waiting for another set-up (process ${pid}) to install ${set.what}`),
    build: (temporary, lock) =>
      told(context, `installing ${set.what}`, set.usually, () =>
        build(context, { set, temporary, log: join(context.cache, `${name}.log`), lock }),
      ),
  });
  return join(folder, "bin", "python3");
}

/**
 * One line if there is no Python to make an environment with.
 * @param {import("../context.mjs").Context} context
 * @returns {Promise<string | undefined>}
 */
export async function missingPython(context) {
  const python = await findPython(context);
  if (python === undefined)
    return `Python >= ${MINIMUM} is missing: install python3 with its venv module (on Debian and Ubuntu: apt install python3-venv).`;
  const ready = await versionOf(context.cache, python, ["-c", "import venv, ensurepip; print('ready')"], context.env);
  return ready === "ready" ? undefined : noVenv(python);
}

/** @param {string} python */
function noVenv(python) {
  return `${python} cannot make virtual environments: install its venv module (on Debian and Ubuntu: apt install python3-venv).`;
}

/** @param {import("../context.mjs").Context} context */
async function findPython(context) {
  const script = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
  for (const python of NAMES.flatMap((name) => findOnPath(name, context.env["PATH"]))) {
    if (atLeast(await versionOf(context.cache, python, ["-c", script], context.env), MINIMUM)) return python;
  }
  return undefined;
}

/**
 * @param {import("../context.mjs").Context} context
 * @param {{ set: PythonSet, temporary: string, log: string, lock: import("../processes/lock.mjs").Lock }} place
 */
async function build(context, { set, temporary, log, lock }) {
  const python = await findPython(context);
  if (python === undefined) throw new SetupError(`Python >= ${MINIMUM} is missing.`);
  const options = { env: context.env, log, signal: context.signal, onSpawn: lock.add };
  await run(python, ["-m", "venv", temporary], options);
  const inside = join(temporary, "bin", "python3");
  const flags = ["--no-compile", "--require-hashes", "--disable-pip-version-check", "--no-input", "--quiet"];
  await run(inside, ["-m", "pip", "install", ...flags, "-r", requirementsOf(context.root, set)], options);
  // The scripts name the folder they were installed in, which is renamed: everything is run as `python3 -m …`.
  for (const entry of readdirSync(join(temporary, "bin"))) {
    if (!entry.startsWith("python")) rmSync(join(temporary, "bin", entry), { recursive: true });
  }
  writeFileSync(join(temporary, BASE), realpathSync(inside));
}

/**
 * An environment is a layer over the Python it was made with: when that is removed or replaced by another version, it
 * is of no use.
 * @param {string} folder
 */
function isUsable(folder) {
  const python = join(folder, "bin", "python3");
  return existsSync(python) && readFileSync(join(folder, BASE), "utf8") === realpathSync(python);
}

/** @param {string} root @param {PythonSet} set */
function keyOfSet(root, set) {
  return keyOf(set.folder, [requirementsOf(root, set)]);
}

/** @param {string} root @param {PythonSet} set */
function requirementsOf(root, { folder }) {
  return join(root, "setup", folder, "requirements.txt");
}
