import { execFile } from "node:child_process";
import { promisify } from "node:util";
import { messageOf } from "./cli/outcome.js";

/** One thing that was looked at. */
export interface Finding {
  readonly what: string;
  readonly ok: boolean;
  /** What was seen; with a problem also what to do. */
  readonly text: string;
}

export const fine = (what: string, text: string): Finding => ({ what, ok: true, text });
export const problem = (what: string, text: string): Finding => ({ what, ok: false, text });

const execute = promisify(execFile);

/** The oldest that the driver works with. */
const NODE = 22;
const ENGINE = [3, 250] as const;

const SET_UP = "`npm run lockstep` sets it up; do not start automation/main.ts by hand.";

/** Looks at the programs that the driver needs. */
export async function lookAtTools(): Promise<readonly Finding[]> {
  return Promise.all([node(), engine(), languageHost(), emulator()]);
}

async function node(): Promise<Finding> {
  const found = process.versions.node;
  return Number(found.split(".")[0]) >= NODE
    ? fine("Node.js", found)
    : problem("Node.js", `${found} is too old: install ${NODE} or newer. ${SET_UP}`);
}

async function engine(): Promise<Finding> {
  const version = await output("pulumi", ["version"]);
  if (version instanceof Error) return problem("Pulumi engine", `${messageOf(version)}. ${SET_UP}`);
  const [major = 0, minor = 0] = version.replace(/^v/, "").split(".").map(Number);
  return major > ENGINE[0] || (major === ENGINE[0] && minor >= ENGINE[1])
    ? fine("Pulumi engine", version)
    : problem("Pulumi engine", `${version} is too old: install v${ENGINE.join(".")} or newer.`);
}

async function languageHost(): Promise<Finding> {
  const name = "pulumi-language-nodejs";
  const found = await output("which", [name]);
  return found instanceof Error
    ? problem("language host", `there is no ${name} on the PATH. ${SET_UP}`)
    : fine("language host", found);
}

async function emulator(): Promise<Finding> {
  const what = "sandbox's Python";
  const python = process.env["LOCKSTEP_PYTHON"];
  if (python === undefined) return problem(what, `LOCKSTEP_PYTHON is not set. ${SET_UP}`);
  const found = await output(python, [
    "-c",
    "import importlib.metadata as m; print('ministack', m.version('ministack'))",
  ]);
  return found instanceof Error
    ? problem(what, `${python} does not have the emulator. ${SET_UP}`)
    : fine(what, `${found} by ${python}`);
}

const output = (command: string, args: readonly string[]): Promise<string | Error> =>
  execute(command, [...args], { timeout: 20_000 }).then(
    ({ stdout }) => stdout.trim(),
    (error: unknown) =>
      error instanceof Error ? new Error(messageOf(error).split("\n")[0]) : new Error(String(error)),
  );
