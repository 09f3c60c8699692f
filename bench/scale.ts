import { spawn } from "node:child_process";
import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { GetScheduleCommand, SchedulerClient, UpdateScheduleCommand } from "@aws-sdk/client-scheduler";
import { up } from "../automation/commands/up.js";
import { names } from "../core/names/names.js";
import type { CallCount } from "../demo/admin.js";
import { DEPLOYMENT, DR, Harness, PRIMARY } from "../test/e2e/harness.js";
import { DEVICES, HOURS_KEPT, INSTANCES, POINTS, POLICY, plantEstate } from "./past.js";
import { largestPayload } from "./payload.js";
import { type Row, timed } from "./table.js";

/** The tool's region: not ours, so that neither sees what the other made. */
const THEIRS = "eu-central-1";
/** Pages of 1,000 of all snapshots, and one of the instances. */
const FLOOR = (INSTANCES * DEVICES * POINTS) / 1000 + 1;
const PAYLOAD_KB = 64;

/** Never due by itself. */
const base = (name: string) => ({
  name,
  select: { key: "Backup", value: name },
  schedule: "cron(0 0 1 1 ? 2199)",
  retain: { age: `${HOURS_KEPT}h` },
});
/** The second selects nothing: a DR stack is there, and reads its own region only for that. */
const CONFIG = {
  // What else begins, by events or the tick, is not what is measured: in the sandbox it would take the same processors. On AWS
  // they are others.
  "lockstep:batchSeconds": 300,
  "lockstep:policies": [
    { ...base(POLICY), copy: [] },
    { ...base("copied"), copy: [{ region: DR, retain: { count: 1 } }] },
  ],
};

/** A point of each of 1,000 instances, and the oldest point of each expired, by Lockstep as deployed and by Cloud Custodian. */
export async function scaleRows(): Promise<Row[]> {
  const t = await Harness.start();
  try {
    const outcome = await up({ env: "default", target: "sandbox", workload: false, config: CONFIG }, t.deps);
    if (outcome.ending !== "done") throw new Error(outcome.text);
    await atRest(t);
    // AWS's limit of 100 is not what is measured; it would hold up both alike. Snapshots take minutes, as they do on AWS.
    await t.request("POST", "settings", { ec2: { pendingSnapshots: 1_000_000, snapshotMillis: 600_000 } });
    await Promise.all([stopTick(t, "primary", PRIMARY), stopTick(t, "dr", DR)]);
    for (const region of [PRIMARY, THEIRS]) await timed(`estate in ${region}`, () => plantEstate(t, region));
    // The other first: what a run of ours leads to would take processors from it.
    const theirs = await custodian(t);
    const ours = await lockstep(t);
    return rows(ours, theirs);
  } finally {
    await t.stop();
  }
}

interface Measured {
  readonly seconds: number;
  readonly lists: number;
  readonly changes: number;
}

interface Ours extends Measured {
  readonly payloadKb: number;
}

function rows(ours: Ours, theirs: Measured): Row[] {
  const what = `${INSTANCES.toLocaleString("en")} instances, ${(FLOOR - 1).toFixed(0)},000 snapshots`;
  const made = INSTANCES + INSTANCES * DEVICES;
  return [
    {
      what: `${what}: list calls of a run`,
      measured: ours.lists,
      unit: "calls",
      goal: Math.floor(FLOOR * 1.2),
      beside: `floor ${FLOOR}, Custodian ${theirs.lists}`,
    },
    {
      what: `${what}: calls that change something`,
      measured: ours.changes,
      unit: "calls",
      goal: made,
      beside: `Custodian ${theirs.changes}`,
    },
    { what: `${what}: largest payload of a state`, measured: ours.payloadKb, unit: "kB", goal: PAYLOAD_KB },
    {
      what: `${what}: a run`,
      measured: ours.seconds,
      unit: "s",
      beside: `Custodian ${theirs.seconds.toFixed(1)} s`,
    },
    { what: `${what}: a run, over Custodian`, measured: ours.seconds / theirs.seconds, unit: "x", goal: 0.7 },
  ];
}

/** From the request until the run that it started is recorded. */
async function lockstep(t: Harness): Promise<Ours> {
  const before = await counts(t, `${DEPLOYMENT}-primary-`);
  const began = Date.now();
  const estate = await t.estate();
  await estate.trigger({ policy: POLICY });
  const ledger = t.ledger("primary");
  while ((await ledger.state()).lastRun < began) await pause(100);
  const seconds = (Date.now() - began) / 1000;
  const after = await counts(t, `${DEPLOYMENT}-primary-`);
  console.error(`a run of Lockstep: ${seconds.toFixed(1)} s`);
  const payloadKb = (await largestPayload(t)) / 1024;
  return { seconds, lists: after.lists - before.lists, changes: after.changes - before.changes, payloadKb };
}

async function custodian(t: Harness): Promise<Measured> {
  const python = process.env["LOCKSTEP_CUSTODIAN_PYTHON"];
  if (python === undefined) throw new Error("LOCKSTEP_CUSTODIAN_PYTHON is missing: start it with npm run bench");
  const folder = await mkdtemp(join(tmpdir(), "lockstep-custodian-"));
  const env = { ...process.env, ...t.variables, AWS_ACCESS_KEY_ID: "custodian", AWS_DEFAULT_REGION: THEIRS };
  const options = ["--region", THEIRS, "--cache-period", "0", "--output-dir", folder];
  try {
    const args = ["-m", "c7n.cli", "run", ...options, join(__dirname, "custodian.yml")];
    const { seconds } = await timed("Cloud Custodian", () => ended(python, args, env));
    return { seconds, ...(await counts(t, "custodian")) };
  } finally {
    await rm(folder, { recursive: true, force: true });
  }
}

/** Not synchronous: this process has no part in what it measures, and keeps listening. */
function ended(program: string, args: readonly string[], env: NodeJS.ProcessEnv): Promise<void> {
  return new Promise((resolve, reject) => {
    const child = spawn(program, args, { env, stdio: ["ignore", "inherit", "inherit"] });
    child.once("error", reject);
    child.once("close", (code) => (code === 0 ? resolve() : reject(new Error(`Custodian ended with ${code}`))));
  });
}

async function counts(t: Harness, caller: string): Promise<{ readonly lists: number; readonly changes: number }> {
  const all = await t.admin.calls();
  const mine = all.filter((row) => row.service === "ec2" && row.caller.startsWith(caller));
  const sum = (rows: readonly CallCount[]) => rows.reduce((total, { count }) => total + count, 0);
  const lists = mine.filter(({ action }) => action.startsWith("Describe"));
  return { lists: sum(lists), changes: sum(mine) - sum(lists) };
}

async function stopTick(t: Harness, role: "primary" | "dr", region: string): Promise<void> {
  const client = t.client(SchedulerClient, region);
  const { Name, ScheduleExpression, FlexibleTimeWindow, Target } = await client.send(
    new GetScheduleCommand({ Name: names(DEPLOYMENT, role).tickSchedule }),
  );
  const same = { Name, ScheduleExpression, FlexibleTimeWindow, Target };
  await client.send(new UpdateScheduleCommand({ ...same, State: "DISABLED" }));
  client.destroy();
}

/** Until the controllers rest and nothing is in flight. */
async function atRest(t: Harness): Promise<void> {
  const estate = await t.estate();
  for (let quiet = 0; quiet < 3; ) {
    await pause(1000);
    quiet = (await estate.busy()).length === 0 ? quiet + 1 : 0;
  }
}
