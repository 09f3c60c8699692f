import { randomBytes } from "node:crypto";
import type * as sdk from "@aws-sdk/client-fsx";
import { ApiError } from "../../wire/errors.js";
import { badRequest } from "../errors.js";
import type { Described } from "../state/model.js";

/** What makes a file system: a request, or a request over what a backup remembers. */
export type Wish = Pick<
  sdk.CreateFileSystemRequest,
  | "StorageCapacity"
  | "StorageType"
  | "SubnetIds"
  | "WindowsConfiguration"
  | "LustreConfiguration"
  | "OpenZFSConfiguration"
  | "OntapConfiguration"
>;

type Configured = Pick<
  Described,
  | "WindowsConfiguration"
  | "LustreConfiguration"
  | "OpenZFSConfiguration"
  | "OntapConfiguration"
  | "DNSName"
  | "NetworkType"
>;

/** What a configuration is made for. */
interface Place {
  readonly id: string;
  readonly region: string;
}

/** What the sandbox says where AWS chooses a time in the region's night. */
const WEEKLY = "1:05:00";
export const DAILY = "04:00";

/** AWS chooses times that are not given. Without automatic backups their two members are not shown (recorded). */
const times = (
  given: { WeeklyMaintenanceStartTime?: string | undefined; DailyAutomaticBackupStartTime?: string | undefined },
  days: number,
) => ({
  WeeklyMaintenanceStartTime: given.WeeklyMaintenanceStartTime ?? WEEKLY,
  ...(days > 0 && {
    DailyAutomaticBackupStartTime: given.DailyAutomaticBackupStartTime ?? DAILY,
    AutomaticBackupRetentionDays: days,
  }),
});

/** Nothing is at the addresses of file systems. */
export const ADDRESS = "10.0.0.10";

/** The API model's defaults of AutomaticBackupRetentionDays: 30, of Lustre 0. */
const DAYS = 30;

/** The configuration that the API shows for one that was asked for. Throws what a type must have and has not. */
export function configure(type: sdk.FileSystemType, wish: Wish, place: Place): Configured {
  switch (type) {
    case "WINDOWS":
      return windows(given(wish.WindowsConfiguration, "WindowsConfiguration"), wish, place);
    case "LUSTRE":
      return lustre(wish.LustreConfiguration ?? {}, wish, place);
    case "OPENZFS":
      return openZfs(given(wish.OpenZFSConfiguration, "OpenZFSConfiguration"), wish, place);
    case "ONTAP":
      return ontap(given(wish.OntapConfiguration, "OntapConfiguration"), wish, place);
  }
}

function given<T>(configuration: T | undefined, name: string): T {
  if (configuration !== undefined) return configuration;
  throw new ApiError("MissingFileSystemConfiguration", `A file system of this type needs ${name}`);
}

const dnsName = ({ id, region }: Place): string => `${id}.fsx.${region}.amazonaws.com`;

/** Multi-AZ deployments have a second subnet, and name the one of the active server (API_CreateFileSystem). */
function preferredSubnet(deployment: string, subnets: readonly string[] = [], preferred?: string): string | undefined {
  const [first] = subnets;
  if (!deployment.startsWith("MULTI_AZ")) {
    if (subnets.length > 1) throw badRequest(`${deployment} takes one subnet, but ${subnets.length} were given`);
    return first;
  }
  if (subnets.length !== 2) throw badRequest(`${deployment} takes two subnets, but ${subnets.length} were given`);
  if (preferred === undefined || !subnets.includes(preferred))
    throw badRequest(`PreferredSubnetId must be one of the subnets of a ${deployment} file system`);
  return preferred;
}

function windows(asked: sdk.CreateFileSystemWindowsConfiguration, wish: Wish, { id }: Place): Configured {
  const { ActiveDirectoryId, SelfManagedActiveDirectoryConfiguration: own } = asked;
  if ((ActiveDirectoryId === undefined) === (own === undefined))
    throw badRequest("Give either ActiveDirectoryId or SelfManagedActiveDirectoryConfiguration");
  const deployment = asked.DeploymentType ?? "SINGLE_AZ_1";
  const name = `${id}.${own?.DomainName ?? UNKNOWN_DOMAIN}`;
  const PreferredSubnetId = preferredSubnet(deployment, wish.SubnetIds, asked.PreferredSubnetId);
  return {
    DNSName: name,
    WindowsConfiguration: {
      ...(ActiveDirectoryId !== undefined && { ActiveDirectoryId }),
      ...(own && { SelfManagedActiveDirectoryConfiguration: withoutPassword(own) }),
      DeploymentType: deployment,
      RemoteAdministrationEndpoint: name,
      PreferredSubnetId,
      PreferredFileServerIp: ADDRESS,
      ThroughputCapacity: asked.ThroughputCapacity,
      ...times(asked, asked.AutomaticBackupRetentionDays ?? DAYS),
      CopyTagsToBackups: asked.CopyTagsToBackups ?? false,
      ...(asked.Aliases && { Aliases: asked.Aliases.map((Name) => ({ Name, Lifecycle: "AVAILABLE" as const })) }),
      AuditLogConfiguration: { FileAccessAuditLogLevel: "DISABLED", FileShareAccessAuditLogLevel: "DISABLED" },
      DiskIopsConfiguration: asked.DiskIopsConfiguration ?? automaticIops(wish),
    },
  };
}

/** The sandbox has no directory service to ask what the domain of an ActiveDirectoryId is. */
export const UNKNOWN_DOMAIN = "corp.example.com";

