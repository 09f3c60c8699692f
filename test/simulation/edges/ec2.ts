import type {
  BlockDeviceMapping,
  EC2Client,
  Image,
  Instance,
  LockedSnapshotsInfo,
  Snapshot,
  Tag,
  Volume,
} from "@aws-sdk/client-ec2";
import { TAG, TAG_NAMES } from "../../../core/names/tags.js";
import { ec2Tags } from "../../../functions/lib/describe.js";
import { clientIn } from "../../cloud/client.js";
import { describeIn, type Input, type Region } from "../../cloud/describe.js";
import type { Cloud } from "../world/cloud.js";
import { awsError, throttled, unreachable } from "../world/errors.js";
import { tagsOf } from "../world/machines.js";
import { isListed, isLocked, type Run, type Snap, type Tags } from "../world/snap.js";
import type { Invocation } from "./invocation.js";

/** What the model of EC2 is asked with, and for whom. */
interface Asking {
  readonly cloud: Cloud;
  readonly run: Run;
  readonly region: string;
  readonly invocation: Invocation;
  /** A survey that misses a page knows only a part of the region. */
  readonly isSurvey: boolean;
}

/** Pages are short, so that there are several. */
const PAGE = 40;
/** The SDK tries so often. */
const ATTEMPTS = 6;

/** A client whose calls go to the model. */
export const ec2Client = (asking: Asking): EC2Client =>
  clientIn(asking.region, (action, input) => answer(asking, action, input));

async function answer(asking: Asking, action: string, input: Input): Promise<unknown> {
  const { cloud, invocation, run, region } = asking;
  const { weather } = cloud;
  const isRead = action.startsWith("Describe");
  const creates = /^(Create|Copy)Snapshots?$/.test(action);
  for (let attempt = 1; ; attempt++) {
    try {
      return await invocation.call(isRead ? "asked" : creates ? "once" : "again", () => {
        if (!isRead) return change(asking, action, input);
        if (!weather.reaches(run.stack.name, region)) throw unreachable(region);
        const page = `${action} ${invocation.id} ${cloud.engine.now}`;
        if (weather.throttles(region, page)) throw throttled();
        if (weather.failsPage(run.stack.name, region, page)) throw awsError("InternalError", "an internal error", 500);
        return describeIn(shown(cloud, region), action, input, PAGE);
      });
    } catch (error) {
      const isThrottled = error instanceof Error && error.name === "RequestLimitExceeded";
      const isRetried = isThrottled || (!creates && error instanceof Error && error.name === "InternalError");
      if (!isRetried || attempt >= ATTEMPTS) {
        if (isRead && asking.isSurvey) run.unknown.add(region);
        throw error;
      }
      await invocation.pause(100 * 2 ** attempt);
    }
  }
}

function change({ cloud, run, region }: Asking, action: string, input: Input): unknown {
  switch (action) {
    case "CreateSnapshots": {
      const { InstanceId, ExcludeBootVolume, ExcludeDataVolumeIds } = input["InstanceSpecification"] as {
        InstanceId: string;
        ExcludeBootVolume?: boolean;
        ExcludeDataVolumeIds?: string[];
      };
      const excluded = { boot: ExcludeBootVolume ?? false, volumes: ExcludeDataVolumeIds ?? [] };
      const made = cloud.createSet(run, region, { resource: InstanceId, excluded, tags: tagsIn(input) });
      return { Snapshots: made.map(({ id }) => ({ SnapshotId: id })) };
    }
    case "CreateSnapshot": {
      const excluded = { boot: false, volumes: [] };
      const [made] = cloud.createSet(run, region, {
        resource: String(input["VolumeId"]),
        excluded,
        tags: tagsIn(input),
      });
      return { SnapshotId: made?.id };
    }
    case "CopySnapshot": {
      const [from, snapshot] = [String(input["SourceRegion"]), String(input["SourceSnapshotId"])];
      return { SnapshotId: cloud.copy(run, region, { from, snapshot, tags: tagsIn(input) }).id };
    }
    case "DeleteSnapshot":
      cloud.delete(run, region, String(input["SnapshotId"]));
      return {};
    case "CreateTags": {
      const tags = Object.fromEntries((input["Tags"] as Tag[]).map(({ Key = "", Value = "" }) => [Key, Value]));
      for (const id of input["Resources"] as string[]) cloud.tag(run, region, id, tags);
      return {};
    }
    case "LockSnapshot":
      cloud.lock(run, region, String(input["SnapshotId"]), Number(input["LockDuration"]));
      return {};
    default:
      throw new Error(`the model of EC2 does not know ${action}`);
  }
}

