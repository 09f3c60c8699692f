import { spawnSync } from "node:child_process";
import { expect } from "chai";
import { locksOf } from "../../automation/locks.js";
import type { Outcome } from "../../automation/outcome.js";
import type { Progress } from "../../automation/progress.js";
import { Harness } from "./harness.js";
import { leftovers } from "./leftovers.js";

/** A kill must come in the middle: well after the first resources, well before the last. */
const AFTER = 20;

describe("a run that is killed and repeated", function () {
  this.timeout(360_000);
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
