import type { Backup, FileSystem, Tag, Volume } from "@aws-sdk/client-fsx";
import type { Member, Resource } from "../../../core/model/model.js";
import { whyNoBackup, whyNoVolumeBackup } from "../abilities.js";
import type { BackupRecord } from "../backups.js";
import type { MemberDetail, ResourceDetail } from "../details.js";
import { resourceId } from "../words.js";
import { type Groups, groupsOf } from "./interfaces.js";

/** FSx's answers as plain data. What AWS always sends and did not is an error: the region then counts as unknown. */

export function must<T>(value: T | undefined, what: string): T {
  if (value === undefined) throw new Error(`FSx described ${what}`);
  return value;
}

const tagsOf = (tags: readonly Tag[] = []): Record<string, string> =>
  Object.fromEntries(tags.map(({ Key = "", Value = "" }) => [Key, Value]));

export const fsxTags = (tags: Readonly<Record<string, string>>): Tag[] =>
  Object.entries(tags).map(([Key, Value]) => ({ Key, Value }));

const GIB = 2 ** 30;

/** Of storage that grows by itself AWS tells no capacity: it counts as none in estimates. */
const capacityOf = ({ StorageCapacity = 0 }: Pick<FileSystem, "StorageCapacity">): number => StorageCapacity;

function volumeGiB({ OntapConfiguration: { SizeInBytes, SizeInMegabytes = 0 } = {} }: Volume): number {
  return Math.ceil((SizeInBytes ?? SizeInMegabytes * 2 ** 20) / GIB);
}

export function backupRecord(backup: Backup): BackupRecord {
  const id = must(backup.BackupId, "a backup without an id");
  const { FileSystem: system, Volume: volume, SizeInBytes } = backup;
  const unit = volume?.VolumeId ?? system?.FileSystemId;
  const whole = volume === undefined ? capacityOf(system ?? {}) : volumeGiB(volume);
  return {
    id,
    arn: must(backup.ResourceARN, `${id} without an ARN`),
    lifecycle: must(backup.Lifecycle, `${id} without a lifecycle`),
    madeBy: must(backup.Type, `${id} without a type`),
    createdAt: must(backup.CreationTime, `${id} without a creation time`).getTime(),
    progress: backup.ProgressPercent ?? 0,
    sizeGiB: SizeInBytes === undefined ? whole : Math.ceil(SizeInBytes / GIB),
    tags: tagsOf(backup.Tags),
    unit: must(unit, `${id} of nothing`),
    type: volume === undefined ? (system?.FileSystemType ?? "") : "ONTAP",
    ...(system?.StorageType === undefined ? {} : { storage: system.StorageType }),
    failure: backup.FailureDetails?.Message,
    source: backup.SourceBackupId,
    sourceRegion: backup.SourceBackupRegion,
  };
}

/** What is going away is no resource any more. */
const isThere = ({ Lifecycle }: { readonly Lifecycle?: string | undefined }): boolean => Lifecycle !== "DELETING";

const FAILED = "it is FAILED, and cannot be backed up: restore it from a point, then delete it";

/** Each file system; ONTAP's too, though it is backed up by volume: who asks for its backups must hear of that. */
export function fileSystemResources(systems: readonly FileSystem[], groups: Groups, region: string): Resource[] {
  return systems.filter(isThere).map((system): Resource => {
    const id = must(system.FileSystemId, "a file system without an id");
    const tags = tagsOf(system.Tags);
    const type = must(system.FileSystemType, `${id} without a type`);
    const lifecycle = must(system.Lifecycle, `${id} without a lifecycle`);
    const { LustreConfiguration: lustre } = system;
    const isLinked = lustre?.DataRepositoryConfiguration !== undefined;
    const problem = whyNoBackup({ type, deployment: lustre?.DeploymentType, isLinked });
    const unit = {
      id,
      createdAt: must(system.CreationTime, `${id} without a creation time`),
      sizeGiB: capacityOf(system),
    };
    const detail = detailOf({ type, lifecycle, storage: system.StorageType, problem });
    return resourceOf({
      kind: "fsx",
      region,
      tags,
      detail,
      member: memberOf(unit, tags, { fileSystem: bare(system), securityGroups: groupsOf(system, groups) }),
    });
  });
}

/** Each volume of ONTAP; those of OpenZFS are backed up with their file system. */
export function volumeResources(
  volumes: readonly Volume[],
  systems: readonly FileSystem[],
  region: string,
): Resource[] {
  const byId = new Map(systems.map((system) => [system.FileSystemId, system]));
  return volumes
    .filter((volume) => isThere(volume) && volume.VolumeType === "ONTAP")
    .map((volume): Resource => {
      const id = must(volume.VolumeId, "a volume without an id");
      const tags = tagsOf(volume.Tags);
      const lifecycle = must(volume.Lifecycle, `${id} without a lifecycle`);
      const problem = whyNoVolumeBackup(volume.OntapConfiguration?.OntapVolumeType);
      const unit = {
        id,
        createdAt: must(volume.CreationTime, `${id} without a creation time`),
        sizeGiB: volumeGiB(volume),
      };
      const system = byId.get(volume.FileSystemId);
      const recovery = { volume: bare(volume), ...(system === undefined ? {} : { fileSystem: bare(system) }) };
      const detail = detailOf({ type: "ONTAP", lifecycle, storage: system?.StorageType, problem });
      const name = tags["Name"] ?? volume.Name;
      return resourceOf({ kind: "ontap-volume", region, tags, name, detail, member: memberOf(unit, tags, recovery) });
    });
}

interface Known {
  readonly type: string;
  readonly lifecycle: string;
  readonly storage: string | undefined;
  readonly problem: string | undefined;
}

const detailOf = ({ type, lifecycle, storage, problem }: Known): ResourceDetail => ({
  type,
  lifecycle,
  ...(storage === undefined ? {} : { storage }),
  ...(lifecycle === "FAILED" ? { problem: FAILED } : problem === undefined ? {} : { problem }),
});

/** As AWS described it, but for what the member has already; AWS never tells a password. */
function bare<T extends { readonly Tags?: unknown; readonly FailureDetails?: unknown }>({
  Tags,
  FailureDetails,
  ...rest
}: T) {
  return rest;
}

interface Unit {
  readonly id: string;
  readonly createdAt: Date;
  readonly sizeGiB: number;
}

function memberOf({ id, createdAt, sizeGiB }: Unit, tags: Member["tags"], recovery: MemberDetail["recovery"]): Member {
  const detail: MemberDetail = { recovery };
  return { id, createdAt: createdAt.getTime(), sizeGiB, tags, detail };
}

interface Parts extends Pick<Resource, "kind" | "region" | "tags"> {
  readonly name?: string | undefined;
  readonly detail: ResourceDetail;
  readonly member: Member;
}

const resourceOf = ({ kind, region, tags, name = tags["Name"], detail, member }: Parts): Resource => ({
  id: resourceId(member.id),
  kind,
  region,
  name: name || member.id,
  tags,
  members: [member],
  detail,
});
