import {
  DescribeLockedSnapshotsCommand,
  type EC2Client,
  type Image,
  type Instance,
  type LockedSnapshotsInfo,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  type Snapshot,
  type Volume,
} from "@aws-sdk/client-ec2";
import type { Settings } from "../../core/model.js";
import { TAG } from "../../core/tags.js";

type Read<T> = (region: string, abort: AbortSignal) => Promise<readonly T[]>;

/** Lists of EC2, each read whole, over all its pages, and in one survey once for each region. */
export interface Lists {
  /** Snapshots of the own deployment. */
  readonly ours: Read<Snapshot>;
  /** Unfinished snapshots, whoever started them. */
  readonly pending: Read<Snapshot>;
  readonly images: Read<Image>;
  readonly locks: Read<LockedSnapshotsInfo>;
  readonly instances: Read<Instance>;
  readonly volumes: Read<Volume>;
}

export function makeLists(ec2: (region: string) => EC2Client, { deployment }: Settings): Lists {
  return {
    ours: once(ec2, readSnapshots([{ Name: `tag:${TAG.deployment}`, Values: [deployment] }])),
    pending: once(ec2, readSnapshots([{ Name: "status", Values: ["pending"] }])),
    images: once(ec2, readImages),
    locks: once(ec2, readLocks),
    instances: once(ec2, readInstances),
    volumes: once(ec2, readVolumes),
  };
}

type ReadAll<T> = (client: EC2Client, abortSignal: AbortSignal) => Promise<readonly T[]>;

function once<T>(ec2: (region: string) => EC2Client, read: ReadAll<T>): Read<T> {
  const known = new Map<string, Promise<readonly T[]>>();
  return (region, abort) => {
    const found = known.get(region) ?? read(ec2(region), abort);
    known.set(region, found);
    return found;
  };
}

type Filters = { Name: string; Values: string[] }[];

const readSnapshots =
  (Filters: Filters): ReadAll<Snapshot> =>
  async (client, abortSignal) => {
    const input = { OwnerIds: ["self"], MaxResults: 1000, Filters };
    const found: Snapshot[] = [];
    for await (const page of paginateDescribeSnapshots({ client }, input, { abortSignal })) {
      found.push(...(page.Snapshots ?? []));
    }
    return found;
  };

/**
 * AWS refuses to delete a snapshot that an AMI uses (EBS user guide, "Delete an Amazon EBS snapshot"), also while that is
 * disabled. An owner's deprecated AMIs come without being asked for (EC2 API reference, DescribeImages).
 */
const readImages: ReadAll<Image> = async (client, abortSignal) => {
  const input = { Owners: ["self"], IncludeDisabled: true, MaxResults: 1000 };
  const found: Image[] = [];
  for await (const page of paginateDescribeImages({ client }, input, { abortSignal })) {
    found.push(...(page.Images ?? []));
  }
  return found;
};

/** The locks that hold: what AWS would refuse to delete is known before any snapshot of its set goes. The SDK has no paginator for it. */
const readLocks: ReadAll<LockedSnapshotsInfo> = async (client, abortSignal) => {
  const Filters = [{ Name: "lock-state", Values: ["governance", "compliance", "compliance-cooloff"] }];
  const found: LockedSnapshotsInfo[] = [];
  let NextToken: string | undefined;
  do {
    const command = new DescribeLockedSnapshotsCommand({ Filters, MaxResults: 1000, ...(NextToken && { NextToken }) });
    const page = await client.send(command, { abortSignal });
    found.push(...(page.Snapshots ?? []));
    NextToken = page.NextToken;
  } while (NextToken);
  return found;
};

const readInstances: ReadAll<Instance> = async (client, abortSignal) => {
  const alive = ["pending", "running", "stopping", "stopped"];
  const input = { MaxResults: 1000, Filters: [{ Name: "instance-state-name", Values: alive }] };
  const found: Instance[] = [];
  for await (const page of paginateDescribeInstances({ client }, input, { abortSignal })) {
    for (const reservation of page.Reservations ?? []) found.push(...(reservation.Instances ?? []));
  }
  return found;
};

/** Those that have data: neither being made, nor going away, nor broken. Also without a policy for them: they may have had one. */
const readVolumes: ReadAll<Volume> = async (client, abortSignal) => {
  const input = { MaxResults: 500, Filters: [{ Name: "status", Values: ["available", "in-use"] }] };
  const found: Volume[] = [];
  for await (const page of paginateDescribeVolumes({ client }, input, { abortSignal })) {
    found.push(...(page.Volumes ?? []));
  }
  return found;
};
