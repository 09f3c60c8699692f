import { setTimeout as sleep } from "node:timers/promises";
import {
  CreateFileSystemCommand,
  type CreateFileSystemCommandInput,
  CreateFileSystemFromBackupCommand,
  DeleteFileSystemCommand,
  type DeleteFileSystemCommandInput,
  DescribeFileSystemsCommand,
  type FileSystem,
  type FileSystemType,
  FSxClient,
  type StorageType,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFileSystemCommand,
  type UpdateFileSystemCommandInput,
  type WindowsFileSystemConfiguration,
} from "@aws-sdk/client-fsx";
import { fromTagList, tagChanges, toTagList } from "../../calls/tags.js";
import { type Context, unlessGone } from "../../resource/resource.js";
import { list, map, number, set, string, tagged, type Values } from "../../resource/schema.js";

const GONE = "FileSystemNotFound";
/** The official provider's own time-outs are an hour, of some types longer: as long as AWS takes. */
const DEADLINE_MS = 300_000;
const PAUSE_MS = 200;

/** What file systems take that AWS makes backups of, which are all but those of ONTAP. */
export const COMMON = {
  backupId: string({ replace: true }),
  finalBackupTags: map(),
  kmsKeyId: string({ computed: true, replace: true }),
  // AWS tells nobody which groups these are.
  securityGroupIds: set(string(), { replace: true }),
  storageCapacity: number(),
  storageType: string({ default: "SSD", replace: true }),
  subnetIds: list(string(), { required: true, replace: true }),
  dailyAutomaticBackupStartTime: string({ computed: true }),
  weeklyMaintenanceStartTime: string({ computed: true }),
  ...tagged,
};

/** What AWS says of a file system of any type. */
export const COMMON_OUTPUTS = ["arn", "dnsName", "networkInterfaceIds", "ownerId", "vpcId"] as const;

type Asked = Pick<
  CreateFileSystemCommandInput,
  "WindowsConfiguration" | "LustreConfiguration" | "OpenZFSConfiguration" | "FileSystemTypeVersion"
>;

/** Makes one, of a backup where one is named, and says its id. */
export async function create(
  context: Context,
  type: FileSystemType,
  inputs: Values<typeof COMMON>,
  asked: Asked,
): Promise<string> {
  const client = context.client(FSxClient);
  const Tags = toTagList(inputs.tagsAll);
  const given = {
    ...asked,
    KmsKeyId: inputs.kmsKeyId,
    SecurityGroupIds: inputs.securityGroupIds && [...inputs.securityGroupIds],
    StorageCapacity: inputs.storageCapacity,
    // FSx judges it.
    StorageType: inputs.storageType as StorageType,
    SubnetIds: [...inputs.subnetIds],
    ...(Tags.length > 0 && { Tags }),
  };
  const { backupId: BackupId } = inputs;
  const made =
    BackupId === undefined
      ? await client.send(new CreateFileSystemCommand({ ...given, FileSystemType: type }))
      : await client.send(new CreateFileSystemFromBackupCommand({ ...given, BackupId }));
  const id = made.FileSystem?.FileSystemId;
  if (id === undefined) throw new Error(`AWS gave no id of a new file system of type ${type}`);
  return id;
}

/** One that is there, and is of the type; undefined when it is gone or going. */
export async function find(context: Context, id: string, type: FileSystemType): Promise<FileSystem | undefined> {
  const call = context.client(FSxClient).send(new DescribeFileSystemsCommand({ FileSystemIds: [id] }));
  const seen = (await unlessGone(call, GONE))?.FileSystems?.[0];
  if (!seen || seen.Lifecycle === "DELETING") return undefined;
  if (seen.FileSystemType !== type)
    throw new Error(`${id} is a file system of type ${seen.FileSystemType}, not ${type}`);
  return seen;
}

