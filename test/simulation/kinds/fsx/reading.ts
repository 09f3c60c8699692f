import type { Backup } from "@aws-sdk/client-fsx";
import { backupRecord, fsxTags } from "../../../../kinds/fsx/aws/describe.js";
import { type BackupRecord, pointsFromBackups } from "../../../../kinds/fsx/backups.js";
import { usageOf } from "../../../../kinds/fsx/quotas.js";
import type { Snap } from "../../world/snap.js";
import type { Reading, Shown, Where } from "../kind.js";
import { natureOf } from "./natures.js";

/** What FSx calls a backup that it is at. It has added words before, and may again. */
const AT_WORK = ["PENDING", "TRANSFERRING", "CREATING", "OPTIMIZING"] as const;

/** Its word for one, for as long as it is at it. */
export const atWork = (id: string, isCopy: boolean): string =>
  isCopy ? "COPYING" : (AT_WORK[id.charCodeAt(id.length - 1) % AT_WORK.length] ?? "CREATING");

function lifecycleOf({ id, state, source }: Snap): string {
  if (state === "pending") return atWork(id, source !== undefined);
  return state === "completed" ? "AVAILABLE" : "FAILED";
}

/** What a backup remembers of its unit: of OpenZFS no type of storage, unless it is Intelligent-Tiering. */
function unitIn({ volume: unit, sizeGiB }: Snap): Pick<Backup, "FileSystem" | "Volume"> {
  const { type, storage } = natureOf(unit);
  if (type === "ONTAP") {
    const Volume = { VolumeId: unit, OntapConfiguration: { SizeInMegabytes: sizeGiB * 1024 } };
    return { FileSystem: undefined, Volume };
  }
  const isTold = storage !== undefined && (type !== "OPENZFS" || storage === "INTELLIGENT_TIERING");
  const StorageType = storage as NonNullable<Backup["FileSystem"]>["StorageType"];
  return {
    FileSystem: { FileSystemId: unit, FileSystemType: type, StorageCapacity: sizeGiB, ...(isTold && { StorageType }) },
  };
}

/** A backup as DescribeBackups shows it, with these tags. */
function shownOf(snap: Snap, tags: Shown["tags"]): Backup {
  const { id, region, startedAt, source, cause, state } = snap;
  return {
    BackupId: id,
    // FSx may say a word that this version of the SDK does not have.
    Lifecycle: lifecycleOf(snap) as NonNullable<Backup["Lifecycle"]>,
    Type: "USER_INITIATED",
    ProgressPercent: state === "completed" ? 100 : 50,
    CreationTime: new Date(startedAt),
    ResourceARN: `arn:aws:fsx:${region}:000000000000:backup/${id}`,
    Tags: fsxTags(tags),
    ...unitIn(snap),
    ...(cause !== undefined && { FailureDetails: { Message: cause } }),
    ...(source !== undefined && { SourceBackupId: source.id, SourceBackupRegion: source.region }),
  };
}

const known = new WeakMap<Snap, Shown & { readonly state: Snap["state"]; readonly record: BackupRecord }>();

/** As the real reading takes it; many looks see the same. */
function recordOf({ snap, tags }: Shown): BackupRecord {
  const before = known.get(snap);
  if (before?.tags === tags && before.state === snap.state) return before.record;
  const record = backupRecord(shownOf(snap, tags));
  known.set(snap, { snap, tags, state: snap.state, record });
  return record;
}

/** What is listed, in an order that nobody knows, read by the real code. */
export function read(shown: readonly Shown[], { deployment, region }: Where): Reading {
  const { points } = pointsFromBackups(shown.toReversed().map(recordOf), { deployment, region });
  return { points, until: Number.POSITIVE_INFINITY };
}

const theirs = (type: string): BackupRecord => ({
  ...{ id: "backup-0", arn: "", lifecycle: "AVAILABLE", madeBy: "AWS_BACKUP", createdAt: 0, progress: 100, sizeGiB: 1 },
  ...{ tags: {}, unit: "fs-0", type },
});

/** What counts towards the quotas, by the real code: what is listed, and of each type so many of AWS Backup. */
export function usage(listed: Iterable<Snap>, filled: number): Readonly<Record<string, number>> {
  const records = Array.from(listed, (snap) => recordOf({ snap, tags: snap.tags }));
  const [own, each] = [usageOf(records), usageOf(["WINDOWS", "LUSTRE", "OPENZFS", "ONTAP"].map(theirs))];
  const most = { windows: 500, lustre: 500, openzfs: 500, ontap: 10_000 } as const;
  return Object.fromEntries(
    Object.entries(most).map(([name, all]) => [
      name,
      Math.min(all, (own[name] ?? 0) + (each[name] ?? 0) * Math.floor(filled * all)),
    ]),
  );
}
