import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  RunInstancesCommand,
  type RunInstancesCommandInput,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { readSettings } from "../../core/config/settings.js";
import type { Action, Memory, Settings } from "../../core/model/model.js";
import { type HandName, runKeys } from "../../core/names/names.js";
import { planAll } from "../../core/planner/planner.js";
import { makeCopy } from "../../functions/copy/copy.js";
import { copySnapshotInput } from "../../functions/copy/request.js";
import { makeCreate } from "../../functions/create/create.js";
import { createSnapshotInput, createSnapshotsInput } from "../../functions/create/request.js";
import { makeFinalize } from "../../functions/execute/finalize.js";
import { idsOf } from "../../functions/lib/describe.js";
import { makePutLock, makePutTags } from "../../functions/lib/locking.js";
import { makeLookup } from "../../functions/lib/lookup.js";
import { surveyWorld } from "../../functions/lib/survey.js";
import { makePrune } from "../../functions/prune/prune.js";
import { type Ec2Harness, given, startEc2 } from "../sandbox/ec2-harness.js";
import type { MemoryBucket } from "./fakes.js";
import { LONG, RUN, setUpHand } from "./hands.js";

export const EAST = "us-east-1";
export const WEST = "us-west-2";
export const NORTH = "eu-north-1";
export const MINUTE = 60_000;
const event = { runId: RUN, offset: 0 };

interface Stack {
  readonly deployment?: string;
  readonly role?: "primary" | "dr";
  readonly region?: string;
  readonly peers?: readonly string[];
  readonly policies: readonly object[];
}

/** Settings as the config of a stack gives them. */
export const stack = ({ deployment = "acme", role = "primary", region = EAST, peers = [WEST], policies }: Stack) =>
  readSettings({ deployment, role, region, peers, policies });

/** A policy that is due each minute and keeps one point. */
export const often = { name: "often", select: { key: "Backup" }, schedule: "rate(1 minute)", retain: { count: 1 } };
export const intoWest = { copy: [{ region: WEST, retain: { count: 1 } }] };

export const tagsOf = (snapshot: Snapshot): Record<string, string> =>
  Object.fromEntries((snapshot.Tags ?? []).map(({ Key = "", Value = "" }) => [Key, Value]));

/** The points that snapshots belong to. */
export const pointsOf = (snapshots: readonly Snapshot[]): Set<string | undefined> =>
  new Set(snapshots.map((one) => tagsOf(one)["lockstep:point"]));

/** Survey, planner and hands as the functions run them, on an EC2 with AWS's rules; only the state machine is left out. */
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
    const args = { ec2: (region: string) => this.ec2.client(region), requests: [], now: this.ec2.now() };
    return planAll(
      await surveyWorld({ ...args, settings, memory: this.memory, limits: { copySlots: 20, copyReserve: 2 } }),
    );
  }

  /** What one controller does of its plan but for deletes; `maps` is the bucket of the peer, where a DR controller looks. */
  async reconcile(settings: Settings, maps?: MemoryBucket) {
    const actions = await this.planOf(settings);
    const hand = settings.role === "primary" ? "create" : "copy";
    const { done, bucket } = await this.#carryOut(hand, actions, settings, (deps) =>
      hand === "create" ? this.#create(settings.region, deps) : this.#copy(settings.region, deps, maps),
    );
    this.ec2.advance(2000);
    return { actions, bucket, done };
  }

  /** The rest of what a controller does: finishes what is there, and deletes. */
  async tidy(settings: Settings): Promise<Action[]> {
    const actions = await this.planOf(settings);
    const client = this.ec2.client(settings.region);
    await this.#carryOut("finalize", actions, settings, (deps) => makeFinalize(deps));
    await this.#carryOut("delete", actions, settings, (deps) => {
      const deleteSnapshot = async (SnapshotId: string): Promise<void> => {
        await client.send(new DeleteSnapshotCommand({ SnapshotId }));
      };
      return makePrune({ ...deps, deleteSnapshot });
    });
    return actions;
  }

  async #carryOut(hand: HandName, actions: readonly Action[], settings: Settings, make: (deps: HandParts) => Hand) {
    const own = actions.filter((action) => action.do === hand && action.region === settings.region);
    const parts = await setUpHand(hand, settings.region, own);
    const client = this.ec2.client(settings.region);
    const lookup = makeLookup(client, settings);
    const putLock = makePutLock(client);
    const putTags = makePutTags(client);
    const { done, failed } = await make({ ...parts.base, lookup, putLock, putTags, settings: async () => settings })(
      event,
      LONG,
    );
    expect(failed, JSON.stringify(await parts.bucket.readLines(runKeys(RUN).results(hand, 0)))).to.equal(0);
    return { done, bucket: parts.bucket };
  }

  #create(region: string, deps: HandParts) {
    const client = this.ec2.client(region);
    return makeCreate({
      ...deps,
      createSnapshots: async (action, tags) => {
        if (action.kind === "volume") {
          return idsOf([await client.send(new CreateSnapshotCommand(createSnapshotInput(action, tags)))]);
        }
        return idsOf((await client.send(new CreateSnapshotsCommand(createSnapshotsInput(action, tags)))).Snapshots);
      },
    });
  }

  #copy(region: string, deps: HandParts, maps: MemoryBucket | undefined) {
    const client = this.ec2.client(region);
    return makeCopy({
      ...deps,
      peerBucket: () => given(maps),
      copySnapshot: async (action, tags) =>
        idsOf([await client.send(new CopySnapshotCommand(copySnapshotInput(action, tags)))]),
    });
  }

  async snapshotsIn(region: string): Promise<Snapshot[]> {
    const client = this.ec2.client(region);
    return given((await client.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }))).Snapshots);
  }
}

type Hand = ReturnType<typeof makeFinalize>;
type HandParts = Awaited<ReturnType<typeof setUpHand>>["base"] & { readonly settings: () => Promise<Settings> };
