import type { Form } from "../facts.js";
import {
  AUTOMATIC,
  arn,
  BACKUP_ID,
  FILE_SYSTEM_ID,
  HEX,
  IOPS,
  KEY,
  LUSTRE_LOG,
  MACHINE_ID,
  OWNER,
  TAGS,
  VOLUME_ID,
  WEEKLY,
} from "./words.js";

const BACKUP = {
  BackupId: BACKUP_ID,
  Lifecycle: /^(AVAILABLE|CREATING|PENDING|TRANSFERRING|COPYING|FAILED)$/,
  Type: /^(AUTOMATIC|USER_INITIATED|AWS_BACKUP)$/,
  CreationTime: "time",
  KmsKeyId: KEY,
  ResourceARN: arn(`backup/backup-${HEX}`),
  Tags: TAGS,
} as const;

const BACKUP_RECENT = { OwnerId: OWNER } as const;

/** Of copies, of what is done, and of failures. */
const BACKUP_DOCUMENTED = {
  SourceBackupId: BACKUP_ID,
  SourceBackupRegion: "text",
  SizeInBytes: "number",
  FailureDetails: { always: { Message: "text" } },
} as const;

const REMEMBERED = { FileSystemId: FILE_SYSTEM_ID, StorageCapacity: "number" } as const;
const REMEMBERED_RECENT = { ResourceARN: arn(`file-system/fs-${HEX}`) } as const;

/** By the type of the file system; the recordings of Windows are of 2018. */
export const BACKUP_OF: Readonly<Record<string, Form>> = {
  WINDOWS: {
    always: {
      ...BACKUP,
      FileSystem: {
        always: {
          ...REMEMBERED,
          WindowsConfiguration: {
            always: { ...AUTOMATIC, WeeklyMaintenanceStartTime: WEEKLY, CopyTagsToBackups: "flag" },
            documented: {
              DeploymentType: /^(MULTI_AZ_1|SINGLE_AZ_1|SINGLE_AZ_2)$/,
              ActiveDirectoryId: /^d-/,
              DiskIopsConfiguration: IOPS,
              AuditLogConfiguration: {
                always: { FileAccessAuditLogLevel: "text", FileShareAccessAuditLogLevel: "text" },
              },
            },
          },
        },
        recent: { ...REMEMBERED_RECENT, FileSystemType: /^WINDOWS$/ },
        documented: { StorageType: /^(SSD|HDD)$/ },
      },
    },
    recent: BACKUP_RECENT,
    documented: {
      ...BACKUP_DOCUMENTED,
      ProgressPercent: "number",
      DirectoryInformation: { always: { DomainName: "text" }, documented: { ActiveDirectoryId: /^d-/ } },
    },
  },
  LUSTRE: {
    always: {
      ...BACKUP,
      FileSystem: {
        always: {
          ...REMEMBERED,
          StorageType: /^(SSD|HDD)$/,
          FileSystemType: /^LUSTRE$/,
          FileSystemTypeVersion: /^2\.\d+$/,
          LustreConfiguration: {
            always: {
              WeeklyMaintenanceStartTime: WEEKLY,
              DeploymentType: /^PERSISTENT_/,
              PerUnitStorageThroughput: "number",
              DataCompressionType: /^(NONE|LZ4)$/,
              LogConfiguration: LUSTRE_LOG,
            },
            seen: AUTOMATIC,
          },
        },
        recent: REMEMBERED_RECENT,
      },
    },
    recent: BACKUP_RECENT,
    seen: { ProgressPercent: "number" },
    documented: BACKUP_DOCUMENTED,
  },
  OPENZFS: {
    always: {
      ...BACKUP,
      FileSystem: {
        always: {
          ...REMEMBERED,
          FileSystemType: /^OPENZFS$/,
          OpenZFSConfiguration: {
            always: {
              DeploymentType: "text",
              ThroughputCapacity: "number",
              WeeklyMaintenanceStartTime: WEEKLY,
              DiskIopsConfiguration: IOPS,
            },
            seen: AUTOMATIC,
          },
        },
        recent: REMEMBERED_RECENT,
      },
    },
    recent: BACKUP_RECENT,
    seen: { ProgressPercent: "number" },
    documented: BACKUP_DOCUMENTED,
  },
  ONTAP: {
    always: {
      ...BACKUP,
      ResourceType: /^VOLUME$/,
      Volume: {
        always: {
          FileSystemId: FILE_SYSTEM_ID,
          Lifecycle: /^ACTIVE$/,
          Name: "text",
          OntapConfiguration: {
            always: {
              JunctionPath: "text",
              SizeInMegabytes: "number",
              StorageEfficiencyEnabled: "flag",
              StorageVirtualMachineId: MACHINE_ID,
              TieringPolicy: { always: { Name: "text" } },
            },
          },
          ResourceARN: arn(`volume/fsvol-${HEX}`),
          VolumeId: VOLUME_ID,
          VolumeType: /^ONTAP$/,
        },
      },
    },
    recent: BACKUP_RECENT,
    seen: { ProgressPercent: "number" },
    documented: BACKUP_DOCUMENTED,
  },
};

/** What a backup tells of its progress by its state. */
export const PROGRESS: Readonly<Record<string, number | undefined>> = { AVAILABLE: 100, CREATING: undefined };
