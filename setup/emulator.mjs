/** The emulator that stands behind the sandbox: a Python environment with the packages locked in setup/emulator. */
import { existsSync, readdirSync, readFileSync, realpathSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { keyOf, obtain } from "./cache.mjs";
import { told } from "./context.mjs";
import { run, SetupError } from "./process.mjs";
import { atLeast, findOnPath, versionOf } from "./tools.mjs";

const MINIMUM = "3.10";
/** `python3` first, then the names that a system with several versions has. */
const NAMES = ["python3", "python3.14", "python3.13", "python3.12", "python3.11", "python3.10"];
/** Says which Python the environment was made with. */
const BASE = "lockstep-base-python";

/**
 * @param {import("./context.mjs").Context} context
 * @returns {string | undefined} the environment's python
 */
export function findEmulator(context) {
  const folder = join(context.cache, emulatorKey(context.root));
  return isUsable(folder) ? join(folder, "bin", "python3") : undefined;
}

/**
 * @param {import("./context.mjs").Context} context
 * @returns {Promise<string>}
 */
export async function makeEmulator(context) {
  const name = emulatorKey(context.root);
  const folder = await obtain({
    cache: context.cache,
    name,
    usable: isUsable,
    signal: context.signal,
    onWait: (pid) => context.say(`waiting for another set-up (process ${pid}) to install the emulator`),
    build: (temporary, lock) =>
      told(context, "installing the emulator's Python packages", "30 s", () =>
        build(context, { temporary, log: join(context.cache, `${name}.log`), lock }),
      ),
  });
  return join(folder, "bin", "python3");
}

/**
 * One line if there is no Python to make the emulator with.
 * @param {import("./context.mjs").Context} context
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

/** @param {import("./context.mjs").Context} context */
async function findPython(context) {
  const script = "import sys; print('%d.%d.%d' % sys.version_info[:3])";
  for (const python of NAMES.flatMap((name) => findOnPath(name, context.env["PATH"]))) {
    if (atLeast(await versionOf(context.cache, python, ["-c", script], context.env), MINIMUM)) return python;
  }
  return undefined;
}

/**
 * @param {import("./context.mjs").Context} context
 * @param {{ temporary: string, log: string, lock: import("./lock.mjs").Lock }} place
 */
async function build(context, { temporary, log, lock }) {
  const python = await findPython(context);
  if (python === undefined) throw new SetupError(`Python >= ${MINIMUM} is missing.`);
  const options = { env: context.env, log, signal: context.signal, onSpawn: lock.add };
  await run(python, ["-m", "venv", temporary], options);
  const inside = join(temporary, "bin", "python3");
  const flags = ["--no-compile", "--require-hashes", "--disable-pip-version-check", "--no-input", "--quiet"];
  const requirements = join(context.root, "setup", "emulator", "requirements.txt");
  await run(inside, ["-m", "pip", "install", ...flags, "-r", requirements], options);
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

/** @param {string} root */
function emulatorKey(root) {
  return keyOf("emulator", [join(root, "setup", "emulator", "requirements.txt")]);
}
