import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import type { Outcome } from "../../automation/cli/outcome.js";
import type { Progress } from "../../automation/cli/progress.js";
import { locksOf } from "../../automation/deploy/locks.js";
import { Harness, PROJECT, until } from "./harness.js";
import { leftovers } from "./leftovers.js";

/** A kill must come in the middle: well after the first resources, well before the last. */
const AFTER = 20;

describe("a run that is killed and repeated", function () {
  this.timeout(1_200_000);
  this.bail(true);
  let t: Harness;

  before(async () => {
    t = await Harness.start();
  });
  after(() => t?.stop());

  /** Runs a command and kills every engine that works for it, as `kill -9` does, once it is under way. */
  const killed = async (line: string): Promise<Outcome> => {
    const ended: Promise<number>[] = [];
    const outcome = await t.command(
      line,
      watching(AFTER, () => ended.push(killEngines(t))),
    );
    const kills = (await Promise.all(ended)).reduce((a, b) => a + b, 0);
    expect(kills, "engines that were killed").to.be.greaterThan(0);
    expect(outcome.ending, outcome.text).to.equal("failed");
    return outcome;
  };
  const changes = async (line: string): Promise<Record<string, Record<string, number>>> => {
    const outcome = await t.command(line);
    expect(outcome.ending, outcome.text).to.equal("done");
    const { stacks } = outcome.data as { stacks: Record<string, { changes: Record<string, number> }> };
    return Object.fromEntries(Object.entries(stacks).map(([id, stack]) => [id, stack.changes]));
  };
  const settled = async () => {
    for (const [id, change] of Object.entries(await changes("up")))
      expect(Object.keys(change), id).to.deep.equal(["same"]);
  };

  it("deploys all the same: what was made and not written down is adopted", async () => {
    await killed("up --target sandbox --workload");
    await changes("up");
    await settled();
  });

  it("comes back after a removal that was killed", async () => {
    await killed("down");
    await changes("up");
    await settled();
  });

  it("removes everything after a removal that was killed", async () => {
    await killed("down");
    await changes("down");
    expect((await leftovers(t)).resources).to.deep.equal([]);
  });

  // Last: what it leaves half deployed is little or much, and goes with the sandbox.
  it("leaves nothing running when whoever started it is killed", async () => {
    const starter = driving(t, "up --target sandbox --workload");
    await toldOf(starter, "created; now");
    const all = family(starter.pid ?? 0);
    expect(all.map(commandLine).join("\n")).to.contain("pulumi-language-nodejs").and.contain("cmd/run");
    starter.kill("SIGKILL");
    await until("the end of all that it started", 100_000, async () =>
      all.map(commandLine).filter((line) => line !== ""),
    );
  });
});

/** Starts the driver as the `lockstep` command does, with the places of the harness. */
function driving(t: Harness, line: string): ChildProcess {
  const of = (path: string) => JSON.stringify(join(PROJECT, path));
  const driver = `const { realDeps } = require(${of("automation/real.ts")});
    const { onSignals } = require(${of("automation/cli/signals.ts")});
    const { plainProgress } = require(${of("automation/cli/progress.ts")});
    const { parse } = require(${of("automation/cli/cli.ts")});
    const { dispatch } = require(${of("automation/cli/dispatch.ts")});
    const io = { err: (text) => process.stderr.write(text + "\\n") };
    const deps = realDeps(${of("")}, plainProgress(io), onSignals(io), ${JSON.stringify(t.deps.places.home)});
    void dispatch(parse(${JSON.stringify(line.split(" "))}).command, deps).then(({ text }) => io.err(text));`;
  const starter = `const { foreground } = await import(${of("setup/processes/process.mjs")});
    const { typescriptFlags } = await import(${of("setup/commands.mjs")});
    const flags = [...typescriptFlags(), "-e", ${JSON.stringify(driver)}];
    process.exitCode = await foreground(process.execPath, flags, { env: process.env });`;
  return spawn(process.execPath, ["--input-type=module", "-e", starter], { stdio: ["ignore", "ignore", "pipe"] });
}

/** Waits until a program has told a text. */
const toldOf = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let told = "";
    child.stderr?.on("data", (data: Buffer) => {
      told += data.toString();
      if (told.includes(text)) resolve();
    });
    child.once("exit", () => reject(new Error(`it ended and has not told of "${text}": ${told}`)));
  });

/** Calls back once, at the n-th thing that is told. */
const watching = (n: number, act: () => void): Progress => {
  let left = n;
  return {
    together: (jobs) =>
      Promise.allSettled(
        jobs.map((job) =>
          job.run(() => {
            left -= 1;
            if (left === 0) act();
          }),
        ),
      ),
  };
};

/** The engines write their process ids into the locks of their stacks. */
async function killEngines(t: Harness): Promise<number> {
  const backend = t.variables["PULUMI_BACKEND_URL"] ?? "";
  const locks = await Promise.all(["primary", "dr", "workload"].map((stack) => locksOf(backend, stack)));
  const pids = locks.flatMap((some) =>
    (some ?? []).flatMap(({ pid, alive }) => (alive && pid !== undefined ? [pid] : [])),
  );
  for (const pid of pids.flatMap(family)) process.kill(pid, "SIGKILL");
  return pids.length;
}

/** What a process is; empty when it has ended, though nobody may have asked how. */
function commandLine(pid: number): string {
  const { stdout } = spawnSync("ps", ["-o", "stat=,args=", "-p", String(pid)], { encoding: "utf8" });
  const [state = "Z", ...args] = stdout.trim().split(/\s+/);
  return state === "" || state.startsWith("Z") ? "" : args.join(" ");
}

/** A process and all that it started: what goes with the engine when a terminal or a machine does. */
function family(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" });
  const all = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] => [
    parent,
    ...all.filter(([, ppid]) => ppid === parent).flatMap(([child]) => (child === undefined ? [] : below(child))),
  ];
  return below(pid);
}
