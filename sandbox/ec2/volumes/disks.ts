import type { Call } from "../call.js";
import { checkId, notFound } from "../state/ids.js";
import type { Snapshot } from "../state/model.js";
import { Ec2Error, invalidValue, missingParameter } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { defaultKey } from "./keys.js";

/** What the caller asked of a new volume. */
interface DiskRequest {
  readonly size?: number | undefined;
  readonly type?: string | undefined;
  readonly iops?: number | undefined;
  readonly throughput?: number | undefined;
  readonly snapshot?: string | undefined;
  readonly encrypted?: boolean | undefined;
  readonly key?: string | undefined;
  readonly initializationRate?: number | undefined;
}

/** What it will be. Spread into a Volume. */
export interface Disk {
  readonly size: number;
  readonly type: string;
  readonly encrypted: boolean;
  readonly iops?: number;
  readonly throughput?: number;
  readonly snapshot?: string;
  readonly content?: string;
  readonly lineage?: string;
  readonly kmsKeyId?: string;
  readonly keyToCheck?: string;
  readonly initializationRate?: number;
}

interface Limits {
  readonly size: readonly [number, number];
  readonly iops?: readonly [number, number];
}

/** API_CreateVolume: Size, Iops. */
const TYPES: Readonly<Record<string, Limits>> = {
  gp2: { size: [1, 16_384] },
  gp3: { size: [1, 65_536], iops: [3000, 80_000] },
  io1: { size: [4, 16_384], iops: [100, 64_000] },
  io2: { size: [4, 65_536], iops: [100, 256_000] },
  st1: { size: [125, 16_384] },
  sc1: { size: [125, 16_384] },
  standard: { size: [1, 1024] },
};

/** Reads what CreateVolume and a block device of RunInstances have in common. */
export const readDisk = (params: Params, sizeName: "Size" | "VolumeSize"): DiskRequest => ({
  size: params.integer(sizeName),
  type: params.optional("VolumeType"),
  iops: params.integer("Iops"),
  throughput: params.integer("Throughput"),
  snapshot: params.optional("SnapshotId"),
  encrypted: params.boolean("Encrypted"),
  key: params.optional("KmsKeyId"),
  initializationRate: params.integer("VolumeInitializationRate"),
});

/** A snapshot of the region that a volume can be made from; message of a pending one seen in the field. */
function usableSnapshot(call: Call, id: string): Snapshot {
  checkId("snapshot", id, "snapshotId");
  const snapshot = call.shelf.snapshots.get(id);
  if (!snapshot) throw notFound("snapshot", [id]);
  if (snapshot.state !== "completed") {
    throw new Ec2Error("IncorrectState", `Snapshot is in invalid state - ${snapshot.state}`);
  }
  return snapshot;
}

/** `base` is what the AMI says about a device that the caller only changes. */
export function planDisk(call: Call, request: DiskRequest, base?: { size: number; snapshot: string }): Disk {
  const snapshot = request.snapshot === undefined ? undefined : usableSnapshot(call, request.snapshot);
  const least = snapshot?.size ?? base?.size;
  const size = request.size ?? least;
  if (size === undefined) throw missingParameter("size/snapshot");
  if (least !== undefined && size < least) {
    const from = snapshot?.id ?? base?.snapshot;
    // API_CreateVolume, Size: "equal to or larger than the snapshot size".
    throw invalidValue(`Volume of size ${size}GB is smaller than snapshot '${from}', expect size >= ${least}GB`);
  }
  const from = snapshot?.id ?? base?.snapshot;
  return {
    size,
    ...performance(request, size),
    ...encryption(call, request, snapshot),
    ...(from === undefined ? {} : { snapshot: from }),
    ...(snapshot?.content === undefined ? {} : { content: snapshot.content }),
    ...(snapshot ? { lineage: snapshot.lineage } : {}),
    ...initialization(request, snapshot),
  };
}

function performance(request: DiskRequest, size: number): Pick<Disk, "type" | "iops" | "throughput"> {
  // API_CreateVolume, VolumeType: "Default: gp2".
  const type = request.type ?? "gp2";
  const limits = Object.hasOwn(TYPES, type) ? TYPES[type] : undefined;
  if (!limits) throw new Ec2Error("UnknownVolumeType", `Unsupported volume type '${type}' for volume creation.`);
  const within = (name: string, value: number, [low, high]: readonly [number, number]): void => {
    if (value < low || value > high) {
      throw invalidValue(
        `Value (${value}) for parameter ${name} is invalid. ${type} volumes support ${low} to ${high}.`,
      );
    }
  };
  within("size", size, limits.size);
  if (request.iops !== undefined && !limits.iops) {
    throw new Ec2Error("InvalidParameterCombination", `The parameter iops is not supported for ${type} volumes.`);
  }
  if (request.iops === undefined && (type === "io1" || type === "io2")) {
    throw new Ec2Error("MissingParameter", `The parameter iops must be specified for ${type} volumes.`);
  }
  if (request.iops !== undefined && limits.iops) within("iops", request.iops, limits.iops);
  if (request.throughput !== undefined && type !== "gp3") {
    throw new Ec2Error("InvalidParameterCombination", `The parameter throughput is not supported for ${type} volumes.`);
  }
  if (request.throughput !== undefined) within("throughput", request.throughput, [125, 2000]);
  if (type === "gp3") return { type, iops: request.iops ?? 3000, throughput: request.throughput ?? 125 };
  // EBS user guide, "General Purpose SSD volumes": gp2 has 3 IOPS per GiB, from 100 to 16,000.
  if (type === "gp2") return { type, iops: Math.min(16_000, Math.max(100, size * 3)) };
  return request.iops === undefined ? { type } : { type, iops: request.iops };
}

/** Volumes from encrypted snapshots are encrypted, with the snapshot's key unless another is named (API_CreateVolume). */
export function encryption(
  call: Call,
  request: Pick<DiskRequest, "encrypted" | "key">,
  from: { readonly encrypted: boolean; readonly kmsKeyId?: string } | undefined,
): Pick<Disk, "encrypted" | "kmsKeyId" | "keyToCheck"> {
  if (request.encrypted === false && from?.encrypted) {
    // API_RunInstances, EbsBlockDevice.Encrypted: "In no case can you remove encryption from an encrypted volume."
    throw invalidValue("Encryption of an encrypted snapshot cannot be removed");
  }
  const encrypted = request.encrypted === true || from?.encrypted === true;
  if (request.key !== undefined && !encrypted) {
    throw new Ec2Error(
      "InvalidParameterDependency",
      "The parameter KmsKeyId requires the parameter Encrypted to be set.",
    );
  }
  if (!encrypted) return { encrypted };
  if (request.key !== undefined) return { encrypted, kmsKeyId: request.key, keyToCheck: request.key };
  return { encrypted, kmsKeyId: from?.kmsKeyId ?? defaultKey(call.region, call.context.account) };
}

function initialization(request: DiskRequest, snapshot: Snapshot | undefined): Pick<Disk, "initializationRate"> {
  const rate = request.initializationRate;
  if (rate === undefined) return {};
  // API_CreateVolume, VolumeInitializationRate: "supported only for volumes created from snapshots"; 100 to 300 MiB/s.
  if (!snapshot) throw invalidValue("VolumeInitializationRate is supported only for volumes created from snapshots");
  if (rate < 100 || rate > 300)
    throw invalidValue(`Value (${rate}) for parameter volumeInitializationRate is invalid.`);
  return { initializationRate: rate };
}
