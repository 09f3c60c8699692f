import type { EC2Client, Instance, Snapshot, Volume } from "@aws-sdk/client-ec2";
import { change } from "../../cloud/changes.js";
import { actionOf, type Command, clientIn } from "../../cloud/client.js";
import { describeIn, type Region } from "../../cloud/describe.js";
import { awsError, throttled, unreachable } from "../../cloud/errors.js";
import { ec2Tags, imagesOf, locksOf, snapshotOf } from "../../cloud/shown.js";
import type { Cloud } from "../world/cloud.js";
import { tagsOf } from "../world/machines.js";
import { isListed, type Run } from "../world/snap.js";
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

/** A client whose calls go through the weather to the model. */
export const ec2Client = (asking: Asking): EC2Client => clientIn(asking.region, (command) => answer(asking, command));

async function answer(asking: Asking, command: Command): Promise<unknown> {
  const action = actionOf(command);
  const { cloud, invocation, run, region } = asking;
  const { weather } = cloud;
  const isRead = action.startsWith("Describe");
  const creates = /^(Create|Copy)Snapshots?$/.test(action);
  for (let attempt = 1; ; attempt++) {
    try {
      return await invocation.call(isRead ? "asked" : creates ? "once" : "again", () => {
        if (!isRead) return change(cloud.at(run, region), command);
        if (!weather.reaches(run.stack.name, region)) throw unreachable(region);
        const page = `${action} ${invocation.id} ${cloud.engine.now}`;
        if (weather.throttles(region, page)) throw throttled();
        if (weather.failsPage(run.stack.name, region, page)) throw awsError("InternalError", "an internal error", 500);
        return describeIn(shown(cloud, region), command, PAGE);
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

/** What Describe shows of a region now. */
const shown = (cloud: Cloud, region: string): Region => ({
  snapshots: () => listed(cloud, region),
  images: () => imagesOf(cloud.in(region).values()),
  locks: () => locksOf(cloud.in(region).values(), cloud.engine.now),
  instances: () => instancesIn(cloud, region),
  volumes: () => volumesIn(cloud, region),
});

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
