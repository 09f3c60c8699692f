import {
  CopyBackupCommand,
  CreateBackupCommand,
  DeleteBackupCommand,
  DescribeBackupsCommand,
  DescribeFileSystemsCommand,
  TagResourceCommand,
} from "@aws-sdk/client-fsx";
import type { Probe } from "../model.js";

/** Ids that are well formed and name nothing. */
const NOTHING = {
  fileSystem: "fs-00000000000000000",
  volume: "fsvol-00000000000000000",
  backup: "backup-00000000000000000",
} as const;

const page = (operation: string): string => `FSx API reference, ${operation}`;

/**
 * What FSx answers where there is nothing to back up. A file system takes half an hour and costs money by the hour, so none is made: what
 * becomes of real backups has to be seen in an environment that has one.
 */
export const FSX: readonly Probe[] = [
  {
    name: "fsx-unknown-file-system",
    behaviour: "A backup of a file system that does not exist is FileSystemNotFound, with status 400",
    source: page("CreateBackup"),
    ask: (s) => s.fsx("home").send(new CreateBackupCommand({ FileSystemId: NOTHING.fileSystem })),
  },
  {
    name: "fsx-unknown-volume",
    behaviour: "A backup of a volume that does not exist is VolumeNotFound",
    source: page("CreateBackup"),
    ask: (s) => s.fsx("home").send(new CreateBackupCommand({ VolumeId: NOTHING.volume })),
  },
  {
    name: "fsx-backup-of-nothing",
    behaviour: "A backup of neither a file system nor a volume is BadRequest",
    source: page("CreateBackup"),
    ask: (s) => s.fsx("home").send(new CreateBackupCommand({})),
  },
  {
    name: "fsx-odd-tag",
    behaviour: "A tag may have letters, digits, spaces and _ . : / = + - @, and nothing else",
    source: page("Tag"),
    ask: (s) => {
      const Tags = [{ Key: "odd", Value: "a,b" }];
      return s.fsx("home").send(new CreateBackupCommand({ FileSystemId: NOTHING.fileSystem, Tags }));
    },
  },
  {
    name: "fsx-unknown-backup",
    behaviour: "Asking for a backup that does not exist is BackupNotFound, and no empty list",
    source: page("DescribeBackups"),
    ask: (s) => s.fsx("home").send(new DescribeBackupsCommand({ BackupIds: [NOTHING.backup] })),
  },
  {
    name: "fsx-unknown-backup-deleted",
    behaviour: "Deleting a backup that does not exist is BackupNotFound",
    source: page("DeleteBackup"),
    ask: (s) => s.fsx("home").send(new DeleteBackupCommand({ BackupId: NOTHING.backup })),
  },
  {
    name: "fsx-unknown-backup-copied",
    behaviour: "Copying a backup that does not exist is BackupNotFound",
    source: page("CopyBackup"),
    ask: (s) => {
      const SourceRegion = s.regions.home;
      return s.fsx("away").send(new CopyBackupCommand({ SourceBackupId: NOTHING.backup, SourceRegion }));
    },
  },
  {
    name: "fsx-unknown-backup-tagged",
    behaviour: "Tagging what does not exist is ResourceNotFound",
    source: page("TagResource"),
    ask: (s) => {
      const ResourceARN = `arn:aws:fsx:${s.regions.home}:000000000000:backup/${NOTHING.backup}`;
      return s.fsx("home").send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "a", Value: "b" }] }));
    },
  },
  {
    name: "fsx-unknown-file-systems-described",
    behaviour: "Asking for a file system that does not exist is FileSystemNotFound",
    source: page("DescribeFileSystems"),
    ask: (s) => s.fsx("home").send(new DescribeFileSystemsCommand({ FileSystemIds: [NOTHING.fileSystem] })),
  },
];
