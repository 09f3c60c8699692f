/** The tags that make an artifact ours and tell which point it belongs to. All are set in the create call. */
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
  /** How many artifacts make the point whole. */
  size: "lockstep:size",
  level: "lockstep:level",
  /** The rule of the region that it was made in, for when nothing else tells it. */
  retain: "lockstep:retain",
  /** On copies: the original member, its device, the artifact copied and when that one was started (ISO 8601 in UTC). */
  member: "lockstep:volume",
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
} as const;