const tagsIn = (input: Input): Tags => {
  const [specification] = input["TagSpecifications"] as { Tags: { Key: string; Value: string }[] }[];
  return Object.fromEntries((specification?.Tags ?? []).map(({ Key, Value }) => [Key, Value]));
};

/** What Describe shows of a region now. */
const shown = (cloud: Cloud, region: string): Region => ({
  snapshots: () => listed(cloud, region),
  images: () => imagesIn(cloud, region),
  locks: () => locksIn(cloud, region),
  instances: () => instancesIn(cloud, region),
  volumes: () => volumesIn(cloud, region),
});

const answers = new WeakMap<Snap, { readonly of: string; readonly answer: Snapshot }>();

/** The snapshots that Describe shows now, by id, and copies of others that are in progress. */
function listed(cloud: Cloud, region: string): Snapshot[] {
  const now = cloud.engine.now;
  const ours = [...cloud.in(region).values(), ...cloud.ghosts(region)].filter((snap) => isListed(snap, now));
  const others = Array.from({ length: cloud.weather.crowd(region) }, (_, i) => crowdOf(i));
  return [...ours.map(snapshotOf), ...others];
}

const crowdOf = (i: number): Snapshot => ({
  SnapshotId: `snap-crowd${i}`,
  State: "pending",
  StartTime: new Date(0),
  VolumeSize: 8,
  TransferType: "standard",
});

function snapshotOf(snap: Snap): Snapshot {
  const of = `${snap.state} ${snap.touchedAt} ${snap.tags[TAG.point] ?? ""} ${Object.hasOwn(snap.tags, TAG_NAMES.keepForever)}`;
  const known = answers.get(snap);
  if (known?.of === of) return known.answer;
  const answer: Snapshot = {
    SnapshotId: snap.id,
    // AWS gives copies an arbitrary volume id (EC2 API reference, CopySnapshot).
    VolumeId: snap.source === undefined ? snap.volume : "vol-ffffffff",
    State: snap.state,
    StartTime: new Date(snap.startedAt),
    Progress: snap.state === "pending" ? "50%" : "100%",
    VolumeSize: snap.sizeGiB,
    Tags: ec2Tags(snap.tags),
    ...(snap.cause !== undefined && { StateMessage: snap.cause }),
    ...(snap.source !== undefined && { TransferType: "standard" as const }),
  };
  answers.set(snap, { of, answer });
  return answer;
}

/** Only governance is modelled: the planner makes no difference. */
function locksIn(cloud: Cloud, region: string): LockedSnapshotsInfo[] {
  return [...cloud.in(region).values()].flatMap((snap): LockedSnapshotsInfo[] => {
    if (!isLocked(snap, cloud.engine.now)) return [];
    const lock = { SnapshotId: snap.id, LockState: "governance" } as const;
    return [snap.state === "pending" ? lock : { ...lock, LockExpiresOn: new Date(snap.lockedUntil) }];
  });
}

function imagesIn(cloud: Cloud, region: string): Image[] {
  const images = new Map<string, BlockDeviceMapping[]>();
  for (const snap of cloud.in(region).values()) {
    for (const image of snap.images)
      images.set(image, [...(images.get(image) ?? []), { Ebs: { SnapshotId: snap.id } }]);
  }
  return [...images].map(([ImageId, BlockDeviceMappings]) => ({ ImageId, BlockDeviceMappings }));
}

function instancesIn(cloud: Cloud, region: string): Instance[] {
  const machines = [...cloud.machines.in(region)].filter(({ spec }) => spec.kind === "instance");
  return machines.map(({ spec, disks, ...machine }) => ({
    InstanceId: spec.id,
    RootDeviceName: "/dev/sda",
    BlockDeviceMappings: disks.map(({ id, device, createdAt }) => ({
      DeviceName: device,
      Ebs: { VolumeId: id, Status: "attached", AttachTime: new Date(createdAt) },
    })),
    Tags: ec2Tags(tagsOf({ spec, disks, ...machine })),
  }));
}

function volumesIn(cloud: Cloud, region: string): Volume[] {
  return [...cloud.machines.in(region)].flatMap(({ spec, disks, ...machine }) =>
    disks.map(
      ({ id, device, sizeGiB, createdAt }): Volume => ({
        VolumeId: id,
        Size: sizeGiB,
        CreateTime: new Date(createdAt),
        Tags: spec.kind === "volume" ? ec2Tags(tagsOf({ spec, disks, ...machine })) : [],
        Attachments: spec.kind === "volume" ? [] : [{ InstanceId: spec.id, Device: device, State: "attached" }],
      }),
    ),
  );
}
