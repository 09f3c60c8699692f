import {
  CreateTagsCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { readSettings } from "../../../core/config/settings.js";
import type { Action, Memory, Settings } from "../../../core/model/model.js";
import { runKeys, type Verb } from "../../../core/names/names.js";
import { planAll } from "../../../core/planner/planner.js";
import { makeDelete } from "../../../functions/delete/delete.js";
import { surveyAll } from "../../../functions/lib/survey.js";
import { makeMake } from "../../../functions/make/make.js";
import { ebsBackend } from "../../../kinds/ebs/aws/backend.js";
import { RULES } from "../../../kinds/rules.js";
import { type Ec2Harness, given, startEc2 } from "../../sandbox/ec2/harness.js";
import { LONG, RUN, setUpExecutor } from "../executors.js";
import type { MemoryBucket } from "../fakes.js";

export const EAST = "us-east-1";
export const WEST = "us-west-2";
export const NORTH = "eu-north-1";
export const MINUTE = 60_000;

interface Stack {
  readonly deployment?: string;
  readonly role?: "primary" | "dr";
  readonly region?: string;
  readonly peers?: readonly string[];
  readonly policies: readonly object[];
}

/** Settings as the config of a stack gives them. */
export const stack = ({ deployment = "acme", role = "primary", region = EAST, peers = [WEST], policies }: Stack) =>
  readSettings({ deployment, role, region, peers, policies }, RULES);

/** A policy that is due each minute and keeps one point. */
export const often = { name: "often", select: { key: "Backup" }, schedule: "rate(1 minute)", retain: { count: 1 } };
export const intoWest = { copy: [{ region: WEST, retain: { count: 1 } }] };

export const tagsOf = (snapshot: Snapshot): Record<string, string> =>
  Object.fromEntries((snapshot.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** The points that snapshots belong to. */
export const pointsOf = (snapshots: readonly Snapshot[]): Set<string | undefined> =>
  new Set(snapshots.map((one) => tagsOf(one)["lockstep:point"]));

/** Survey, planner and executors as the functions run them, on an EC2 with AWS's rules; only the state machine is left out. */
export class Cycle {
  readonly ec2: Ec2Harness;
  /** What the ledger would remember. */
  memory: Memory = { announced: [] };

  private constructor(ec2: Ec2Harness) {
    this.ec2 = ec2;
  }

  static async start(): Promise<Cycle> {
    return new Cycle(await startEc2({ snapshotMillis: 1000, copyMillis: 1000 }));
  }

  stop(): Promise<void> {
    return this.ec2.stop();
  }

  /** An instance that policies select, with a boot and two data volumes, by device. */
  async launch(
    region: string,
    over: Partial<RunInstancesCommandInput> = {},
  ): Promise<{ id: string; volumes: ReadonlyMap<string, string> }> {
    const client = this.ec2.client(region);
    const made = await client.send(
      new RunInstancesCommand({
        ImageId: "ami-0123456789abcdef0",
        MinCount: 1,
        MaxCount: 1,
        BlockDeviceMappings: ["/dev/sdf", "/dev/sdg"].map((DeviceName) => ({ DeviceName, Ebs: { VolumeSize: 1 } })),
        TagSpecifications: [{ ResourceType: "instance", Tags: [{ Key: "Backup", Value: "often" }] }],
        ...over,
      }),
    );
    const id = given(made.Instances?.[0]?.InstanceId);
    this.ec2.advance(10 * MINUTE);
    const Filters = [{ Name: "attachment.instance-id", Values: [id] }];
    const seen = await client.send(new DescribeVolumesCommand({ Filters }));
    const byDevice = (seen.Volumes ?? []).map(
      ({ VolumeId, Attachments }) => [given(Attachments?.[0]?.Device), given(VolumeId)] as const,
    );
    return { id, volumes: new Map(byDevice) };
  }

  async tag(resource: string, tags: Record<string, string>): Promise<void> {
    const Tags = Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));
    await this.ec2.client(EAST).send(new CreateTagsCommand({ Resources: [resource], Tags }));
  }

  async planOf(settings: Settings): Promise<Action[]> {
    const args = { backends: { ebs: this.#backend(settings.region) }, requests: [], now: this.ec2.now() };
    return planAll(await surveyAll({ ...args, settings, memory: this.memory, rules: RULES }), RULES);
  }

  /** What one controller does of its plan but for deletes; `maps` is the bucket of the peer, where a DR controller looks. */
  async reconcile(settings: Settings, maps?: MemoryBucket) {
    const actions = await this.planOf(settings);
    const verb = settings.role === "primary" ? "create" : "copy";
    const { done, bucket } = await this.#carryOut(verb, actions, settings, maps);
    this.ec2.advance(2000);
    return { actions, bucket, done };
  }

  /** The rest of what a controller does: finishes what is there, and deletes. */
  async tidy(settings: Settings): Promise<Action[]> {
    const actions = await this.planOf(settings);
    for (const verb of ["finalize", "delete"] as const) await this.#carryOut(verb, actions, settings);
    return actions;
  }

  async #carryOut(verb: Verb, actions: readonly Action[], settings: Settings, maps?: MemoryBucket) {
    const own = actions.filter((action) => action.do === verb && action.region === settings.region);
    const { base } = await setUpExecutor(verb, settings.region, own);
    const backend = this.#backend(settings.region);
    const deps = { ...base, backendOf: () => backend, settings: async () => settings, peerBucket: () => given(maps) };
    const carryOut = verb === "delete" ? makeDelete(deps) : makeMake(deps);
    const { done, failed } = await carryOut({ runId: RUN, offset: 0, do: verb }, LONG);
    expect(failed, JSON.stringify(await base.bucket.readLines(runKeys(RUN).results(verb, 0)))).to.equal(0);
    return { done, bucket: base.bucket };
  }

  #backend(region: string) {
    const client = (where: string) => this.ec2.client(where);
    return ebsBackend({ region, reading: client, creating: client(region) });
  }

  async snapshotsIn(region: string): Promise<Snapshot[]> {
    const client = this.ec2.client(region);
    return given((await client.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }))).Snapshots);
  }
}
