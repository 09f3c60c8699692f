import type * as sdk from "@aws-sdk/client-fsx";
import { arnOf } from "../arns.js";
import type { Call } from "../call.js";
import type { Backup } from "../state/model.js";
import { tagList } from "../tags.js";
import { lifecycleOf, progressOf } from "./lifecycle.js";

/** A backup as the API shows it. Recorded: backups of volumes have a ResourceType, those of file systems none. */
export function show({ context, now }: Call, one: Backup): sdk.Backup {
  const Lifecycle = lifecycleOf(one, now);
  return {
    BackupId: one.id,
    Lifecycle,
    ...(Lifecycle === "FAILED" && { FailureDetails: { Message: one.failure } }),
    Type: one.type,
    ProgressPercent: progressOf(one, now),
    CreationTime: new Date(one.createdAt),
    KmsKeyId: one.kmsKeyId,
    ResourceARN: arnOf(context.account, one),
    Tags: tagList(one.tags),
    FileSystem: one.fileSystem,
    DirectoryInformation: one.directory,
    OwnerId: context.account,
    ...(one.source && { SourceBackupId: one.source.id, SourceBackupRegion: one.source.region }),
    ...(one.volume && { ResourceType: "VOLUME", Volume: one.volume }),
    ...(Lifecycle === "AVAILABLE" && { SizeInBytes: one.bytes }),
  };
}
