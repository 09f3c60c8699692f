import { randomBytes } from "node:crypto";
import type * as sdk from "@aws-sdk/client-fsx";
import { freshId } from "../../state/ids.js";
import { ApiError } from "../../wire/errors.js";
import type { Call } from "../call.js";
import { badRequest, limitExceeded } from "../errors.js";
import { ownKey } from "../keys.js";
import type { Described, FileSystem } from "../state/model.js";
import { readTags } from "../tags.js";
import { madeBefore, readToken } from "../tokens.js";
import { configure, type Wish } from "./configuration.js";
import { show } from "./describe.js";

/** Least storage of each type in GiB (API_CreateFileSystem, StorageCapacity). */
const LEAST: Readonly<Record<sdk.FileSystemType, (type: sdk.StorageType) => number>> = {
  WINDOWS: (type) => (type === "HDD" ? 2000 : 32),
  LUSTRE: (type) => (type === "HDD" ? 6000 : 1200),
  OPENZFS: () => 64,
  ONTAP: () => 1024,
};

/** API_CreateFileSystem. */
export async function createFileSystem(
  call: Call,
  request: sdk.CreateFileSystemRequest,
): Promise<sdk.CreateFileSystemResponse> {
  const token = readToken(call, "CreateFileSystem");
  const before = madeBefore(call.store.fileSystems(call.region), token);
  if (before) return { FileSystem: show(call, before) };
  const type = request.FileSystemType ?? "LUSTRE";
  const made = await newFileSystem(call, type, request);
  const fileSystem: FileSystem = { ...made, tags: readTags(call, request.Tags), ...(token && { token }) };
  await call.contents.make(fileSystem.id);
  call.store.commit([{ put: fileSystem }]);
  return { FileSystem: show(call, fileSystem) };
}

/** A file system that is not there yet. */
export async function newFileSystem(
  call: Call,
  type: sdk.FileSystemType,
  request: Wish & Pick<sdk.CreateFileSystemRequest, "KmsKeyId" | "FileSystemTypeVersion" | "SecurityGroupIds">,
): Promise<FileSystem> {
  const { region, now, settings } = call;
  checkCount(call, type);
  const id = freshId("fs");
  const storage = storageOf(type, request);
  const described: Described = {
    ...storage,
    ...networkOf(call, request.SubnetIds ?? []),
    KmsKeyId: await ownKey(call, request.KmsKeyId),
    ...configure(type, { ...request, ...storage }, { id, region }),
    ...(type === "LUSTRE" && { FileSystemTypeVersion: request.FileSystemTypeVersion ?? "2.15" }),
  };
  const seq = call.store.nextSeq();
  return {
    kind: "file-system",
    ...{ id, seq, region, type, described },
    ...(request.SecurityGroupIds && { groups: request.SecurityGroupIds }),
    tags: {},
    createdAt: now,
    availableAt: now + settings.createMillis,
  };
}

function checkCount({ store, region, settings }: Call, type: sdk.FileSystemType): void {
  const count = store.fileSystems(region).filter((one) => one.type === type).length;
  if (count >= settings.fileSystems) throw limitExceeded("FILE_SYSTEM_COUNT", settings.fileSystems);
}

function storageOf(type: sdk.FileSystemType, { StorageCapacity, StorageType = "SSD" }: Wish) {
  if (StorageType === "HDD" && type !== "WINDOWS" && type !== "LUSTRE")
    throw badRequest(`${type} file systems have no storage of type HDD`);
  if (StorageType === "INTELLIGENT_TIERING") {
    if (type !== "OPENZFS" && type !== "LUSTRE") throw badRequest(`${type} has no storage of type INTELLIGENT_TIERING`);
    if (StorageCapacity !== undefined)
      throw badRequest("StorageCapacity goes without storage of type INTELLIGENT_TIERING");
    return { StorageType };
  }
  const least = LEAST[type](StorageType);
  if (StorageCapacity === undefined || StorageCapacity < least)
    throw badRequest(
      `StorageCapacity of a ${type} file system with ${StorageType} storage must be at least ${least} GiB`,
    );
  return { StorageCapacity, StorageType };
}

function networkOf({ neighbours, region }: Call, subnets: readonly string[]) {
  const vpcs = subnets.map((subnet) => {
    const vpc = neighbours.vpcOf(region, subnet);
    if (vpc !== undefined) return vpc;
    throw new ApiError("InvalidNetworkSettings", `There is no subnet ${subnet} in ${region}`, {
      InvalidSubnetId: subnet,
    });
  });
  if (new Set(vpcs).size > 1) throw badRequest("All subnets must be of one VPC");
  return {
    VpcId: vpcs[0],
    SubnetIds: [...subnets],
    NetworkInterfaceIds: subnets.map(() => `eni-${randomBytes(9).toString("hex").slice(0, 17)}`),
  };
}
