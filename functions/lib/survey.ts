import {
  DescribeLockedSnapshotsCommand,
  type EC2Client,
  type Volume as Ec2Volume,
  type Image,
  type Instance,
  type LockedSnapshotsInfo,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import type {
  Limits,
  Memory,
  Point,
  Policy,
  RegionView,
  Resource,
  RunRequest,
  Settings,
  World,
} from "../../core/model.js";
import { drRegionsOf } from "../../core/overrides.js";
import { pointsFromSnapshots, type Stray } from "../../core/snapshots.js";
import { TAG } from "../../core/tags.js";
import { heldByImages, lockedBy, resourcesOf, snapshotRecord, volumeResources } from "./describe.js";
import { causeOf } from "./errors.js";

/** How long one region may take before it counts as unknown. */
const REGION_DEADLINE_MS = 120_000;

export interface SurveyArgs {
  readonly ec2: (region: string) => EC2Client;
  readonly settings: Settings;
  readonly requests: readonly RunRequest[];
  readonly memory?: Memory;
  readonly now: number;
  readonly limits: Limits;
  readonly deadlineMs?: number;
  /** Told of each snapshot that carries our ownership tag and cannot be placed. */
  readonly onStray?: (region: string, stray: Stray) => void;
}

/** What one region holds, before it is put into the worlds that look at it. */
export type Seen =
  | {
      complete: true;
      resources: readonly Resource[];
      otherVolumes?: readonly string[];
      points: readonly Point[];
      copiesInFlight: number;
    }
  | { complete: false; reason: string };

/**
 * Reads AWS, and only reads: one World per home region (a DR stack has one per peer, a primary stack one).
 * Each region is read once, all at the same time; one that could not be read whole is unknown, never empty.
 */
export async function surveyWorld(args: SurveyArgs): Promise<World[]> {
  const { homes, others } = regionsOf(args.settings);
  const regions = [...new Set([...homes, ...others])];
  const seen = new Map(
    await Promise.all(
      regions.map(async (region) => [region, await surveyRegion(args, region, homes.includes(region))] as const),
    ),
  );
  return worldsFrom(args, seen);
}

/** What a stack reads: the homes of resources, and the regions that hold copies. */
export function regionsOf(settings: Settings): {
  readonly homes: readonly string[];
  readonly others: readonly string[];
} {
  return settings.role === "primary"
    ? { homes: [settings.region], others: copyRegions(settings) }
    : { homes: settings.peers, others: [settings.region] };
}

type Read = Pick<SurveyArgs, "settings" | "requests" | "memory" | "now" | "limits">;

/** Puts what was read of each region into one world per home. */
export function worldsFrom(args: Read, seen: ReadonlyMap<string, Seen>): World[] {
  const { homes, others } = regionsOf(args.settings);
  return homes.map((home) => worldOf(args, home, [home, ...others], seen));
}

const copyRegions = (settings: Settings): string[] => [
  ...new Set([...settings.peers, ...settings.policies.flatMap((policy) => policy.copy.map((rule) => rule.region))]),
];

function worldOf(args: Read, home: string, names: readonly string[], seen: ReadonlyMap<string, Seen>): World {
  const regions = [...new Set(names)];
  const view = (region: string): RegionView => {
    const found = seen.get(region);
    if (!found?.complete) return { complete: false, reason: found?.reason ?? "not read" };
    const points = found.points.filter((point) => point.home === home);
    return { complete: true, asOf: args.now, points, copiesInFlight: found.copiesInFlight };
  };
  const homeSeen = seen.get(home);
  const { settings, memory } = args;
  const { mode, tagNames, orphanAfterMs, approveAbove } = settings;
  return {
    now: args.now,
    home,
    policies: settings.policies.map((policy) => within(policy, regions)),
    resources: homeSeen?.complete ? homeSeen.resources : [],
    otherVolumes: (homeSeen?.complete && homeSeen.otherVolumes) || [],
    regions: Object.fromEntries(regions.map((region) => [region, view(region)])),
    requests: args.requests,
    limits: args.limits,
    tags: settings.tags,
    drRegions: drRegionsOf(settings.policies),
    ...(mode === undefined ? {} : { mode }),
    ...(tagNames === undefined ? {} : { tagNames }),
    ...(orphanAfterMs === undefined ? {} : { orphanAfterMs }),
    ...(approveAbove === undefined ? {} : { approveAbove }),
    ...(memory === undefined ? {} : { memory }),
  };
}

/** A DR stack looks at its own copies only; those in other DR regions are the business of the primary and of their own stacks. */
const within = (policy: Policy, regions: readonly string[]): Policy => ({
  ...policy,
  copy: policy.copy.filter((rule) => regions.includes(rule.region)),
});

async function surveyRegion(args: SurveyArgs, region: string, isHome: boolean): Promise<Seen> {
  const limit = new AbortController();
  const ms = args.deadlineMs ?? REGION_DEADLINE_MS;
  const timer = setTimeout(() => limit.abort(), ms);
  try {
    return await orAborted(limit.signal, readRegion(args, region, isHome, limit.signal));
  } catch (error) {
    const { code, message } = causeOf(error);
    const reason = limit.signal.aborted ? `not read within ${ms / 1000} s` : `${code}: ${message}`;
    return { complete: false, reason };
  } finally {
    clearTimeout(timer);
  }
}

/** The SDK ends its request on abort, but not its pauses between attempts. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true }),
  );
  return Promise.race([work, aborted]);
}

async function readRegion(args: SurveyArgs, region: string, isHome: boolean, abortSignal: AbortSignal): Promise<Seen> {
  const client = args.ec2(region);
  const { deployment, policies, tagNames } = args.settings;
  const single = policies.some((policy) => policy.kinds?.includes("volume"));
  const [ours, pending, images, locks, instances, volumes] = await Promise.all([
    readSnapshots(client, [{ Name: `tag:${TAG.deployment}`, Values: [deployment] }], abortSignal),
    readSnapshots(client, [{ Name: "status", Values: ["pending"] }], abortSignal),
    readImages(client, abortSignal),
    readLocks(client, abortSignal),
    isHome ? readInstances(client, abortSignal) : [],
    isHome ? readVolumes(client, abortSignal) : [],
  ]);
  const { points, strays } = pointsFromSnapshots(ours.map(snapshotRecord), { deployment, region, tagNames });
  for (const stray of strays) args.onStray?.(region, stray);
  // TransferType is set on copies only (EC2 API reference, Snapshot): copies of AWS Backup, DLM and people take slots too.
  const copiesInFlight = pending.filter((snapshot) => snapshot.TransferType !== undefined).length;
  const joined = resourcesOf(instances, volumes, region);
  const resources = single ? [...joined, ...volumeResources(volumes, joined, region)] : joined;
  const attached = new Set(joined.flatMap((instance) => instance.volumes.map(({ id }) => id)));
  const otherVolumes = single ? [] : volumes.flatMap(({ VolumeId: id = "" }) => (attached.has(id) ? [] : [id]));
  const held = lockedBy(heldByImages(points, images), locks);
  return { complete: true, points: held, copiesInFlight, resources, otherVolumes };
}

type Filters = { Name: string; Values: string[] }[];

async function readSnapshots(client: EC2Client, Filters: Filters, abortSignal: AbortSignal): Promise<Snapshot[]> {
  const input = { OwnerIds: ["self"], MaxResults: 1000, Filters };
  const found: Snapshot[] = [];
  for await (const page of paginateDescribeSnapshots({ client }, input, { abortSignal })) {
    found.push(...(page.Snapshots ?? []));
  }
  return found;
}

/**
 * AWS refuses to delete a snapshot that an AMI uses (EBS user guide, "Delete an Amazon EBS snapshot"), also while that is
 * disabled. An owner's deprecated AMIs come without being asked for (EC2 API reference, DescribeImages).
 */
async function readImages(client: EC2Client, abortSignal: AbortSignal): Promise<Image[]> {
  const input = { Owners: ["self"], IncludeDisabled: true, MaxResults: 1000 };
  const found: Image[] = [];
  for await (const page of paginateDescribeImages({ client }, input, { abortSignal })) {
    found.push(...(page.Images ?? []));
  }
  return found;
}

/** The locks that hold: what AWS would refuse to delete is known before any snapshot of its set goes. The SDK has no paginator for it. */
async function readLocks(client: EC2Client, abortSignal: AbortSignal): Promise<LockedSnapshotsInfo[]> {
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
}

async function readInstances(client: EC2Client, abortSignal: AbortSignal): Promise<Instance[]> {
  const alive = ["pending", "running", "stopping", "stopped"];
  const input = { MaxResults: 1000, Filters: [{ Name: "instance-state-name", Values: alive }] };
  const found: Instance[] = [];
  for await (const page of paginateDescribeInstances({ client }, input, { abortSignal })) {
    for (const reservation of page.Reservations ?? []) found.push(...(reservation.Instances ?? []));
  }
  return found;
}

/** Those that have data: neither being made, nor going away, nor broken. Also without a policy for them: they may have had one. */
async function readVolumes(client: EC2Client, abortSignal: AbortSignal): Promise<Ec2Volume[]> {
  const input = { MaxResults: 500, Filters: [{ Name: "status", Values: ["available", "in-use"] }] };
  const found: Ec2Volume[] = [];
  for await (const page of paginateDescribeVolumes({ client }, input, { abortSignal })) {
    found.push(...(page.Volumes ?? []));
  }
  return found;
}
