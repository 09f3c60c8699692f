import {
  DescribeLockedSnapshotsCommand,
  type DescribeLockedSnapshotsCommandInput,
  type DescribeLockedSnapshotsCommandOutput,
  type EC2Client,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
} from "@aws-sdk/client-ec2";
import type { Settings } from "../../../core/model/model.js";
import { TAG } from "../../../core/names/tags.js";
import { volumeKeysOf } from "../labels.js";
import { makeGrouping, type Survey } from "../snapshots.js";
import { must, snapshotRecord } from "./describe.js";

/** Lists of EC2 in a region, each read whole, over all its pages. */

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

/** Snapshots of the own deployment. Pages become points as they come: as the SDK has them they would take hundreds of megabytes. */
export async function readOurs(
  client: EC2Client,
  abortSignal: AbortSignal,
  { deployment, tagNames, policies, region }: Pick<Settings, "deployment" | "tagNames" | "policies" | "region">,
): Promise<Survey> {
  const { add, survey } = makeGrouping({ deployment, region, tagNames, labels: volumeKeysOf(policies) });
  const input = snapshotsWith([{ Name: `tag:${TAG.deployment}`, Values: [deployment] }]);
  for await (const page of paginateDescribeSnapshots({ client }, input, { abortSignal })) {
    for (const snapshot of must(page.Snapshots, NO_LIST)) add(snapshotRecord(snapshot));
  }
  return survey();
}

const readPending = all(
  paginateDescribeSnapshots,
  snapshotsWith([{ Name: "status", Values: ["pending"] }]),
  (page) => page.Snapshots,
);

/** Unfinished copies, whoever started them: those of AWS Backup, DLM and people take slots too. */
export async function readCopiesInFlight(client: EC2Client, abort: AbortSignal): Promise<number> {
  const pending = await readPending(client, abort);
  // TransferType is set on copies only (EC2 API reference, Snapshot).
  return pending.filter(({ State, TransferType }) => State === "pending" && TransferType !== undefined).length;
}

/**
 * AWS refuses to delete a snapshot that an AMI uses (EBS user guide, "Delete an Amazon EBS snapshot"), also while that is
 * disabled. An owner's deprecated AMIs come without being asked for (EC2 API reference, DescribeImages).
 */
export const readImages = all(
  paginateDescribeImages,
  { Owners: ["self"], IncludeDisabled: true, MaxResults: 1000 },
  (page) => page.Images,
);

/** The locks that hold: what AWS would refuse to delete is known before any snapshot of its set goes. An answer without any has none. */
export const readLocks = all(
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

export const readInstances = all(
  paginateDescribeInstances,
  {
    MaxResults: 1000,
    Filters: [{ Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] }],
  },
  (page) => page.Reservations?.flatMap(({ Instances = [] }) => Instances),
);

/** Those that have data: neither being made, nor going away, nor broken. Also without a policy for them: they may have had one. */
export const readVolumes = all(
  paginateDescribeVolumes,
  { MaxResults: 500, Filters: [{ Name: "status", Values: ["available", "in-use"] }] },
  (page) => page.Volumes,
);
