import type { Call, Commit } from "../call.js";
import { checkId, freshId, notFound } from "../state/ids.js";
import type { Volume } from "../state/model.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { madeBefore, readClientToken } from "../wire/client-token.js";
import { Ec2Error, invalidCombination, missingParameter } from "../wire/errors.js";
import { type FilterTable, readFilters, tagsOf } from "../wire/filters.js";
import { cut, readPage } from "../wire/paging.js";
import type { Params } from "../wire/protocol.js";
import { leaf, list, timestamp } from "../wire/xml.js";
import { findZone, zonesOf } from "../zones.js";
import { planDisk, readDisk } from "./disks.js";

export function findVolume(call: Call, id: string, parameter = "volumeId"): Volume {
  checkId("volume", id, parameter);
  const volume = call.shelf.volumes.get(id);
  if (!volume) throw notFound("volume", [id]);
  return volume;
}

const attachmentXml = (volume: Volume, status = "attached"): string =>
  volume.attachment === undefined
    ? ""
    : leaf("volumeId", volume.id) +
      leaf("instanceId", volume.attachment.instance) +
      leaf("device", volume.attachment.device) +
      leaf("status", status) +
      leaf("attachTime", timestamp(volume.attachment.at)) +
      leaf("deleteOnTermination", volume.attachment.deleteOnTermination);

function volumeXml(volume: Volume): string {
  const zone = zonesOf(volume.region).find((one) => one.name === volume.zone);
  return (
    leaf("volumeId", volume.id) +
    leaf("size", volume.size) +
    leaf("snapshotId", volume.snapshot ?? "") +
    leaf("availabilityZone", volume.zone) +
    leaf("availabilityZoneId", zone?.id) +
    leaf("status", volume.state) +
    leaf("createTime", timestamp(volume.createdAt)) +
    list("attachmentSet", volume.attachment ? [attachmentXml(volume)] : []) +
    tagSet(volume.tags) +
    leaf("volumeType", volume.type) +
    leaf("iops", volume.iops) +
    leaf("throughput", volume.throughput) +
    leaf("volumeInitializationRate", volume.initializationRate) +
    leaf("encrypted", volume.encrypted) +
    leaf("kmsKeyId", volume.kmsKeyId) +
    leaf("multiAttachEnabled", false)
  );
}

/** API_CreateVolume. The answer says `creating`; the next look finds it `available` (with a key to check: a moment later). */
export function createVolume(call: Call, params: Params): Commit {
  const token = readClientToken(params);
  const [before] = madeBefore(call, params, "volume", token, (id) => call.shelf.volumes.get(id));
  if (before) return () => volumeXml(before);
  const zone = findZone(call.region, params.optional("AvailabilityZone"), params.optional("AvailabilityZoneId"));
  if (!zone) throw missingParameter("AvailabilityZone");
  if (params.boolean("MultiAttachEnabled")) {
    throw new Ec2Error("UnsupportedOperation", "The sandbox has no Multi-Attach volumes");
  }
  const request = readDisk(params, "Size");
  const { volume: tags } = readTagSpecifications(params, ["volume"]);
  const disk = planDisk(call, request);
  return () => {
    const id = freshId("vol");
    const volume: Volume = {
      kind: "volume",
      id,
      seq: call.store.nextSeq(),
      region: call.region,
      tags,
      state: disk.keyToCheck === undefined ? "available" : "creating",
      zone: zone.name,
      createdAt: call.now,
      lineage: id,
      ...disk,
      ...(token ? { token } : {}),
    };
    call.store.commit([{ put: volume }]);
    return volumeXml({ ...volume, state: "creating" });
  };
}

/** API_DeleteVolume: "The volume must be in the available state". */
export function deleteVolume(call: Call, params: Params): Commit {
  const volume = findVolume(call, params.required("VolumeId"));
  if (volume.attachment) {
    throw new Ec2Error("VolumeInUse", `Volume ${volume.id} is currently attached to ${volume.attachment.instance}`);
  }
  return () => {
    call.store.commit([{ drop: volume.id }]);
    return leaf("return", true);
  };
}

/** API_AttachVolume. Attached at once; DeleteOnTermination is false (EC2 user guide, "Preserve data ..."). */
export function attachVolume(call: Call, params: Params): Commit {
  const device = params.required("Device");
  const volume = findVolume(call, params.required("VolumeId"));
  const instanceId = params.required("InstanceId");
  checkId("instance", instanceId, "instanceId");
  const instance = call.shelf.instances.get(instanceId);
  if (!instance) throw notFound("instance", [instanceId]);
  if (volume.attachment) throw new Ec2Error("VolumeInUse", `${volume.id} is already attached to an instance`);
  if (volume.state !== "available") {
    throw new Ec2Error("IncorrectState", `Volume ${volume.id} is in the '${volume.state}' state, not 'available'`);
  }
  if (volume.zone !== instance.zone) {
    const where = `${volume.zone} and ${instance.zone}`;
    throw new Ec2Error(
      "InvalidVolume.ZoneMismatch",
      `The volume '${volume.id}' is not in the zone of the instance: ${where}`,
    );
  }
  if (instance.state !== "running" && instance.state !== "stopped") {
    throw new Ec2Error("IncorrectState", `Instance '${instance.id}' is not 'running' or 'stopped'.`);
  }
  for (const other of call.shelf.attached.get(instance.id) ?? []) {
    if (call.shelf.volumes.get(other)?.attachment?.device === device) {
      // errors-overview: "The device to which you are trying to attach ... is already in use on the instance."
      throw new Ec2Error(
        "InvalidParameterValue",
        `Invalid value '${device}' for unixDevice. Attachment point ${device} is already in use`,
      );
    }
  }
  return () => {
    const attachment = { instance: instance.id, device, deleteOnTermination: false, at: call.now };
    const attached: Volume = { ...volume, state: "in-use", attachment };
    call.store.commit([{ put: attached }]);
    return attachmentXml(attached, "attaching");
  };
}

