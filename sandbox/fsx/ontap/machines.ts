import { randomUUID } from "node:crypto";
import type * as sdk from "@aws-sdk/client-fsx";
import { freshId } from "../../state/ids.js";
import { arnOf } from "../arns.js";
import type { Call } from "../call.js";
import { badRequest, notFound } from "../errors.js";
import { ADDRESS } from "../file-systems/configuration.js";
import { findFileSystem } from "../file-systems/describe.js";
import { lifecycleOf as fileSystemState } from "../file-systems/lifecycle.js";
import { filterOf } from "../filters.js";
import { page } from "../paging.js";
import type { StorageVirtualMachine } from "../state/model.js";
import { readTags, tagList } from "../tags.js";
import { madeBefore, readToken } from "../tokens.js";
import { lifecycleOf } from "./lifecycle.js";
import { newVolume } from "./volumes.js";

/** API_CreateStorageVirtualMachine. It comes with its root volume. */
export async function createMachine(
  call: Call,
  request: sdk.CreateStorageVirtualMachineRequest,
): Promise<sdk.CreateStorageVirtualMachineResponse> {
  const { store, region, now, settings } = call;
  const token = readToken(call, "CreateStorageVirtualMachine");
  const before = madeBefore(store.machines(region), token);
  if (before) return { StorageVirtualMachine: show(call, before) };
  const fileSystem = findFileSystem(call, request.FileSystemId);
  if (fileSystem.type !== "ONTAP") throw badRequest(`${fileSystem.id} is of type ${fileSystem.type}, not ONTAP`);
  const state = fileSystemState(fileSystem, now);
  if (state !== "AVAILABLE" && state !== "UPDATING") throw badRequest(`${fileSystem.id} is in ${state}`);
  const machine: StorageVirtualMachine = {
    kind: "storage-virtual-machine",
    id: freshId("svm"),
    seq: store.nextSeq(),
    region,
    tags: readTags(call, request.Tags),
    createdAt: now,
    readyAt: now + settings.createMillis,
    fileSystem: fileSystem.id,
    name: request.Name ?? "",
    uuid: randomUUID(),
    style: request.RootVolumeSecurityStyle ?? "UNIX",
    ...(token && { token }),
  };
  const root = newVolume(call, machine, {
    name: `${machine.name}_root`,
    configuration: { JunctionPath: "/", SizeInMegabytes: 1024, StorageVirtualMachineId: machine.id },
    isRoot: true,
  });
  await call.contents.make(root.id);
  store.commit([{ put: machine }, { put: root }]);
  return { StorageVirtualMachine: show(call, machine) };
}

function show({ context, now }: Call, one: StorageVirtualMachine): sdk.StorageVirtualMachine {
  const host = `${one.id}.${one.fileSystem}.fsx.${one.region}.amazonaws.com`;
  const endpoint = (name: string) => ({ DNSName: `${name}${host}`, IpAddresses: [ADDRESS] });
  return {
    CreationTime: new Date(one.createdAt),
    Endpoints: { Iscsi: endpoint("iscsi."), Management: endpoint(""), Nfs: endpoint("") },
    FileSystemId: one.fileSystem,
    Lifecycle: lifecycleOf(one, now),
    Name: one.name,
    ResourceARN: arnOf(context.account, one),
    StorageVirtualMachineId: one.id,
    Subtype: "DEFAULT",
    UUID: one.uuid,
    RootVolumeSecurityStyle: one.style,
    ...(Object.keys(one.tags).length > 0 && { Tags: tagList(one.tags) }),
  };
}

/** API_DescribeStorageVirtualMachines. */
export function describeMachines(
  call: Call,
  request: sdk.DescribeStorageVirtualMachinesRequest,
): sdk.DescribeStorageVirtualMachinesResponse {
  const { StorageVirtualMachineIds: ids = [] } = request;
  const all = ids.length > 0 ? ids.map((id) => findMachine(call, id)) : call.store.machines(call.region);
  const keep = filterOf<StorageVirtualMachine>(request.Filters, { "file-system-id": (one) => one.fileSystem });
  const { rows, next } = page(call, request, all, ({ id }) => id, ids.length > 0 ? undefined : keep);
  return { StorageVirtualMachines: rows.map((one) => show(call, one)), ...next };
}

function findMachine({ store, region }: Call, id: string): StorageVirtualMachine {
  const found = store.find("storage-virtual-machine", region, id);
  if (!found) throw notFound("storage-virtual-machine", id);
  return found;
}

/** API_DeleteStorageVirtualMachine: "you must delete all non-root volumes in the SVM". The root volume goes with it. */
export function deleteMachine(
  call: Call,
  { StorageVirtualMachineId: id = "" }: sdk.DeleteStorageVirtualMachineRequest,
): sdk.DeleteStorageVirtualMachineResponse {
  const machine = findMachine(call, id);
  const volumes = call.store.volumes(call.region).filter(({ described }) => described.StorageVirtualMachineId === id);
  const left = volumes.find(({ described, goneAt }) => !described.StorageVirtualMachineRoot && goneAt === undefined);
  if (left) throw badRequest(`The storage virtual machine ${id} still has the volume ${left.id}`);
  const goneAt = machine.goneAt ?? call.now + call.settings.deleteMillis;
  call.store.commit([machine, ...volumes].map((one) => ({ put: { ...one, goneAt } })));
  return { StorageVirtualMachineId: id, Lifecycle: "DELETING" };
}
