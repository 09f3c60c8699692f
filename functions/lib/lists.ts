import {
  DescribeLockedSnapshotsCommand,
  type DescribeLockedSnapshotsCommandInput,
  type DescribeLockedSnapshotsCommandOutput,
  type EC2Client,
  type Image,
  type Instance,
  type LockedSnapshotsInfo,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  type Volume,
} from "@aws-sdk/client-ec2";
import { volumeKeysOf } from "../../core/labels.js";
import type { Settings } from "../../core/model.js";
import { makeGrouping, type Survey } from "../../core/snapshots.js";
import { TAG } from "../../core/tags.js";
import { must, snapshotRecord } from "./describe.js";

type Read<T> = (region: string, abort: AbortSignal) => Promise<T>;

/** What a list of snapshots says of the own deployment. */
export interface Snapshots extends Survey {
  /** Unfinished copies in the list, whoever started them: they take slots. */
  readonly copiesInFlight: number;
}

/** Lists of EC2, each read whole, over all its pages, and in one survey once for each region. */
export interface Lists {
  /** Of the own deployment. */
  readonly ours: Read<Snapshots>;
  /** Unfinished ones, whoever started them. */
  readonly pending: Read<Snapshots>;
  readonly images: Read<readonly Image[]>;
  readonly locks: Read<readonly LockedSnapshotsInfo[]>;
  readonly instances: Read<readonly Instance[]>;
  readonly volumes: Read<readonly Volume[]>;
}

export function makeLists(ec2: (region: string) => EC2Client, settings: Settings): Lists {
  return {
    ours: once(ec2, readOurs([{ Name: `tag:${TAG.deployment}`, Values: [settings.deployment] }], settings)),
    pending: once(ec2, readOurs([{ Name: "status", Values: ["pending"] }], settings)),
    images: once(ec2, readImages),
    locks: once(ec2, readLocks),
    instances: once(ec2, readInstances),
    volumes: once(ec2, readVolumes),
  };
}

type ReadAll<T> = (client: EC2Client, abortSignal: AbortSignal, region: string) => Promise<T>;

function once<T>(ec2: (region: string) => EC2Client, read: ReadAll<T>): Read<T> {
  const known = new Map<string, Promise<T>>();
  return (region, abort) => {
    const found = known.get(region) ?? read(ec2(region), abort, region);
    known.set(region, found);
    return found;
  };
}

type Filters = { Name: string; Values: string[] }[];
type Pages<I, P> = (on: { client: EC2Client }, input: I, options: { abortSignal: AbortSignal }) => AsyncIterable<P>;

/** What all pages of a list have. AWS says of an empty list that it is empty: an answer without any is none. */
const all =
  <I, P, T>(pages: Pages<I, P>, input: I, pick: (page: P) => readonly T[] | undefined) =>
  async (client: EC2Client, abortSignal: AbortSignal): Promise<T[]> => {
    const found: T[] = [];
    // A copy: the SDK's paginators write their tokens into it.
    for await (const page of pages({ client }, { ...input }, { abortSignal })) found.push(...must(pick(page), NO_LIST));
    return found;
  };

const NO_LIST = "no list";

const snapshotsWith = (Filters: Filters) => ({ OwnerIds: ["self"], MaxResults: 1000, Filters });

/** Snapshots of the account, whoever made them. */
export const readSnapshots = (Filters: Filters = []) =>
  all(paginateDescribeSnapshots, snapshotsWith(Filters), (page) => page.Snapshots?.map(snapshotRecord));

/** A page while the next one is already asked for: that is on its way after two turns, with all that its call awaits in the first. */
export async function* ahead<P extends { NextToken?: string | undefined }>(
  pages: AsyncGenerator<P, void>,
): AsyncGenerator<P> {
  let next = pages.next();
  for (;;) {
    const { value, done } = await next;
    if (done) return;
    next = pages.next();
    if (value.NextToken) {
      // Whoever has enough of the first page hears nothing of the second.
      next.catch(() => 0);
      for (const turn of [process.nextTick, process.nextTick]) await new Promise(turn);
    }
    yield value;
  }
}

/** Pages become points as they come: those of a large estate, as the SDK has them, would take hundreds of megabytes. */
const readOurs =
  (Filters: Filters, { deployment, tagNames, policies }: Settings): ReadAll<Snapshots> =>
  async (client, abortSignal, region) => {
    const { add, survey } = makeGrouping({ deployment, region, tagNames, labels: volumeKeysOf(policies) });
    let copiesInFlight = 0;
    for await (const page of ahead(paginateDescribeSnapshots({ client }, snapshotsWith(Filters), { abortSignal }))) {
      for (const snapshot of must(page.Snapshots, NO_LIST)) {
        // TransferType is set on copies only (EC2 API reference, Snapshot): copies of AWS Backup, DLM and people take slots too.
        if (snapshot.State === "pending" && snapshot.TransferType !== undefined) copiesInFlight++;
        if (snapshot.Tags?.some(({ Key }) => Key === TAG.deployment)) add(snapshotRecord(snapshot));
      }
    }
    return { ...survey(), copiesInFlight };
  };

/**
 * AWS refuses to delete a snapshot that an AMI uses (EBS user guide, "Delete an Amazon EBS snapshot"), also while that is
 * disabled. An owner's deprecated AMIs come without being asked for (EC2 API reference, DescribeImages).
 */
const readImages = all(
  paginateDescribeImages,
  { Owners: ["self"], IncludeDisabled: true, MaxResults: 1000 },
  (page) => page.Images,
);

/** The locks that hold: what AWS would refuse to delete is known before any snapshot of its set goes. An answer without any has none. */
const readLocks = all(
  lockPages,
  { Filters: [{ Name: "lock-state", Values: ["governance", "compliance", "compliance-cooloff"] }], MaxResults: 1000 },
  ({ Snapshots = [] }) => Snapshots,
);

/** The SDK has no paginator for it. */
async function* lockPages(
  { client }: { client: EC2Client },
  input: DescribeLockedSnapshotsCommandInput,
  options: { abortSignal: AbortSignal },
) {
  let page: DescribeLockedSnapshotsCommandOutput | undefined;
  do {
    const next = page && { NextToken: page.NextToken };
    page = await client.send(new DescribeLockedSnapshotsCommand({ ...input, ...next }), options);
    yield page;
  } while (page.NextToken);
}

const readInstances = all(
  paginateDescribeInstances,
  {
    MaxResults: 1000,
    Filters: [{ Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] }],
  },
  (page) => page.Reservations?.flatMap(({ Instances = [] }) => Instances),
);

/** Those that have data: neither being made, nor going away, nor broken. Also without a policy for them: they may have had one. */
const readVolumes = all(
  paginateDescribeVolumes,
  { MaxResults: 500, Filters: [{ Name: "status", Values: ["available", "in-use"] }] },
  (page) => page.Volumes,
);
