import { spawn } from "node:child_process";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

/** How long a module of checks may take in all. */
const DEADLINE_MS = 600_000;

/** What report.py says of one check. */
interface Verdict {
  readonly name: string;
  /** Empty where all was well. */
  readonly problem: string;
}

/** Python that has boto3 and the AWS CLI, and nothing of ours. */
function strangersPython(): string {
  const python = process.env["LOCKSTEP_OUTSIDE_PYTHON"];
  if (python === undefined) throw new Error("LOCKSTEP_OUTSIDE_PYTHON is missing: run the tests through npm test");
  return python;
}

/** What a stranger's process gets: the machine's, the sandbox's address, and no AWS settings of this user's own. */
function strangersEnv(variables: Variables): NodeJS.ProcessEnv {
  const none = "/dev/null";
  const own = Object.entries(process.env).filter(([key]) => !key.startsWith("AWS_"));
  return {
    ...Object.fromEntries(own),
    AWS_CONFIG_FILE: none,
    AWS_SHARED_CREDENTIALS_FILE: none,
    PYTHONDONTWRITEBYTECODE: "1",
    ...variables,
  };
}

type Variables = Readonly<Record<string, string>>;

/** The checks of a Python module: each one's name, and its docstring. */
function checksIn(module: string): { readonly name: string; readonly title: string }[] {
  const source = readFileSync(join(__dirname, `${module}.py`), "utf8");
  const found = source.matchAll(/^ {4}def (test_\w+)\(self\):\n {8}"""(.+)"""$/gm);
  return [...found].map(([, name = "", title = ""]) => ({ name, title }));
}

/** Runs a module. Returns all that it printed, and what became of each check that ended. */
async function judged(module: string, variables: Variables) {
  const output = await run(strangersPython(), [join(__dirname, "report.py"), module], strangersEnv(variables));
  // Our own report.py wrote it.
  const said = output.split("\n").flatMap((text) => (text.startsWith("{") ? [JSON.parse(text) as Verdict] : []));
  return { output, verdicts: Map.groupBy(said, ({ name }) => name) };
}

/** What is wrong by the checks of a module, for a suite whose tests build on each other. A check that did not end is wrong too. */
export async function problemsOf(module: string, variables: Variables): Promise<string[]> {
  const { output, verdicts } = await judged(module, variables);
  return checksIn(module).flatMap(({ name, title }) => {
    const found = verdicts.get(name)?.map(({ problem }) => problem) ?? [`did not end:\n${output}`];
    return found.filter((problem) => problem !== "").map((problem) => `${title}: ${problem}`);
  });
}

/**
 * Makes a test of each check in a Python module: the module runs once, and each test tells what became of its check. The
 * names are those of the docstrings.
 */
export function checksOf(module: string, variables: () => Variables): void {
  const checks = checksIn(module);
  let verdicts: ReadonlyMap<string, readonly Verdict[]> = new Map();
  let output = "";

  before(`run ${module}.py`, async function () {
    this.timeout(DEADLINE_MS + 5_000);
    ({ output, verdicts } = await judged(module, variables()));
  });

  for (const { name, title } of checks) {
    it(title, () => {
      const found = verdicts.get(name);
      if (found === undefined) throw new Error(`${name} did not end:\n${output}`);
      const problems = found.map((verdict) => verdict.problem).filter((problem) => problem !== "");
      if (problems.length > 0) throw new Error(problems.join("\n"));
    });
  }

  it("reports no other check", () => {
    expect([...verdicts.keys()].sort()).to.deep.equal(checks.map(({ name }) => name).sort());
  });
}

/** Runs a program and returns all that it printed, whatever its exit code; it ends with the deadline at the latest. */
function run(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<string> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "pipe", "pipe"], timeout: DEADLINE_MS });
    let output = "";
    for (const stream of [child.stdout, child.stderr]) stream.on("data", (data: Buffer) => (output += data.toString()));
    child.once("error", reject);
    child.once("close", (code, signal) => resolve(code === 0 ? output : `${output}\nended with ${signal ?? code}`));
  });
}
