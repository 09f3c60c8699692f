import type { Instance, Volume } from "@aws-sdk/client-ec2";
import type { Point, Resource, Settings } from "../../core/model.js";
import type { Known } from "../../core/needs.js";
import type { Stray } from "../../core/snapshots.js";
import { heldByImages, instancesAlone, lockedBy, resourcesOf, volumeResources } from "./describe.js";
import { causeOf } from "./errors.js";
import type { Lists } from "./lists.js";

/** How long one region may take before it counts as unknown. */
const REGION_DEADLINE_MS = 120_000;

/**
 * What of a region is read beside the deployment's snapshots. Without `pending` the own deployment's copies are counted; without
 * `images` and `locks` nothing seems to be held by any; without `volumes` an instance itself says which it has, and since when.
 */
export interface Wants extends Partial<Known> {
  readonly instances?: boolean;
  /** Nothing but unfinished snapshots: of ours only those are seen. */
  readonly onlyPending?: boolean;
}

/** What one region holds, before it is put into the worlds that look at it. */
export type Seen =
  | {
      readonly complete: true;
      /** When it was read. @default the survey's own time */
      readonly asOf?: number;
      readonly resources: readonly Resource[];
      /** Ids of volumes beside those of the resources, where volumes were read. @default none */
      readonly otherVolumes?: readonly string[];
      readonly points: readonly Point[];
      readonly copiesInFlight: number;
      /** Snapshots of ours that cannot be placed. @default none */
      readonly strays?: readonly Stray[];
    }
  | { readonly complete: false; readonly reason: string };

export interface RegionArgs {
  readonly lists: Lists;
  readonly settings: Settings;
  readonly now: number;
  readonly deadlineMs?: number;
}

/** Reads a region; one that could not be read whole is unknown, never empty. */
export async function seeRegion(args: RegionArgs, region: string, wants: Wants): Promise<Seen> {
  const limit = new AbortController();
  const ms = args.deadlineMs ?? REGION_DEADLINE_MS;
  const timer = setTimeout(() => limit.abort(), ms);
  try {
    return await orAborted(limit.signal, readRegion(args, region, wants, limit.signal));
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

async function readRegion(args: RegionArgs, region: string, wants: Wants, abort: AbortSignal): Promise<Seen> {
  const { lists, settings } = args;
  const [ours, pending, images, locks, instances, volumes] = await Promise.all([
    wants.onlyPending ? lists.pending(region, abort) : lists.ours(region, abort),
    wants.pending ? lists.pending(region, abort) : undefined,
    wants.images ? lists.images(region, abort) : [],
    wants.locks ? lists.locks(region, abort) : [],
    wants.instances ? lists.instances(region, abort) : [],
    wants.volumes ? lists.volumes(region, abort) : undefined,
  ]);
  const { points, strays } = ours;
  const { copiesInFlight } = pending ?? ours;
  const held = lockedBy(heldByImages(points, images), locks);
  const single = settings.policies.some((policy) => policy.kinds?.includes("volume"));
  const of = volumes ? withVolumes(instances, volumes, single, region) : alone(instances, region);
  return { complete: true, asOf: args.now, points: held, copiesInFlight, ...of, strays };
}

interface There {
  readonly resources: readonly Resource[];
  readonly otherVolumes: readonly string[];
}

const alone = (instances: readonly Instance[], region: string): There => ({
  resources: instancesAlone(instances, region),
  otherVolumes: [],
});

/** With a policy for single volumes each of them is a resource too; without, those that no instance has are merely there. */
function withVolumes(
  instances: readonly Instance[],
  volumes: readonly Volume[],
  single: boolean,
  region: string,
): There {
  const joined = resourcesOf(instances, volumes, region);
  if (single) return { resources: [...joined, ...volumeResources(volumes, joined, region)], otherVolumes: [] };
  const attached = new Set(joined.flatMap((instance) => instance.volumes.map(({ id }) => id)));
  return {
    resources: joined,
    otherVolumes: volumes.flatMap(({ VolumeId: id = "" }) => (attached.has(id) ? [] : [id])),
  };
}
