import { randomUUID } from "node:crypto";
import type * as sdk from "@aws-sdk/client-fsx";
import { freshId } from "../../state/ids.js";
import { ApiError } from "../../wire/errors.js";
import { arnOf } from "../arns.js";
import type { Call } from "../call.js";
import { badRequest, notFound } from "../errors.js";
import { filterOf } from "../filters.js";
import { page } from "../paging.js";
import type { StorageVirtualMachine, Tags, Volume } from "../state/model.js";
import { lifecycleOf } from "./lifecycle.js";

const MIB = 1024 ** 2;

/** What makes a volume. */
export interface VolumeWish {
  readonly name: string;
  readonly configuration: sdk.CreateOntapVolumeConfiguration;
  readonly isRoot?: boolean;
  readonly tags?: Tags;
}

/** A volume that is not there yet, with what ONTAP takes where nothing is said (recorded). */
export function newVolume(call: Call, machine: StorageVirtualMachine, wish: VolumeWish): Volume {
  const { store, region, now, settings } = call;
  const { configuration, name, isRoot = false, tags = {} } = wish;
  const uuid = randomUUID();
  const bytes = configuration.SizeInBytes ?? (configuration.SizeInMegabytes ?? 0) * MIB;
  if (bytes <= 0) throw badRequest("SizeInBytes or SizeInMegabytes of the volume is missing");
  const type = configuration.OntapVolumeType ?? "RW";
  return {
    kind: "volume",
    id: freshId("fsvol"),
    seq: store.nextSeq(),
    ...{ region, tags, name, uuid },
    createdAt: now,
    readyAt: now + settings.createMillis,
    fileSystem: machine.fileSystem,
    described: {
      FlexCacheEndpointType: "NONE",
      JunctionPath: configuration.JunctionPath,
      SecurityStyle: configuration.SecurityStyle ?? machine.style,
      SizeInMegabytes: Math.floor(bytes / MIB),
      StorageEfficiencyEnabled: configuration.StorageEfficiencyEnabled ?? false,
      StorageVirtualMachineId: machine.id,
      StorageVirtualMachineRoot: isRoot,
      TieringPolicy: configuration.TieringPolicy ?? { Name: "NONE" },
      UUID: uuid,
      OntapVolumeType: type,
      SnapshotPolicy: configuration.SnapshotPolicy ?? "default",
      CopyTagsToBackups: configuration.CopyTagsToBackups ?? false,
      VolumeStyle: "FLEXVOL",
      AggregateConfiguration: { Aggregates: ["aggr1"] },
      SizeInBytes: bytes,
    },
  };
}

/** A volume as the API shows it. Recorded: it tells no tags, which ListTagsForResource does (hashicorp/terraform-provider-aws, `ontap_volume.go`). */
export const show = ({ context, now }: Call, one: Volume): sdk.Volume => ({
  CreationTime: new Date(one.createdAt),
  FileSystemId: one.fileSystem,
  Lifecycle: lifecycleOf(one, now),
  Name: one.name,
  OntapConfiguration: one.described,
  ResourceARN: arnOf(context.account, one),
  VolumeId: one.id,
  VolumeType: "ONTAP",
});

/** API_DescribeVolumes: those of ONTAP; what OpenZFS has of them the sandbox has not. */
export function describeVolumes(call: Call, request: sdk.DescribeVolumesRequest): sdk.DescribeVolumesResponse {
  const { VolumeIds: ids = [] } = request;
  const all = ids.length > 0 ? ids.map((id) => findVolume(call, id)) : call.store.volumes(call.region);
  const keep = filterOf<Volume>(request.Filters, {
    "file-system-id": (one) => one.fileSystem,
    "storage-virtual-machine-id": (one) => one.described.StorageVirtualMachineId,
  });
  const { rows, next } = page(call, request, all, ({ id }) => id, ids.length > 0 ? undefined : keep);
  return { Volumes: rows.map((one) => show(call, one)), ...next };
}

export function findVolume({ store, region }: Call, id: string): Volume {
  const found = store.find("volume", region, id);
  if (!found) throw notFound("volume", id);
  return found;
}

/** The machine that a new volume is to be in. */
export function machineOf(
  { store, region, now }: Call,
  configuration: sdk.CreateOntapVolumeConfiguration | undefined,
): StorageVirtualMachine {
  if (!configuration) throw new ApiError("MissingVolumeConfiguration", "A volume of ONTAP needs OntapConfiguration");
  const id = configuration.StorageVirtualMachineId ?? "";
  const machine = store.find("storage-virtual-machine", region, id);
  if (!machine) throw notFound("storage-virtual-machine", id);
  const state = lifecycleOf(machine, now);
  if (state !== "CREATED") throw badRequest(`The storage virtual machine ${id} is in ${state}`);
  return machine;
}
