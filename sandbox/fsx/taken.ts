import type { Taken } from "../wire/validate.js";

/** Paths of what several operations read. */
export const PAGE: Taken = ["MaxResults", "NextToken"];

const beneath = (path: string, names: Taken): Taken => names.map((name) => `${path}.${name}`);

const TIMES: Taken = ["WeeklyMaintenanceStartTime", "DailyAutomaticBackupStartTime", "AutomaticBackupRetentionDays"];

/** What a new file system is made of, whether it has a backup's bytes or none. */
export const CREATED: Taken = [
  "ClientRequestToken",
  "SubnetIds",
  "SecurityGroupIds",
  "Tags",
  "KmsKeyId",
  "StorageType",
  "StorageCapacity",
  ...beneath("WindowsConfiguration", [
    ...TIMES,
    "ActiveDirectoryId",
    "SelfManagedActiveDirectoryConfiguration",
    "DeploymentType",
    "PreferredSubnetId",
    "ThroughputCapacity",
    "CopyTagsToBackups",
    "Aliases",
    "DiskIopsConfiguration",
  ]),
  ...beneath("LustreConfiguration", [
    ...TIMES,
    "ImportPath",
    "ExportPath",
    "DeploymentType",
    "PerUnitStorageThroughput",
    "CopyTagsToBackups",
    "DriveCacheType",
    "DataCompressionType",
    "ThroughputCapacity",
    "DataReadCacheConfiguration",
  ]),
  ...beneath("OpenZFSConfiguration", [
    ...TIMES,
    "CopyTagsToBackups",
    "CopyTagsToVolumes",
    "DeploymentType",
    "ThroughputCapacity",
    "DiskIopsConfiguration",
    "PreferredSubnetId",
    "EndpointIpAddressRange",
    "RouteTableIds",
    "ReadCacheConfiguration",
  ]),
  ...beneath("OntapConfiguration", [
    ...TIMES,
    "DeploymentType",
    "EndpointIpAddressRange",
    "FsxAdminPassword",
    "DiskIopsConfiguration",
    "PreferredSubnetId",
    "RouteTableIds",
    "ThroughputCapacity",
    "HAPairs",
    "ThroughputCapacityPerHAPair",
  ]),
];

const FINAL: Taken = ["SkipFinalBackup", "FinalBackupTags"];

/** What a delete says of the last backup. */
export const DELETED: Taken = [
  "FileSystemId",
  "ClientRequestToken",
  ...beneath("WindowsConfiguration", FINAL),
  ...beneath("LustreConfiguration", FINAL),
  ...beneath("OpenZFSConfiguration", FINAL),
];

export const UPDATED: Taken = [
  "FileSystemId",
  "ClientRequestToken",
  "StorageCapacity",
  ...beneath("WindowsConfiguration", [...TIMES, "ThroughputCapacity"]),
  ...beneath("LustreConfiguration", [...TIMES, "DataCompressionType"]),
  ...beneath("OpenZFSConfiguration", [...TIMES, "CopyTagsToBackups", "CopyTagsToVolumes", "ThroughputCapacity"]),
  ...beneath("OntapConfiguration", [...TIMES, "ThroughputCapacity"]),
];

export const RESTORED: Taken = [
  "BackupId",
  "FileSystemTypeVersion",
  ...CREATED.filter((path) => !path.startsWith("Ontap")),
];

export const VOLUME: Taken = [
  "Name",
  "Tags",
  "ClientRequestToken",
  ...beneath("OntapConfiguration", [
    "JunctionPath",
    "SecurityStyle",
    "SizeInMegabytes",
    "SizeInBytes",
    "StorageEfficiencyEnabled",
    "StorageVirtualMachineId",
    "TieringPolicy",
    "OntapVolumeType",
    "SnapshotPolicy",
    "CopyTagsToBackups",
  ]),
];