/** API_SelfManagedActiveDirectoryAttributes: all but the password. */
const withoutPassword = ({ Password: _, ...shown }: sdk.SelfManagedActiveDirectoryConfiguration) => shown;

function lustre(asked: sdk.CreateFileSystemLustreConfiguration, wish: Wish, place: Place): Configured {
  const { ImportPath, ExportPath, DeploymentType = "SCRATCH_1", AutomaticBackupRetentionDays: days = 0 } = asked;
  if (ExportPath !== undefined && ImportPath === undefined) throw badRequest("ExportPath needs ImportPath");
  if (DeploymentType.startsWith("SCRATCH") && days > 0)
    throw badRequest(`AutomaticBackupRetentionDays cannot be set on a ${DeploymentType} file system`);
  checkThroughput(DeploymentType, wish.StorageType ?? "SSD", asked.PerUnitStorageThroughput);
  return {
    DNSName: dnsName(place),
    LustreConfiguration: {
      ...times(asked, days),
      ...(ImportPath !== undefined && {
        DataRepositoryConfiguration: { Lifecycle: "AVAILABLE", ImportPath, ExportPath },
      }),
      DeploymentType,
      PerUnitStorageThroughput: asked.PerUnitStorageThroughput,
      // API_CreateFileSystem: scratch 1 mounts as "fsx", others under a name of their own.
      MountName: DeploymentType === "SCRATCH_1" ? "fsx" : randomBytes(4).toString("hex"),
      CopyTagsToBackups: asked.CopyTagsToBackups ?? false,
      DriveCacheType: asked.DriveCacheType,
      DataCompressionType: asked.DataCompressionType ?? "NONE",
      LogConfiguration: { Level: "DISABLED" },
      ThroughputCapacity: asked.ThroughputCapacity,
      DataReadCacheConfiguration: asked.DataReadCacheConfiguration,
    },
  };
}

function openZfs(asked: sdk.CreateFileSystemOpenZFSConfiguration, wish: Wish, place: Place): Configured {
  const deployment = asked.DeploymentType ?? "SINGLE_AZ_1";
  const preferred = preferredSubnet(deployment, wish.SubnetIds, asked.PreferredSubnetId);
  return {
    DNSName: dnsName(place),
    NetworkType: "IPV4",
    OpenZFSConfiguration: {
      ...times(asked, asked.AutomaticBackupRetentionDays ?? DAYS),
      CopyTagsToBackups: asked.CopyTagsToBackups ?? false,
      CopyTagsToVolumes: asked.CopyTagsToVolumes ?? false,
      DeploymentType: deployment,
      ThroughputCapacity: asked.ThroughputCapacity,
      DiskIopsConfiguration: asked.DiskIopsConfiguration ?? automaticIops(wish),
      RootVolumeId: `fsvol-${randomBytes(9).toString("hex").slice(0, 17)}`,
      ...(deployment.startsWith("MULTI_AZ") && {
        PreferredSubnetId: preferred,
        RouteTableIds: asked.RouteTableIds ?? [],
        EndpointIpAddressRange: asked.EndpointIpAddressRange ?? "10.255.255.224/28",
        EndpointIpAddress: ADDRESS,
      }),
      ReadCacheConfiguration: asked.ReadCacheConfiguration,
    },
  };
}

function ontap(asked: sdk.CreateFileSystemOntapConfiguration, wish: Wish, { id, region }: Place): Configured {
  const deployment = asked.DeploymentType ?? "SINGLE_AZ_1";
  const PreferredSubnetId = preferredSubnet(deployment, wish.SubnetIds, asked.PreferredSubnetId);
  const endpoint = (name: string) => ({ DNSName: `${name}.${id}.fsx.${region}.amazonaws.com`, IpAddresses: [ADDRESS] });
  return {
    OntapConfiguration: {
      ...times(asked, asked.AutomaticBackupRetentionDays ?? DAYS),
      DeploymentType: deployment,
      EndpointIpAddressRange: asked.EndpointIpAddressRange,
      Endpoints: { Intercluster: endpoint("intercluster"), Management: endpoint("management") },
      DiskIopsConfiguration: asked.DiskIopsConfiguration ?? automaticIops(wish),
      PreferredSubnetId,
      RouteTableIds: asked.RouteTableIds,
      ThroughputCapacity: asked.ThroughputCapacity ?? asked.ThroughputCapacityPerHAPair,
      HAPairs: asked.HAPairs ?? 1,
      ThroughputCapacityPerHAPair: asked.ThroughputCapacityPerHAPair ?? asked.ThroughputCapacity,
    },
  };
}

/** Three a GiB (recorded: 96 of 32 GiB, 192 of 64, 3072 of 1024). */
const automaticIops = ({ StorageCapacity = 0 }: Wish) => ({ Mode: "AUTOMATIC" as const, Iops: 3 * StorageCapacity });

/** MB/s per TiB, by deployment and storage (API_CreateFileSystemLustreConfiguration, PerUnitStorageThroughput). */
const THROUGHPUTS: Readonly<Record<string, readonly number[]>> = {
  "PERSISTENT_1 SSD": [50, 100, 200],
  "PERSISTENT_1 HDD": [12, 40],
  "PERSISTENT_2 SSD": [125, 250, 500, 1000],
};

function checkThroughput(deployment: string, storage: string, throughput: number | undefined): void {
  const possible = THROUGHPUTS[`${deployment} ${storage}`];
  if (!possible || (throughput !== undefined && possible.includes(throughput))) return;
  const message = `PerUnitStorageThroughput of ${deployment} with ${storage} storage is one of ${possible.join(", ")}, not ${throughput}`;
  throw new ApiError("InvalidPerUnitStorageThroughput", message);
}
