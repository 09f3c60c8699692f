/** The Pulumi engine and its Node language host: on PATH, else by Pulumi's installer, else built from their Go modules. */
import { existsSync, mkdirSync, readFileSync, rmSync } from "node:fs";
import { dirname, join } from "node:path";
import { told } from "../context.mjs";
import { run, SetupError } from "../processes/process.mjs";
import { keyOf, obtain } from "./cache.mjs";
import { atLeast, findOnPath, isProgram, versionOf } from "./tools.mjs";

const ENGINE = "github.com/pulumi/pulumi/pkg/v3";
const PROGRAMS = [
  { module: "engine", package: `${ENGINE}/cmd/pulumi`, program: "pulumi" },
  {
    module: "language-host",
    package: "github.com/pulumi/pulumi/sdk/v3/nodejs/cmd/pulumi-language-nodejs",
    program: "pulumi-language-nodejs",
  },
];
const INSTALLER = "https://get.pulumi.com/install.sh";
/** How long the installer has before the engine is built instead. */
const INSTALL = 300_000;

/**
 * The folder of an engine that can be used as it is. An older `pulumi` first on PATH does not count: the cached one goes
 * before it.
 * @param {import("../context.mjs").Context} context
 * @returns {Promise<string | undefined>}
 */
export async function findEngine(context) {
  const onPath = findOnPath("pulumi", context.env["PATH"])[0];
  const host = findOnPath("pulumi-language-nodejs", context.env["PATH"])[0];
  if (onPath !== undefined && host !== undefined) {
    const env = { ...context.env, PULUMI_SKIP_UPDATE_CHECK: "true" };
    const version = await versionOf(context.cache, onPath, ["version"], env);
    if (atLeast(version, engineVersion(context.root).replace(/\.\d+$/, ""))) return dirname(onPath);
  }
  const folder = join(context.cache, engineKey(context.root), "bin");
  return existsSync(folder) ? folder : undefined;
}

/**
 * @param {import("../context.mjs").Context} context
 * @param {Promise<string>} packages resolves to Node's program when the npm packages are there
 * @returns {Promise<string>} the folder of the programs
 */
export async function makeEngine(context, packages) {
  const name = engineKey(context.root);
  const folder = await obtain({
    cache: context.cache,
    name,
    signal: context.signal,
    onWait: (pid) => context.say(`waiting for another set-up (process ${pid}) to make the Pulumi engine`),
    async build(temporary, lock) {
      const log = join(context.cache, `${name}.log`);
      if (await context.canReach(INSTALLER)) {
        try {
          return await download(context, await packages, { temporary, log, lock });
        } catch (error) {
          context.signal.throwIfAborted();
          context.say(`Pulumi's installer failed (${String(error).split("\n")[0]}), building the engine instead`);
          rmSync(join(temporary, "bin"), { recursive: true, force: true });
        }
      }
      await told(context, "building the Pulumi engine with Go, once per machine", "5 minutes on two cores", () =>
        build(context, { temporary, log, lock }),
      );
    },
  });
  return join(folder, "bin");
}

/**
 * One line for each tool that is missing to make the engine.
 * @param {import("../context.mjs").Context} context
 * @returns {Promise<string | undefined>}
 */
export async function missingGo(context) {
  const wanted = goVersion(context.root);
  const go = findOnPath("go", context.env["PATH"])[0];
  if (go === undefined)
    return (await context.canReach(INSTALLER)) ? undefined : `Go is missing: ${advice(context.root)}`;
  const version = await localGoVersion(context, go);
  // Since 1.21 Go fetches the newer toolchain that a module asks for, unless it was told not to.
  const fetches = atLeast(version, "1.21") && context.env["GOTOOLCHAIN"] !== "local";
  if (atLeast(version, wanted) || fetches || (await context.canReach(INSTALLER))) return undefined;
  return `Go ${version} is too old: ${advice(context.root)}`;
}

/** @param {string} root */
function advice(root) {
  return `install Go >= ${goVersion(root)} from go.dev/dl, or Pulumi >= ${engineVersion(root)} from pulumi.com.`;
}

/** @typedef {{ temporary: string, log: string, lock: import("../processes/lock.mjs").Lock }} Place */

/**
 * @param {import("../context.mjs").Context} context
 * @param {Place} place
 */
async function build(context, { temporary, log, lock }) {
  const go = findOnPath("go", context.env["PATH"])[0];
  if (go === undefined) throw new SetupError(`Go is missing: ${advice(context.root)}`);
  const version = `${ENGINE.replace("/pkg/", "/sdk/")}/go/common/version.Version=v${engineVersion(context.root)}`;
  const isNewEnough = atLeast(await localGoVersion(context, go), goVersion(context.root));
  const env = { ...context.env, GOWORK: "off", ...(isNewEnough && { GOTOOLCHAIN: "local" }) };
  mkdirSync(join(temporary, "bin"));
  for (const { module, package: package_, program } of PROGRAMS) {
    const flags = ["-mod=readonly", "-buildvcs=false", "-trimpath", "-ldflags", `-s -w -X ${version}`];
    const args = ["build", ...flags, "-o", join(temporary, "bin", program), package_];
    const cwd = join(context.root, "setup", module);
    await run(go, args, { cwd, env, log, signal: context.signal, onSpawn: lock.add });
  }
}

/**
 * Pulumi's own installer, through the Automation API.
 * @param {import("../context.mjs").Context} context
 * @param {string} node
 * @param {Place} place
 */
async function download(context, node, { temporary, log, lock }) {
  const script = `
    const { PulumiCommand } = require("@pulumi/pulumi/automation");
    const { SemVer } = require(require.resolve("semver", { paths: [require.resolve("@pulumi/pulumi")] }));
    const [root, version] = process.argv.slice(1);
    PulumiCommand.install({ root, version: new SemVer(version) }).catch((error) => {
      console.error(String(error));
      process.exitCode = 1;
    });`;
  const args = ["-e", script, temporary, engineVersion(context.root)];
  await told(context, "downloading the Pulumi engine", "30 s", () =>
    run(node, args, {
      cwd: context.root,
      env: context.env,
      log,
      signal: context.signal,
      onSpawn: lock.add,
      timeout: INSTALL,
    }),
  );
  const missing = PROGRAMS.find(({ program }) => !isProgram(join(temporary, "bin", program)));
  if (missing) throw new SetupError(`it brought no ${missing.program}`);
}

/** @param {import("../context.mjs").Context} context @param {string} go */
async function localGoVersion(context, go) {
  return (await versionOf(context.cache, go, ["env", "GOVERSION"], { ...context.env, GOTOOLCHAIN: "local" })).replace(
    "go",
    "",
  );
}

/**
 * The name of the engine in the cache: other go.mod or go.sum files, another engine.
 * @param {string} root
 */
export function engineKey(root) {
  const files = PROGRAMS.flatMap(({ module }) => ["go.mod", "go.sum"].map((name) => join(root, "setup", module, name)));
  return keyOf("engine", files);
}

/** @param {string} root @returns {string} without the v */
function engineVersion(root) {
  return fromGoMod(root, new RegExp(`^\\s*(?:require )?${ENGINE} v([\\d.]+)`, "m"));
}

/** @param {string} root */
function goVersion(root) {
  return fromGoMod(root, /^go ([\d.]+)/m);
}

/** @param {string} root @param {RegExp} pattern */
function fromGoMod(root, pattern) {
  const found = pattern.exec(readFileSync(join(root, "setup", "engine", "go.mod"), "utf8"))?.[1];
  if (found === undefined) throw new SetupError(`setup/engine/go.mod has no line like ${pattern.source}`);
  return found;
}