/** API_DetachVolume. A root volume only from a stopped instance. */
export function detachVolume(call: Call, params: Params): Commit {
  const volume = findVolume(call, params.required("VolumeId"));
  const instanceId = params.optional("InstanceId");
  const device = params.optional("Device");
  params.boolean("Force");
  if (instanceId !== undefined) checkId("instance", instanceId, "instanceId");
  const { attachment } = volume;
  if (!attachment) throw new Ec2Error("IncorrectState", `Volume '${volume.id}' is in the 'available' state.`);
  if (
    (instanceId ?? attachment.instance) !== attachment.instance ||
    (device ?? attachment.device) !== attachment.device
  ) {
    throw new Ec2Error(
      "InvalidAttachment.NotFound",
      `The volume '${volume.id}' is not attached to '${instanceId}' as '${device ?? ""}'`,
    );
  }
  const instance = call.shelf.instances.get(attachment.instance);
  if (instance?.rootDevice === attachment.device && instance.state !== "stopped") {
    // errors-overview, OperationNotPermitted; message from the field.
    throw new Ec2Error(
      "OperationNotPermitted",
      `Unable to detach root volume '${volume.id}' from instance '${instance.id}'`,
    );
  }
  return () => {
    const { attachment: _, ...rest } = volume;
    call.store.commit([{ put: { ...rest, state: "available" } }]);
    return attachmentXml(volume, "detaching");
  };
}

const volumeFilters: FilterTable<Volume> = {
  "attachment.attach-time": (row) => row.attachment && timestamp(row.attachment.at),
  "attachment.delete-on-termination": (row) => row.attachment?.deleteOnTermination,
  "attachment.device": (row) => row.attachment?.device,
  "attachment.instance-id": (row) => row.attachment?.instance,
  "attachment.status": (row) => row.attachment && "attached",
  "availability-zone": (row) => row.zone,
  "availability-zone-id": (row) => zonesOf(row.region).find((zone) => zone.name === row.zone)?.id,
  "create-time": (row) => timestamp(row.createdAt),
  encrypted: (row) => row.encrypted,
  "fast-restored": () => false,
  "multi-attach-enabled": () => false,
  size: (row) => row.size,
  "snapshot-id": (row) => row.snapshot,
  status: (row) => row.state,
  "volume-id": (row) => row.id,
  "volume-type": (row) => row.type,
};

/** API_DescribeVolumes. */
export function describeVolumes(call: Call, params: Params): Commit {
  const ids = [...new Set(params.strings("VolumeId"))];
  const keep = readFilters(params, volumeFilters, tagsOf);
  const page = readPage(call, params, { over: "clamp", ...(ids.length > 0 ? { ids: "volumeSet" } : {}) });
  for (const id of ids) checkId("volume", id, "volumes");
  const missing = ids.filter((id) => !call.shelf.volumes.get(id));
  if (missing.length > 0) throw notFound("volume", missing);
  return () => {
    const named = ids.flatMap((id) => call.shelf.volumes.get(id) ?? []);
    const rows = ids.length > 0 ? named : call.shelf.volumes.after(Number(page.after));
    const found = cut(rows, page, keep, (row) => String(row.seq));
    return list("volumeSet", found.rows.map(volumeXml)) + found.next;
  };
}

/**
 * API_ModifyVolume: only what changes size, type and performance; done at once, where AWS takes minutes (`optimizing`).
 */
export function modifyVolume(call: Call, params: Params): Commit {
  const volume = findVolume(call, params.required("VolumeId"));
  const size = params.integer("Size") ?? volume.size;
  const type = params.optional("VolumeType") ?? volume.type;
  const iops = params.integer("Iops");
  const throughput = params.integer("Throughput");
  if (size < volume.size) throw invalidCombination(`New size cannot be smaller than existing size ${volume.size}`);
  const kept = type === volume.type && (type === "io1" || type === "io2" || type === "gp3") ? volume : undefined;
  const keptThroughput = type === "gp3" ? kept?.throughput : undefined;
  const plan = planDisk(call, { size, type, iops: iops ?? kept?.iops, throughput: throughput ?? keptThroughput });
  return () => {
    const { iops: _iops, throughput: _throughput, ...rest } = volume;
    const { encrypted: _encrypted, ...changed } = plan;
    const modified: Volume = { ...rest, ...changed };
    call.store.commit([{ put: modified }]);
    const half = (prefix: "target" | "original", of: Volume): string =>
      leaf(`${prefix}Size`, of.size) +
      leaf(`${prefix}Iops`, of.iops) +
      leaf(`${prefix}VolumeType`, of.type) +
      leaf(`${prefix}Throughput`, of.throughput);
    const content =
      leaf("volumeId", volume.id) +
      leaf("modificationState", "completed") +
      half("target", modified) +
      half("original", volume) +
      leaf("progress", 100) +
      leaf("startTime", timestamp(call.now)) +
      leaf("endTime", timestamp(call.now));
    return `<volumeModification>${content}</volumeModification>`;
  };
}
