import type { Copy, Create, Level, PointIdentity, Settings, TagNames } from "./model.js";

/** The tags that make a snapshot ours and tell which point it belongs to. All are set in the create call. */
export const TAG = {
  /** Name of the deployment: the ownership marker. */
  deployment: "lockstep:deployment",
  policy: "lockstep:policy",
  resource: "lockstep:resource",
  kind: "lockstep:kind",
  /** Region of the resource. */
  home: "lockstep:home",
  point: "lockstep:point",
  /** The slot, ISO 8601 in UTC. */
  scheduled: "lockstep:scheduled",
  /** How many snapshots make the point whole. */
  size: "lockstep:size",
  level: "lockstep:level",
  /** The rule of the region that it was made in, for when nothing else tells it. */
  retain: "lockstep:retain",
  /** On copies: the original volume, its device, the snapshot copied and when that one was started (ISO 8601 in UTC). */
  volume: "lockstep:volume",
  device: "lockstep:device",
  source: "lockstep:source",
  taken: "lockstep:taken",
} as const;

/** Keys that start so are ours. */
export const TAG_PREFIX = "lockstep:";

/** What people's tags are called unless the stack says otherwise. */
export const TAG_NAMES = {
  keepForever: "KeepForever",
  backup: "Backup",
  retention: "Retention",
  crossRegion: "BackupCrossRegion",
} as const satisfies TagNames;

type Tags = Record<string, string>;
type Owner = Pick<Settings, "deployment" | "tags">;

type Made = PointIdentity & { readonly recorded?: string };

function identityTags(owner: Owner, point: Made, size: number, level: Level): Tags {
  return {
    ...owner.tags,
    [TAG.deployment]: owner.deployment,
    [TAG.policy]: point.policy,
    [TAG.resource]: point.resource,
    [TAG.kind]: point.kind,
    [TAG.home]: point.home,
    [TAG.point]: point.point,
    [TAG.scheduled]: new Date(point.scheduled).toISOString(),
    [TAG.size]: String(size),
    [TAG.level]: level,
    ...(point.recorded === undefined ? {} : { [TAG.retain]: point.recorded }),
  };
}

/** The tags of every snapshot of a new point, for the create call: CreateSnapshots gives all of a set the same tags. */
export const pointTags = (owner: Owner, create: Create, level: Level = "crash"): Tags =>
  identityTags(owner, { ...create, home: create.region }, create.volumes.length, level);

/** The tags of one copied snapshot. The volume must be among them: AWS gives a copy an arbitrary volume id (API reference, CopySnapshot). */
export const copyTags = (owner: Owner, copy: Copy): Tags => ({
  ...identityTags(owner, copy, copy.size, copy.level),
  [TAG.volume]: copy.part.volume,
  [TAG.device]: copy.part.device,
  [TAG.source]: copy.part.snapshot,
  [TAG.taken]: new Date(copy.part.takenAt ?? copy.part.startedAt).toISOString(),
});
