import { spawn } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import type { Outcome } from "../automation/cli/outcome.js";
import { down } from "../automation/commands/down.js";
import { up } from "../automation/commands/up.js";
import { PROJECT } from "../components/lambda/bundle.js";
import { startForTest } from "../sandbox/control.js";
import { CONFIG, Harness } from "../test/e2e/harness.js";
import { type Row, timed } from "./table.js";

/** How long the sandbox, a deployment and the whole demonstration take. */
export async function deployRows(): Promise<Row[]> {
  return [await sandboxRow(), ...(await stackRows()), await startRow()];
}

async function sandboxRow(): Promise<Row> {
  const stateDir = mkdtempSync(join(tmpdir(), "lockstep-bench-"));
  try {
    const { seconds, result } = await timed("sandbox", () => startForTest({ stateDir }));
    await result.close();
    return { what: "sandbox up, with nothing in it", measured: seconds, unit: "s" };
  } finally {
    rmSync(stateDir, { recursive: true, force: true });
  }
}

/** Both regions, without a workload. The first time is for the caches: the second counts. */
async function stackRows(): Promise<Row[]> {
  const t = await Harness.start();
  try {
    const deploy = () => done(up({ env: "default", target: "sandbox", workload: false, config: CONFIG }, t.deps));
    const remove = () => done(down({ env: "default", yes: true }, t.deps));
    const first = await timed("up", deploy);
    await remove();
    const warm = await timed("up", deploy);
    const noop = await timed("up", deploy);
    const removed = await timed("down", remove);
    const beside = `the first time ${first.seconds.toFixed(1)} s`;
    return [
      { what: "up, two regions, warm", measured: warm.seconds, unit: "s", goal: 40, beside },
      { what: "up with nothing to do", measured: noop.seconds, unit: "s", goal: 8 },
      { what: "down, two regions", measured: removed.seconds, unit: "s", goal: 20 },
    ];
  } finally {
    await t.stop();
  }
}

async function done(work: Promise<Outcome>): Promise<void> {
  const outcome = await work;
  if (outcome.ending !== "done") throw new Error(outcome.text);
}

/** `npm start`, set-up apart. It uses the sandbox of this checkout, as it always does. */
async function startRow(): Promise<Row> {
  const flags = ["--import", require.resolve("tsx"), join(PROJECT, "automation", "start.ts")];
  const { seconds, result } = await timed(
    "npm start",
    () =>
      new Promise<number | null>((resolve, reject) => {
        const child = spawn(process.execPath, flags, { cwd: PROJECT, stdio: ["ignore", "ignore", "inherit"] });
        child.once("error", reject);
        child.once("close", resolve);
      }),
  );
  if (result !== 0) throw new Error(`npm start ended with ${result}`);
  return { what: "npm start, everything in it", measured: seconds, unit: "s", goal: 120 };
}
