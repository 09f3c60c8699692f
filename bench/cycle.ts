import { execFileSync } from "node:child_process";
import { join } from "node:path";
import { setTimeout as pause } from "node:timers/promises";
import { GetQueueAttributesCommand, GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { up } from "../automation/commands/up.js";
import { names } from "../core/names/names.js";
import type { CallCount } from "../demo/admin.js";
import { DEPLOYMENT, DR, Harness, PRIMARY, until } from "../test/e2e/harness.js";
import { type Fleet, runFleet } from "./fleet.js";
import { type Row, timed } from "./table.js";

/** The script's regions: not ours, so that neither sees what the other made. */
const LOOP = { home: "eu-central-1", away: "eu-west-1" };
const POINTS = 10;
const KEEP = 3;
/** What takes longer hangs. */
const DEADLINE_MS = 5 * 60_000;
/** The fewest calls that can change so much. Lists cost nothing: each is read once in a run. */
const FLOOR = { create: 50, expire: 70, copy: 120 };

type Work = keyof typeof FLOOR;

const FLEETS: Readonly<Record<Work, Omit<Fleet, "region" | "backup">>> = {
  create: { instances: 50, volumes: 2 },
  expire: { instances: 10, volumes: 1 },
  copy: { instances: 40, volumes: 3 },
};
const TITLES: Readonly<Record<Work, string>> = {
  create: "create and tag 100 snapshots of 50 instances",
  expire: "expire 70 of 100",
  copy: "copy 120",
};

interface Measured {
  readonly calls: number;
  /** Of them, those that change something. */
  readonly changes: number;
  readonly seconds: number;
}

/** A policy for each kind of work, never due by itself. */
const config = (expireTo: number) => ({
  // Each of the seven rounds of copies waits for its batch of events: with the default of 20 that would be most of the time.
  "lockstep:batchSeconds": 5,
  "lockstep:policies": (Object.keys(FLEETS) as Work[]).map((name) => ({
    name,
    select: { key: "Backup", value: name },
    schedule: "cron(0 0 1 1 ? 2199)",
    retain: { count: name === "expire" ? expireTo : POINTS },
    copy: name === "copy" ? [{ region: DR, retain: { count: POINTS } }] : [],
  })),
});

/** EC2 calls and time of whole cycles, as deployed, and of a script that does the same. */
export async function cycleRows(): Promise<Row[]> {
  const t = await Harness.start();
  try {
    await deploy(t, POINTS);
    const ours = { create: await create(t), copy: await copy(t), expire: await expire(t) };
    const script = await scriptsWork(t);
    return (Object.keys(FLOOR) as Work[]).flatMap((work) => rowsOf(work, ours[work], script[work]));
  } finally {
    await t.stop();
  }
}

function rowsOf(work: Work, ours: Measured, script: Measured): Row[] {
  const title = TITLES[work];
  const lists = `${ours.calls - ours.changes} pages of lists, script ${script.calls - script.changes}`;
  const beside = `script ${script.changes}; ${lists}`;
  return [
    {
      what: `${title}: EC2 calls that change something`,
      measured: ours.changes,
      unit: "calls",
      goal: FLOOR[work],
      beside,
    },
    { what: `${title}: time`, measured: ours.seconds, unit: "s", beside: `script ${script.seconds.toFixed(1)} s` },
  ];
}

async function deploy(t: Harness, expireTo: number): Promise<void> {
  const outcome = await up({ env: "default", target: "sandbox", workload: false, config: config(expireTo) }, t.deps);
  if (outcome.ending !== "done") throw new Error(outcome.text);
}

async function run(t: Harness, work: Work): Promise<void> {
  const outcome = await t.command(`run --policy ${work} --wait --timeout 600`);
  if (outcome.ending !== "done") throw new Error(outcome.text);
}

async function runToRest(t: Harness, work: Work): Promise<void> {
  await run(t, work);
  await atRest(t);
}

/** Until no event waits any more and the runs that they made are over. */
async function atRest(t: Harness): Promise<void> {
  const waiting = async (role: "primary" | "dr") => {
    const sqs = t.client(SQSClient, role === "primary" ? PRIMARY : DR);
    const { QueueUrl } = await sqs.send(new GetQueueUrlCommand({ QueueName: names(DEPLOYMENT, role).events }));
    const { Attributes = {} } = await sqs.send(new GetQueueAttributesCommand({ QueueUrl, AttributeNames: ["All"] }));
    const { ApproximateNumberOfMessages: there, ApproximateNumberOfMessagesNotVisible: taken } = Attributes;
    return Number(there) + Number(taken) > 0;
  };
  const estate = await t.estate();
  await until("rest", DEADLINE_MS, async () => {
    if ((await waiting("primary")) || (await waiting("dr"))) return ["events wait"];
    return estate.busy();
  });
}

/** EC2 calls by those whose name begins so, in these regions. */
async function counted(t: Harness, caller: string, work: () => Promise<void>): Promise<Measured> {
  const before = await t.admin.calls();
  const { seconds } = await timed(`work of ${caller}`, work);
  const after = await t.admin.calls();
  const total = (rows: readonly CallCount[], action: RegExp) =>
    rows
      .filter((row) => row.service === "ec2" && row.caller.startsWith(caller) && action.test(row.action))
      .reduce((sum, { count }) => sum + count, 0);
  const calls = (action: RegExp) => total(after, action) - total(before, action);
  const measured = { calls: calls(/./), changes: calls(/^(?!Describe)/), seconds };
  console.error(`${caller} ${JSON.stringify(measured)}`);
  return measured;
}

const begin = (work: Work): void => console.error(`cycle: ${TITLES[work]}`);

async function create(t: Harness): Promise<Measured> {
  begin("create");
  await runFleet({ ...FLEETS.create, region: PRIMARY, backup: "create" }, t.variables);
  return counted(t, `${DEPLOYMENT}-primary-`, () => runToRest(t, "create"));
}

async function copy(t: Harness): Promise<Measured> {
  begin("copy");
  await runFleet({ ...FLEETS.copy, region: PRIMARY, backup: "copy" }, t.variables);
  return counted(t, `${DEPLOYMENT}-dr-`, () => runToRest(t, "copy"));
}

/** Points are made while the policy keeps them all; then it keeps fewer. */
async function expire(t: Harness): Promise<Measured> {
  begin("expire");
  await runFleet({ ...FLEETS.expire, region: PRIMARY, backup: "expire" }, t.variables);
  for (let i = 0; i < POINTS; i++) {
    await run(t, "expire");
    console.error(`cycle: ${i + 1} of ${POINTS} points to expire are made`);
  }
  await deploy(t, KEEP);
  await atRest(t);
  const left = async () => {
    const view = (await (await t.estate()).worlds())[0].regions[PRIMARY];
    return view?.complete ? view.points.filter(({ policy }) => policy === "expire").length : Number.NaN;
  };
  const wanted = FLEETS.expire.instances * KEEP;
  return counted(t, `${DEPLOYMENT}-primary-`, async () => {
    // As if the quarter of an hour had passed after which an idle controller looks again.
    await t.ledger("primary").writeState({ inFlight: {}, dueAt: {}, lastRun: 0 });
    await t.tick("primary");
    await until("what expires", DEADLINE_MS, async () => {
      const there = await left();
      return there === wanted ? (await t.estate()).busy() : [`${there} points are left, not ${wanted}`];
    });
  });
}

async function scriptsWork(t: Harness): Promise<Record<Work, Measured>> {
  console.error("cycle: the script does the same");
  const python = process.env["LOCKSTEP_OUTSIDE_PYTHON"];
  if (python === undefined) throw new Error("LOCKSTEP_OUTSIDE_PYTHON is missing: start it with npm run bench");
  const env = { ...process.env, ...t.variables, AWS_ACCESS_KEY_ID: "loop", PYTHONDONTWRITEBYTECODE: "1" };
  let seconds = 0;
  const script = (...args: string[]) => {
    seconds = Number(execFileSync(python, [join(__dirname, "loop.py"), ...args], { env, encoding: "utf8" }));
  };
  const measured = async (...args: string[]): Promise<Measured> => {
    const { calls, changes } = await counted(t, "loop", async () => script(...args));
    return { calls, changes, seconds };
  };
  await runFleet({ ...FLEETS.create, region: LOOP.home, backup: "loop" }, t.variables);
  const created = await measured("create", LOOP.home);
  // Only to prepare: AWS's limit of 100 is for what is measured.
  await setPendingSnapshots(t, 1_000);
  // 120 snapshots to copy, and 100 of which 70 are too old, each in regions of their own.
  await runFleet({ ...FLEETS.copy, region: "sa-east-1", backup: "loop" }, t.variables);
  script("create", "sa-east-1");
  await settled();
  const copied = await measured("copy", LOOP.away, "sa-east-1");
  await runFleet({ ...FLEETS.expire, region: "ap-south-1", backup: "loop" }, t.variables);
  for (let i = 0; i < POINTS; i++) {
    script("create", "ap-south-1");
    await settled();
  }
  return { create: created, copy: copied, expire: await measured("expire", "ap-south-1") };
}

async function setPendingSnapshots(t: Harness, pendingSnapshots: number): Promise<void> {
  const url = `${t.variables["AWS_ENDPOINT_URL"]}/_lockstep/settings`;
  const answer = await fetch(url, { method: "POST", body: JSON.stringify({ ec2: { pendingSnapshots } }) });
  if (!answer.ok) throw new Error(`${url}: ${answer.status} ${await answer.text()}`);
}
/** Longer than a snapshot takes. */
const settled = () => pause(1_500);
