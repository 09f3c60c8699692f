import type { Form, Members } from "../facts.js";
import {
  AUTOMATIC,
  arn,
  ENDPOINT,
  FILE_SYSTEM_ID,
  HEX,
  IOPS,
  KEY,
  LUSTRE_LOG,
  OWNER,
  TAGS,
  VOLUME_ID,
  WEEKLY,
} from "./words.js";

const COMMON = {
  OwnerId: OWNER,
  CreationTime: "time",
  FileSystemId: FILE_SYSTEM_ID,
  Lifecycle: /^(CREATING|AVAILABLE|UPDATING|DELETING|FAILED)$/,
  StorageCapacity: "number",
  VpcId: /^vpc-/,
  SubnetIds: [/^subnet-/],
  NetworkInterfaceIds: [/^eni-/],
  KmsKeyId: KEY,
  ResourceARN: arn(`file-system/fs-${HEX}`),
  Tags: TAGS,
} as const;

const WINDOWS: Members = {
  always: { ThroughputCapacity: "number", WeeklyMaintenanceStartTime: WEEKLY, CopyTagsToBackups: "flag" },
  recent: {
    DeploymentType: /^(MULTI_AZ_1|SINGLE_AZ_1|SINGLE_AZ_2)$/,
    RemoteAdministrationEndpoint: "text",
    PreferredSubnetId: /^subnet-/,
    PreferredFileServerIp: "text",
    AuditLogConfiguration: {
      always: { FileAccessAuditLogLevel: /^DISABLED$/, FileShareAccessAuditLogLevel: /^DISABLED$/ },
    },
    DiskIopsConfiguration: IOPS,
  },
  seen: {
    ...AUTOMATIC,
    ActiveDirectoryId: /^d-/,
    SelfManagedActiveDirectoryConfiguration: {
      always: { DomainName: "text", UserName: "text", DnsIps: ["text"] },
      seen: { OrganizationalUnitDistinguishedName: "text", FileSystemAdministratorsGroup: "text" },
    },
  },
};

const LUSTRE: Members = {
  always: {
    WeeklyMaintenanceStartTime: WEEKLY,
    DeploymentType: /^(SCRATCH_1|SCRATCH_2|PERSISTENT_1|PERSISTENT_2)$/,
    PerUnitStorageThroughput: "number",
    MountName: "text",
    CopyTagsToBackups: "flag",
    DataCompressionType: /^(NONE|LZ4)$/,
    LogConfiguration: LUSTRE_LOG,
  },
  seen: AUTOMATIC,
};

const OPENZFS: Members = {
  always: {
    CopyTagsToBackups: "flag",
    CopyTagsToVolumes: "flag",
    DeploymentType: /^(SINGLE_AZ_1|SINGLE_AZ_2|SINGLE_AZ_HA_1|SINGLE_AZ_HA_2|MULTI_AZ_1)$/,
    ThroughputCapacity: "number",
    WeeklyMaintenanceStartTime: WEEKLY,
    DiskIopsConfiguration: IOPS,
    RootVolumeId: VOLUME_ID,
  },
  seen: {
    ...AUTOMATIC,
    PreferredSubnetId: /^subnet-/,
    EndpointIpAddressRange: "text",
    RouteTableIds: [/^rtb-/],
    EndpointIpAddress: "text",
  },
};

const ONTAP: Members = {
  always: {
    DeploymentType: /^(MULTI_AZ_1|MULTI_AZ_2|SINGLE_AZ_1|SINGLE_AZ_2)$/,
    Endpoints: { always: { Intercluster: ENDPOINT, Management: ENDPOINT } },
    DiskIopsConfiguration: IOPS,
    PreferredSubnetId: /^subnet-/,
    ThroughputCapacity: "number",
    WeeklyMaintenanceStartTime: WEEKLY,
  },
  seen: {
    ...AUTOMATIC,
    EndpointIpAddressRange: "text",
    RouteTableIds: [/^rtb-/],
    HAPairs: "number",
    ThroughputCapacityPerHAPair: "number",
  },
};

/** By FileSystemType. */
export const FILE_SYSTEM: Readonly<Record<string, Form>> = {
  WINDOWS: {
    always: { ...COMMON, FileSystemType: /^WINDOWS$/, DNSName: "text", WindowsConfiguration: WINDOWS },
    recent: { StorageType: /^(SSD|HDD)$/ },
  },
  LUSTRE: {
    always: {
      ...COMMON,
      FileSystemType: /^LUSTRE$/,
      StorageType: /^(SSD|HDD|INTELLIGENT_TIERING)$/,
      DNSName: /^fs-.*\.fsx\..*\.amazonaws\.com$/,
      FileSystemTypeVersion: /^2\.\d+$/,
      LustreConfiguration: LUSTRE,
    },
  },
  OPENZFS: {
    always: {
      ...COMMON,
      FileSystemType: /^OPENZFS$/,
      StorageType: /^(SSD|INTELLIGENT_TIERING)$/,
      DNSName: /^fs-.*\.fsx\..*\.amazonaws\.com$/,
      OpenZFSConfiguration: OPENZFS,
    },
    seen: { NetworkType: /^(IPV4|DUAL)$/ },
  },
  ONTAP: {
    always: { ...COMMON, FileSystemType: /^ONTAP$/, StorageType: /^SSD$/, OntapConfiguration: ONTAP },
  },
};
