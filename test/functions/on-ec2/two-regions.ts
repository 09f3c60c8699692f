import { DescribeSnapshotsCommand, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { readSettings } from "../../../core/config/settings.js";
import type { Settings } from "../../../core/model/model.js";
import { importersOf } from "../../../functions/adopt/importers.js";
import { makeTakeIn } from "../../../functions/adopt/take-in.js";
import { makeDelete } from "../../../functions/delete/delete.js";
import { surveyAll } from "../../../functions/lib/survey.js";
import { makeMake } from "../../../functions/make/make.js";
import { makePlan } from "../../../functions/plan/plan.js";
import { makeRecord } from "../../../functions/record/record.js";
import { makeClaims } from "../../../functions/store/claims.js";
import { makeLease } from "../../../functions/store/lease.js";
import { makeLedger } from "../../../functions/store/ledger.js";
import { makeWorkflows } from "../../../functions/store/workflows.js";
import { makeSurvey } from "../../../functions/survey/survey.js";
import { makeTrigger } from "../../../functions/trigger/trigger.js";
import { ebsBackend } from "../../../kinds/ebs/aws/backend.js";
import { takesIn } from "../../../kinds/ebs/take-in.js";
import { EVENTS } from "../../../kinds/events.js";
import { RULES } from "../../../kinds/rules.js";
import type { ServiceEvent } from "../../../sandbox/plane.js";
import { type Ec2Harness, given, startEc2 } from "../../sandbox/ec2/harness.js";
import { MemoryBucket, MemoryTable, memoryLog, NO_EXECUTIONS } from "../fakes.js";

export const EAST = "us-east-1";
export const WEST = "us-west-2";
export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
const LONG = { remainingMs: 300_000 };
const HOURLY = [
  {
    name: "hourly",
    select: { key: "Backup" },
    schedule: "rate(1 hour)",
    retain: { count: 1 },
    copy: [{ region: WEST, retain: { count: 1 } }],
  },
];

/** What comes out of a queue: the events as EventBridge wrote them, in messages. */
export const batchOf = (events: readonly ServiceEvent[]) => ({
  Records: events.map(({ source, region, detail }, i) => ({
    messageId: String(i),
    eventSource: "aws:sqs",
    body: JSON.stringify({ version: "0", source, region, detail }),
  })),
});

/** One stack: all its functions, with table and bucket in memory, on an EC2 with AWS's rules. */
export class Controller {
  readonly settings: Settings;
  readonly lease;
  readonly ledger;
  readonly bucket = new MemoryBucket();
  /** Executions that the trigger has asked for and that have not begun. */
  readonly asked: string[] = [];
  readonly trigger;
  readonly #takeIn;
  readonly #survey;
  readonly #plan;
  readonly #make;
  readonly #delete;
  readonly #record;
  #executions = 0;

  constructor(role: "primary" | "dr", ec2: Ec2Harness, peer: MemoryBucket, policies: readonly object[]) {
    const region = role === "primary" ? EAST : WEST;
    const peers = [role === "primary" ? WEST : EAST];
    const settings = readSettings({ deployment: "acme", role, region, peers, policies }, RULES);
    const table = new MemoryTable();
    const { bucket } = this;
    const [lease, ledger, now, log] = [makeLease(table), makeLedger(table), ec2.now, memoryLog()];
    const client = ec2.client(region);
    const backend = ebsBackend({ region, reading: ec2.client, creating: client });
    const backendOf = () => backend;
    const workflows = makeWorkflows(table, ec2.now);
    const common = { workflows, lease, ledger, bucket, log, now, region, backendOf, settings: async () => settings };
    this.settings = settings;
    this.lease = lease;
    this.ledger = ledger;
    const start = async () => this.asked[this.asked.push(`${role}-${++this.#executions}`) - 1] ?? "";
    this.trigger = makeTrigger({ ...common, events: EVENTS, role, start });
    const look = (args: Parameters<Parameters<typeof makeSurvey>[0]["look"]>[0]) =>
      surveyAll({ ...args, backends: { ebs: backend }, rules: RULES });
    const importers = importersOf({ ebs: backend });
    this.#takeIn = role === "primary" && takesIn(settings) ? makeTakeIn({ ...common, importers }) : undefined;
    this.#survey = makeSurvey({
      ...common,
      executions: NO_EXECUTIONS,
      kinds: () => ["ebs"],
      look,
      peerBuckets: () => [peer],
    });
    this.#plan = makePlan({ ...common, rules: RULES });
    const claims = makeClaims(table, (writes) => table.transact(writes));
    this.#make = makeMake({ ...common, claims, peerBucket: () => peer });
    this.#delete = makeDelete(common);
    const quiet = {
      publish: async () => undefined,
      repeatAfterMs: Number.POSITIVE_INFINITY,
      summary: false,
      emit: () => undefined,
    };
    this.#record = makeRecord({ ...common, ...quiet, rules: RULES, deployment: "acme", role, table });
  }

  /** All that the trigger asked for, at the same time, and then what that led to. */
  async runAll(): Promise<void> {
    while (this.asked.length > 0) await Promise.all(this.asked.splice(0).map((execution) => this.execute(execution)));
  }

  /** An execution of the state machine from its start to its end. */
  async execute(execution: string): Promise<void> {
    for (let round = 1; ; round++) {
      const took = await this.#takeIn?.({ execution }, LONG);
      const { held, runId } = await this.#survey({ execution });
      if (held) return;
      const plan = await this.#plan({ runId });
      if (plan.creates > 0) await this.#make({ runId, offset: 0, do: "create" }, LONG);
      if (plan.copies > 0) await this.#make({ runId, offset: 0, do: "copy" }, LONG);
      if (plan.deletes > 0) await this.#delete({ runId, offset: 0, do: "delete" }, LONG);
      if (!(await this.#record({ runId, round, plan, ...(took && { refused: took.refused }) })).again) return;
    }
  }
}

/** A primary and its DR region, whose events somebody has to carry. */
export class TwoRegions {
  readonly ec2: Ec2Harness;
  readonly primary: Controller;
  readonly dr: Controller;
  #carried = 0;

  private constructor(ec2: Ec2Harness, policies: readonly object[]) {
    this.ec2 = ec2;
    const peer = new MemoryBucket();
    this.primary = new Controller("primary", ec2, peer, policies);
    this.dr = new Controller("dr", ec2, this.primary.bucket, policies);
  }

  static async start(instances: number, policies: readonly object[] = HOURLY): Promise<TwoRegions> {
    const two = new TwoRegions(await startEc2({ snapshotMillis: 1000, copyMillis: 1500 }), policies);
    await two.ec2.client(EAST).send(
      new RunInstancesCommand({
        ImageId: "ami-0123456789abcdef0",
        MinCount: instances,
        MaxCount: instances,
        BlockDeviceMappings: [{ DeviceName: "/dev/sdf", Ebs: { VolumeSize: 1 } }],
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Backup", Value: "yes" }] }],
      }),
    );
    two.ec2.advance(MINUTE);
    return two;
  }

  stop(): Promise<void> {
    return this.ec2.stop();
  }

  get both(): readonly Controller[] {
    return [this.primary, this.dr];
  }

  /** Events since the last call. */
  news(): readonly ServiceEvent[] {
    const { events } = this.ec2;
    const fresh = events.slice(this.#carried);
    this.#carried = events.length;
    return fresh;
  }

  /** Events reach both queues, each as one batch, and what that starts runs to its end. */
  async deliver(events: readonly ServiceEvent[]): Promise<void> {
    for (const controller of this.both) {
      if (events.length > 0) await controller.trigger(batchOf(events));
      await controller.runAll();
    }
  }

  async tick(): Promise<void> {
    for (const controller of this.both) {
      await controller.trigger({ kind: "tick" });
      await controller.runAll();
    }
  }

  /** Time passes until the next full hour has begun, and the schedule has said so. */
  async nextHour(): Promise<void> {
    const hour = 60 * MINUTE;
    this.ec2.advance(hour - (this.ec2.now() % hour) + SECOND);
    await this.primary.trigger({ kind: "schedule", policy: "hourly" });
    await this.primary.runAll();
  }

  /** The snapshots of each region, by what they are of: volume, slot and state. */
  async inventory(): Promise<Record<string, string[]>> {
    const of = async (region: string) => {
      const { Snapshots } = await this.ec2.client(region).send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
      return given(Snapshots).map(({ Tags = [], State, VolumeId }) => {
        const tags = Object.fromEntries(Tags.map(({ Key = "", Value = "" }) => [Key, Value]));
        return `${tags["lockstep:volume"] ?? VolumeId} ${tags["lockstep:scheduled"]} ${State}`;
      });
    };
    return { [EAST]: (await of(EAST)).toSorted(), [WEST]: (await of(WEST)).toSorted() };
  }
}
