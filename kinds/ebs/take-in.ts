import { type EffectivePolicy, recordedAt } from "../../core/config/recorded.js";
import type { Member, RegionView, Resource, Settings } from "../../core/model/model.js";
import { TAG, TAG_PREFIX } from "../../core/names/tags.js";
import { asksFor, drRegionsOf, overridden } from "../../core/selection/overrides.js";
import { selects } from "../../core/selection/select.js";
import { Identities } from "../identities.js";
import type { Imported, Left } from "../importer.js";
import { candidateOf, oldestFirst, whyNoPoint } from "./adopt.js";
import { ebsOf } from "./config.js";
import { ebs } from "./rules.js";
import type { SnapshotRecord } from "./snapshots.js";

/**
 * So long others' snapshots are taken in whatever there is already: an event that was lost, or calls that AWS throttled, delay it by less.
 * What is older was there before the volume came under the policy, unless it is newer than a point.
 */
export const FRESH_MS = 3_600_000;

/** A volume whose snapshots a policy takes in, whoever makes them. */
export interface Watched {
  /** As it holds for the volume. */
  readonly policy: EffectivePolicy;
  readonly volume: Member;
}

type Stack = Pick<Settings, "deployment" | "region" | "policies" | "tagNames">;

/** Whether any policy takes in what others make. */
export const takesIn = ({ policies }: Pick<Settings, "policies">): boolean =>
  policies.some((policy) => ebsOf(policy).source === "any");

const UNREAD: RegionView = { complete: false, reason: "not read" };

/** By their ids the volumes that policies with `source: any` select; of several such policies the first takes the snapshots. */
export function watchedVolumes(settings: Stack, resources: readonly Resource[]): ReadonlyMap<string, Watched> {
  const { region: home, policies, tagNames } = settings;
  const regions = Object.fromEntries(drRegionsOf(policies).map((region) => [region, UNREAD]));
  const estate = { home, policies, regions, tagNames };
  const watched = new Map<string, Watched>();
  for (const policy of policies.filter((policy) => ebsOf(policy).source === "any")) {
    for (const resource of resources) {
      const [volume] = resource.members;
      if (resource.kind !== "volume" || volume === undefined || watched.has(resource.id)) continue;
      if (!selects(policy, resource, ebs, tagNames)) continue;
      watched.set(resource.id, { policy: overridden(policy, resource, estate).policy, volume });
    }
  }
  return watched;
}

/** A snapshot of others that becomes a point of its volume. */
export interface TakenIn extends Imported {
  readonly watched: Watched;
}

export interface TakingIn {
  /** Oldest first. */
  readonly taken: readonly TakenIn[];
  /** What stays as it is: of such a volume, and nobody's point. */
  readonly left: readonly Left[];
  /** What should be a point and cannot be one: a person must do something. */
  readonly refused: readonly Left[];
}

export interface TakingArgs {
  readonly settings: Stack;
  readonly watched: ReadonlyMap<string, Watched>;
  /** All snapshots that the account has of those volumes. */
  readonly snapshots: readonly SnapshotRecord[];
  readonly now: number;
}

/**
 * Which snapshots of others become points of the policies that watch their volumes: those that are newer than the newest point, or
 * fresh, and in progress or completed. A snapshot that failed is never taken in, so it never counts; one that fails later is a
 * failed point, which counts for nothing. The rule of the policy is recorded on them, as on points that it makes itself.
 *
 * Left alone is what carries any of our tags, whoever's: a point, or what somebody took part of its tags from; and what says
 * `Backup=No` itself, by the name that the stack gives that tag.
 */
export function takeIn({ settings, watched, snapshots, now }: TakingArgs): TakingIn {
  const { deployment, region: home, tagNames } = settings;
  const newest = newestPoints(deployment, snapshots);
  const identities = new Identities({ deployment, home }, snapshots);
  const taken: TakenIn[] = [];
  const left: Left[] = [];
  const refused: Left[] = [];
  for (const record of oldestFirst(snapshots)) {
    const { snapshotId: artifact, volumeId, startTime, tags } = record;
    const found = watched.get(volumeId);
    if (found === undefined || Object.keys(tags).some((key) => key.startsWith(TAG_PREFIX))) continue;
    const since = newest.get(keyOf(found.policy.name, volumeId)) ?? Number.POSITIVE_INFINITY;
    const late = startTime <= since && now - startTime > FRESH_MS;
    const why =
      whyNoPoint(record) ??
      unfit(record.state) ??
      (asksFor(tags, tagNames) === false ? "its own tag says that it is not wanted" : undefined) ??
      (late ? "it was there before" : undefined);
    if (why !== undefined) {
      left.push({ artifact, why });
      continue;
    }
    const given = identities.give(candidateOf(record), found.policy.name, recordedAt(found.policy, home, home));
    if (typeof given === "string") refused.push({ artifact, why: given });
    else taken.push({ ...given, watched: found });
  }
  return { taken, left, refused };
}

const unfit = (state: string): string | undefined =>
  state === "completed" || state === "pending" ? undefined : `it is "${state}"`;

const keyOf = (policy: string, volume: string): string => JSON.stringify([policy, volume]);

/** When the newest point of each policy and volume began. */
function newestPoints(deployment: string, snapshots: readonly SnapshotRecord[]): ReadonlyMap<string, number> {
  const newest = new Map<string, number>();
  for (const { tags, startTime, state } of snapshots) {
    if (tags[TAG.deployment] !== deployment || state === "error") continue;
    const key = keyOf(tags[TAG.policy] ?? "", tags[TAG.resource] ?? "");
    newest.set(key, Math.max(newest.get(key) ?? Number.NEGATIVE_INFINITY, startTime));
  }
  return newest;
}