/** Waits until nothing is being made or changed. */
export async function untilAvailable(context: Context, id: string, type: FileSystemType): Promise<void> {
  await until(async () => {
    const { Lifecycle, FailureDetails } = (await find(context, id, type)) ?? {};
    if (Lifecycle === "CREATING" || Lifecycle === "UPDATING") return false;
    if (Lifecycle === "AVAILABLE") return true;
    throw new Error(`${id} is ${Lifecycle ?? "gone"}${FailureDetails?.Message ? `: ${FailureDetails.Message}` : ""}`);
  }, `${id} is still not available`);
}

/** What the sections of all types have. */
type Section = Pick<
  WindowsFileSystemConfiguration,
  "AutomaticBackupRetentionDays" | "CopyTagsToBackups" | "DailyAutomaticBackupStartTime" | "WeeklyMaintenanceStartTime"
> & { readonly DeploymentType?: string | undefined };

/** What a read tells of every type. */
export const shown = (seen: FileSystem, own: Section) => ({
  arn: seen.ResourceARN,
  dnsName: seen.DNSName,
  kmsKeyId: seen.KmsKeyId,
  networkInterfaceIds: seen.NetworkInterfaceIds,
  ownerId: seen.OwnerId,
  storageCapacity: seen.StorageCapacity,
  storageType: seen.StorageType,
  subnetIds: seen.SubnetIds,
  vpcId: seen.VpcId,
  tagsAll: fromTagList(seen.Tags),
  automaticBackupRetentionDays: own.AutomaticBackupRetentionDays,
  copyTagsToBackups: own.CopyTagsToBackups,
  dailyAutomaticBackupStartTime: own.DailyAutomaticBackupStartTime,
  deploymentType: own.DeploymentType,
  weeklyMaintenanceStartTime: own.WeeklyMaintenanceStartTime,
});

export type Change = Omit<UpdateFileSystemCommandInput, "FileSystemId">;

/** Changes it, and waits until it is so. */
export async function change(context: Context, id: string, type: FileSystemType, asked: Change): Promise<void> {
  await context.client(FSxClient).send(new UpdateFileSystemCommand({ ...asked, FileSystemId: id }));
  await untilAvailable(context, id, type);
}

/** Brings its tags from what they were to what they should be. */
export async function setTags(
  context: Context,
  id: string,
  next: Readonly<Record<string, string>>,
  prior: Readonly<Record<string, string>> | undefined,
): Promise<void> {
  const { partition, region, account } = context;
  const ResourceARN = `arn:${partition}:fsx:${region}:${account}:file-system/${id}`;
  const { set: added, unset } = tagChanges(next, prior);
  const fsx = context.client(FSxClient);
  if (unset.length > 0) await fsx.send(new UntagResourceCommand({ ResourceARN, TagKeys: unset }));
  if (Object.keys(added).length > 0) await fsx.send(new TagResourceCommand({ ResourceARN, Tags: toTagList(added) }));
}

/** How a file system goes, beside its id. */
type Going = Omit<DeleteFileSystemCommandInput, "FileSystemId">;

/** Takes it away, and waits until it is gone: it holds on to its subnet and security groups. */
export async function remove(context: Context, id: string, type: FileSystemType, going: Going): Promise<void> {
  const client = context.client(FSxClient);
  const gone = await unlessGone(client.send(new DeleteFileSystemCommand({ ...going, FileSystemId: id })), GONE);
  if (!gone) return;
  await until(async () => {
    const call = client.send(new DescribeFileSystemsCommand({ FileSystemIds: [id] }));
    const seen = (await unlessGone(call, GONE))?.FileSystems?.[0];
    if (seen?.Lifecycle === "FAILED") throw new Error(`${id} could not be deleted: ${seen.FailureDetails?.Message}`);
    return seen === undefined;
  }, `${id} of type ${type} is still there`);
}

async function until(isDone: () => Promise<boolean>, otherwise: string): Promise<void> {
  const deadline = Date.now() + DEADLINE_MS;
  while (!(await isDone())) {
    if (Date.now() > deadline) throw new Error(otherwise);
    await sleep(PAUSE_MS);
  }
}
