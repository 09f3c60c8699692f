import type { EC2Client, Instance, Volume } from "@aws-sdk/client-ec2";
import type { Point, Resource, Settings } from "../../core/model/model.js";
import type { Stray } from "../../kinds/ebs/snapshots.js";
import { heldByImages, lockedBy, resourcesOf, volumeResources } from "./describe.js";
import { causeOf } from "./errors.js";
import { readCopiesInFlight, readImages, readInstances, readLocks, readOurs, readVolumes } from "./lists.js";

/** How long one region may take before it counts as unknown. */
const REGION_DEADLINE_MS = 120_000;

/** What one region holds, before it is put into the worlds that look at it. */
export type Seen =
  | {
      readonly complete: true;
      /** When it was begun to be read. */
      readonly asOf: number;
      /** Of a home region; others have none that matter. */
      readonly resources: readonly Resource[];
      /** Ids of volumes beside those of the resources. @default none */
      readonly otherVolumes?: readonly string[];
      readonly points: readonly Point[];
      readonly copiesInFlight: number;
      /** Snapshots of ours that cannot be placed. @default none */
      readonly strays?: readonly Stray[];
    }
  | { readonly complete: false; readonly reason: string };

export interface RegionArgs {
  readonly ec2: (region: string) => EC2Client;
  readonly settings: Settings;
  readonly now: number;
  readonly deadlineMs?: number;
}

/** Reads all of a region; one that could not be read whole is unknown, never empty. */
export async function seeRegion(args: RegionArgs, region: string, isHome: boolean): Promise<Seen> {
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

/** Each list once, all at the same time. */
async function readRegion(
  { ec2, settings, now }: RegionArgs,
  region: string,
  isHome: boolean,
  abort: AbortSignal,
): Promise<Seen> {
  const client = ec2(region);
  const [ours, copiesInFlight, images, locks, instances, volumes] = await Promise.all([
    readOurs(client, abort, { ...settings, region }),
    readCopiesInFlight(client, abort),
    readImages(client, abort),
    readLocks(client, abort),
    isHome ? readInstances(client, abort) : [],
    isHome ? readVolumes(client, abort) : [],
  ]);
  const points = lockedBy(heldByImages(ours.points, images), locks);
  const single = settings.policies.some((policy) => policy.kinds?.includes("volume"));
  const there = isHome ? thereIn(instances, volumes, single, region) : { resources: [] };
  return { complete: true, asOf: now, points, copiesInFlight, ...there, strays: ours.strays };
}

/** With a policy for single volumes each of them is a resource too; without, those that no instance has are merely there. */
function thereIn(instances: readonly Instance[], volumes: readonly Volume[], single: boolean, region: string) {
  const joined = resourcesOf(instances, volumes, region);
  if (single) return { resources: [...joined, ...volumeResources(volumes, joined, region)] };
  const attached = new Set(joined.flatMap((instance) => instance.members.map(({ id }) => id)));
  return {
    resources: joined,
    otherVolumes: volumes.flatMap(({ VolumeId: id = "" }) => (attached.has(id) ? [] : [id])),
  };
}
