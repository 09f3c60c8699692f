import type { Action, Inventory, Policy, Resource } from "../../../core/model/model.js";
import { pointId } from "../../../core/names/identity.js";
import { TAG } from "../../../core/names/tags.js";
import { planAll } from "../../../core/planner/planner.js";
import { type BackupRecord, pointsFromBackups } from "../../../kinds/fsx/backups.js";
import type { MemberDetail, ResourceDetail } from "../../../kinds/fsx/details.js";
import { fsx } from "../../../kinds/fsx/rules.js";
import { resourceId } from "../../../kinds/fsx/words.js";
import { RULES } from "../../../kinds/rules.js";
import { DAY, DR, HOME, MINUTE, NOW, policy as plainPolicy, type WorldInput, world } from "../../core/worlds.js";

/** What FSx has, as tests about the planner want it: backups come as AWS describes them. */

export const policy = (over: Partial<Policy> = {}): Policy => plainPolicy({ kinds: ["fsx", "ontap-volume"], ...over });

const resource = (unit: string, kind: string, detail: ResourceDetail, over: Partial<Resource> = {}): Resource => {
  const of: MemberDetail = { recovery: { fileSystem: { FileSystemId: unit } } };
  return {
    id: resourceId(unit),
    kind,
    region: HOME,
    name: `name of ${unit}`,
    tags: { Backup: "hourly" },
    members: [{ id: unit, sizeGiB: 64, createdAt: NOW - 365 * DAY, tags: {}, detail: of }],
    detail,
    ...over,
  };
};

export const fileSystem = (
  unit = "fs-01",
  detail: Partial<ResourceDetail> = {},
  over: Partial<Resource> = {},
): Resource => resource(unit, "fsx", { type: "OPENZFS", lifecycle: "AVAILABLE", storage: "SSD", ...detail }, over);

export const volume = (
  unit = "fsvol-01",
  detail: Partial<ResourceDetail> = {},
  over: Partial<Resource> = {},
): Resource => resource(unit, "ontap-volume", { type: "ONTAP", lifecycle: "CREATED", storage: "SSD", ...detail }, over);

export interface BackupInput {
  readonly at: number;
  readonly unit?: string;
  readonly region?: string;
  readonly policy?: string;
  readonly over?: Partial<BackupRecord>;
  /** @default those of a point of ours */
  readonly tags?: Readonly<Record<string, string>>;
}

/** The id of what backup() makes. */
export const backupId = (at: number, region = HOME, unit = "fs-01"): string => `backup-${region}-${unit}-${at}`;

/** A backup begun a minute after its slot; a copy of it ten minutes after that. */
export function backup({
  at,
  unit = "fs-01",
  region = HOME,
  policy: name = "hourly",
  over,
  tags,
}: BackupInput): BackupRecord {
  const ontap = unit.startsWith("fsvol-");
  const identity = { policy: name, home: HOME, resource: resourceId(unit), scheduled: at };
  const isCopy = region !== HOME;
  const source = backupId(at, HOME, unit);
  return {
    id: backupId(at, region, unit),
    arn: `arn:aws:fsx:${region}:000000000000:backup/${backupId(at, region, unit)}`,
    lifecycle: "AVAILABLE",
    madeBy: "USER_INITIATED",
    createdAt: at + (isCopy ? 11 : 1) * MINUTE,
    progress: 100,
    sizeGiB: 64,
    type: ontap ? "ONTAP" : "OPENZFS",
    storage: "SSD",
    unit,
    ...(isCopy && { source, sourceRegion: HOME }),
    tags: {
      [TAG.deployment]: "d",
      [TAG.policy]: name,
      [TAG.resource]: identity.resource,
      [TAG.kind]: ontap ? "ontap-volume" : "fsx",
      [TAG.home]: HOME,
      [TAG.point]: pointId(identity),
      [TAG.scheduled]: new Date(at).toISOString(),
      [TAG.size]: "1",
      [TAG.level]: "crash",
      ...(isCopy && { [TAG.member]: unit, [TAG.source]: source, [TAG.taken]: new Date(at + MINUTE).toISOString() }),
      ...tags,
    },
    ...over,
  };
}

/** The same under another policy's name, or of another system: nobody's point. */
export const foreign = (at: number, over: Partial<BackupRecord> = {}): BackupRecord => {
  return { ...backup({ at }), tags: {}, ...over };
};

export interface FsxInput extends Omit<WorldInput, "points"> {
  /** Of all regions; each says its own. */
  readonly backups?: readonly BackupRecord[];
}

const regionOf = ({ arn }: BackupRecord): string => arn.split(":")[3] ?? "";

/** What was seen of FSx. */
export function fsxWorld({ backups = [], ...input }: FsxInput = {}): Inventory {
  const points = [HOME, DR].flatMap(
    (region) =>
      pointsFromBackups(
        backups.filter((one) => regionOf(one) === region),
        { deployment: "d", region },
      ).points,
  );
  const resources = HOME in (input.unknown ?? {}) ? [] : [fileSystem()];
  return world({ kind: "fsx", policies: [policy()], resources, limits: fsx.limits, points, ...input });
}

export const plan = (input: FsxInput): Action[] => planAll([fsxWorld(input)], RULES);
