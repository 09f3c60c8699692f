import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateFileSystemCommand, FSxClient } from "@aws-sdk/client-fsx";
import pMap from "p-map";
import { up } from "../automation/commands/up.js";
import type { CallCount } from "../demo/admin.js";
import { DEPLOYMENT, DR, Harness, PRIMARY, until } from "../test/e2e/harness.js";
import { type Row, timed } from "./table.js";

/** File systems that get a backup in one run, and those of which one is copied. */
const MANY = 500;
const COPIED = 20;
/** AWS allows 500 user-initiated backups unless asked: two of each need more. */
const RAISED = 2000;
/** Longer than a controller waits until it looks again at what FSx is at. */
const LOOK_MS = 6 * 60_000;
const DEADLINE_MS = 5 * 60_000;
/** What takes more looks hangs. */
const LOOKS = 60;

const NEVER = "cron(0 0 1 1 ? 2199)";
const policy = (name: string, copy: readonly object[]) => ({
  ...{ name, select: { key: "Backup", value: name }, kinds: ["fsx"], schedule: NEVER },
  ...{ retain: { count: 1 }, copy },
});
const CONFIG = {
  "lockstep:quotas": { fsx: { openzfs: RAISED } },
  "lockstep:policies": [policy("many", []), policy("copied", [{ region: DR, retain: { count: 1 } }])],
};

/** Calls of FSx of whole cycles, as deployed. */
export async function fsxRows(): Promise<Row[]> {
  const t = await Harness.start();
  try {
    await t.request("POST", "settings", { fsx: { openzfsBackups: RAISED, fileSystems: RAISED } });
    const outcome = await up({ env: "default", target: "sandbox", workload: false, config: CONFIG }, t.deps);
    if (outcome.ending !== "done") throw new Error(outcome.text);
    await makeSystems(t, "many", MANY);
    const first = await counted(t, "primary", () => back(t, "many"));
    const second = await counted(t, "primary", () => back(t, "many"));
    await makeSystems(t, "copied", COPIED);
    const copied = await counted(t, "dr", () => back(t, "copied"));
    return [
      rowOf(`back up ${MANY} file systems`, first, MANY, "a call for each; the published one makes 3"),
      rowOf(`again, and expire ${MANY}`, second, 2 * MANY, "the published one: 3 for each, and 1 for each that goes"),
      rowOf(`copy ${COPIED} into the DR region`, copied, COPIED, "4 at once, of 5 slots"),
    ];
  } finally {
    await t.stop();
  }
}

interface Counted {
  readonly changes: number;
  readonly lists: number;
  readonly runs: number;
  readonly seconds: number;
}

const rowOf = (what: string, { changes, lists, runs, seconds }: Counted, goal: number, beside: string): Row => ({
  what: `${what}: FSx calls that change something`,
  measured: changes,
  unit: "calls",
  goal,
  beside: `${beside}; ${lists} pages of lists in ${runs} runs, ${seconds.toFixed(0)} s`,
});

async function makeSystems(t: Harness, backup: string, count: number): Promise<void> {
  console.error(`fsx: ${count} file systems`);
  const { Subnets = [] } = await t.client(EC2Client, PRIMARY).send(new DescribeSubnetsCommand({}));
  const fsx = t.client(FSxClient, PRIMARY);
  await pMap(
    Array.from({ length: count }),
    () =>
      fsx.send(
        new CreateFileSystemCommand({
          FileSystemType: "OPENZFS",
          StorageCapacity: 64,
          SubnetIds: [Subnets[0]?.SubnetId ?? ""],
          OpenZFSConfiguration: { DeploymentType: "SINGLE_AZ_1", ThroughputCapacity: 64 },
          Tags: [{ Key: "Backup", Value: backup }],
        }),
      ),
    { concurrency: 5 },
  );
}

/** A point of all that a policy selects, until nothing of FSx is in flight and nothing is left to be done. */
async function back(t: Harness, name: string): Promise<void> {
  const outcome = await t.command(`run --policy ${name}`);
  if (outcome.ending !== "done") throw new Error(outcome.text);
  for (let look = 0; look < LOOKS; look++) {
    const estate = await t.estate();
    await until("rest", DEADLINE_MS, () => estate.busy());
    const states = await Promise.all((["primary", "dr"] as const).map((role) => t.ledger(role).state()));
    const open = states.reduce((sum, { inFlight }) => sum + (inFlight["fsx"] ?? 0), 0);
    console.error(`fsx: ${name}, look ${look}: ${open} in flight`);
    if (look > 1 && open === 0) return;
    await t.admin.moveClock((await t.admin.now()) + LOOK_MS);
    for (const role of ["primary", "dr"] as const) await t.tick(role);
  }
  throw new Error(`${name} is not at rest after ${LOOKS} looks`);
}

/** FSx's calls of a role's functions, and its runs. */
async function counted(t: Harness, role: "primary" | "dr", work: () => Promise<void>): Promise<Counted> {
  const [before, ranBefore] = [await t.admin.calls(), (await t.runs(role)).length];
  const { seconds } = await timed(`work of ${role}`, work);
  const [after, ran] = [await t.admin.calls(), (await t.runs(role)).length];
  const total = (rows: readonly CallCount[], action: RegExp) =>
    rows
      .filter((row) => row.service === "fsx" && row.caller.startsWith(`${DEPLOYMENT}-${role}-`))
      .filter((row) => action.test(row.action))
      .reduce((sum, { count }) => sum + count, 0);
  const calls = (action: RegExp) => total(after, action) - total(before, action);
  return { changes: calls(/^(?!Describe)/), lists: calls(/^Describe/), runs: ran - ranBefore, seconds };
}
