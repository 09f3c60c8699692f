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

/** What all pages of a list have. */
async function gather<P, T>(pages: AsyncIterable<P>, pick: (page: P) => readonly T[] | undefined): Promise<T[]> {
  const found: T[] = [];
  for await (const page of pages) found.push(...(pick(page) ?? []));
  return found;
}

/** Snapshots of the account, whoever made them. */
export const readSnapshots =
  (Filters: Filters = []): ReadAll<Snapshot> =>
  (client, abortSignal) => {
    const input = { OwnerIds: ["self"], MaxResults: 1000, Filters };
    return gather(paginateDescribeSnapshots({ client }, input, { abortSignal }), (page) => page.Snapshots);
  };

/**
 * AWS refuses to delete a snapshot that an AMI uses (EBS user guide, "Delete an Amazon EBS snapshot"), also while that is
 * disabled. An owner's deprecated AMIs come without being asked for (EC2 API reference, DescribeImages).
 */
const readImages: ReadAll<Image> = (client, abortSignal) => {
  const input = { Owners: ["self"], IncludeDisabled: true, MaxResults: 1000 };
  return gather(paginateDescribeImages({ client }, input, { abortSignal }), (page) => page.Images);
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

const readInstances: ReadAll<Instance> = (client, abortSignal) => {
  const alive = ["pending", "running", "stopping", "stopped"];
  const input = { MaxResults: 1000, Filters: [{ Name: "instance-state-name", Values: alive }] };
  return gather(paginateDescribeInstances({ client }, input, { abortSignal }), (page) =>
    page.Reservations?.flatMap(({ Instances = [] }) => Instances),
  );
};

/** Those that have data: neither being made, nor going away, nor broken. Also without a policy for them: they may have had one. */
const readVolumes: ReadAll<Volume> = (client, abortSignal) => {
  const input = { MaxResults: 500, Filters: [{ Name: "status", Values: ["available", "in-use"] }] };
  return gather(paginateDescribeVolumes({ client }, input, { abortSignal }), (page) => page.Volumes);
};
