import { spawnSync } from "node:child_process";
import { expect } from "chai";
import type { Outcome } from "../../automation/cli/outcome.js";
import type { Progress } from "../../automation/cli/progress.js";
import { locksOf } from "../../automation/deploy/locks.js";
import type { Harness } from "./harness.js";

/** A kill must come in the middle: well after the first resources, well before the last. */
const AFTER = 20;

/** Runs a command and kills every engine that works for it, as `kill -9` does, once it is under way. */
export async function killed(t: Harness, line: string): Promise<Outcome> {
  const ended: Promise<number>[] = [];
  const outcome = await t.command(
    line,
    watching(AFTER, () => ended.push(killEngines(t))),
  );
  const kills = (await Promise.all(ended)).reduce((a, b) => a + b, 0);
  expect(kills, "engines that were killed").to.be.greaterThan(0);
  expect(outcome.ending, outcome.text).to.equal("failed");
  return outcome;
}

/** What a command that works changed, by stack. */
export async function changes(t: Harness, line: string): Promise<Record<string, Record<string, number>>> {
  const outcome = await t.command(line);
  expect(outcome.ending, outcome.text).to.equal("done");
  const { stacks } = outcome.data as { stacks: Record<string, { changes: Record<string, number> }> };
  return Object.fromEntries(Object.entries(stacks).map(([id, stack]) => [id, stack.changes]));
}

/** Nothing is left for another deployment to change. */
export async function settled(t: Harness): Promise<void> {
  for (const [id, change] of Object.entries(await changes(t, "up")))
    expect(Object.keys(change), id).to.deep.equal(["same"]);
}

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
export function family(pid: number): number[] {
  const { stdout } = spawnSync("ps", ["-e", "-o", "pid=,ppid="], { encoding: "utf8" });
  const all = stdout.split("\n").map((line) => line.trim().split(/\s+/).map(Number));
  const below = (parent: number): number[] => [
    parent,
    ...all.filter(([, ppid]) => ppid === parent).flatMap(([child]) => (child === undefined ? [] : below(child))),
  ];
  return below(pid);
}
