import type { SnapshotEvent } from "../../faults/endings.js";
import type { Call, Commit } from "../call.js";
import { imageUsing } from "../images/images.js";
import { volumesOf } from "../instances/terminate.js";
import type { Tags } from "../state/base.js";
import { checkId, freshId, notFound } from "../state/ids.js";
import type { Snapshot, Volume } from "../state/model.js";
import { mergeTags, readTagSpecifications } from "../tags.js";
import { defaultKey } from "../volumes/keys.js";
import { findVolume } from "../volumes/volumes.js";
import { Ec2Error, invalidValue } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { list } from "../wire/xml.js";
import { refuseLocked } from "./locks.js";
import { snapshotInfoXml, snapshotXml } from "./xml.js";

/** EBS user guide, "Quotas for Amazon EBS", and errors-overview for the codes. */
export function checkLimits(call: Call, volumes: readonly Volume[]): void {
  const { settings, shelf } = call;
  if (shelf.snapshots.size + volumes.length > settings.snapshots) {
    throw new Ec2Error(
      "SnapshotLimitExceeded",
      `You have reached the limit of ${settings.snapshots} snapshots in this Region.`,
    );
  }
  const unfinished = [...shelf.unfinished.values()].filter((one) => !one.copy);
  const pending = unfinished.filter((one) => one.state === "pending").length;
  if (pending + volumes.length > settings.pendingSnapshots) {
    throw new Ec2Error(
      "PendingSnapshotLimitExceeded",
      `Maximum allowed number of pending snapshots exceeded: ${settings.pendingSnapshots}.`,
    );
  }
  for (const volume of volumes) {
    // "... and check that you do not have snapshots that are in an incomplete state, such as 'error', which count."
    const limit = volume.type === "st1" || volume.type === "sc1" ? 1 : settings.volumeSnapshots;
    if (unfinished.filter((one) => one.volume === volume.id).length >= limit) {
      throw new Ec2Error(
        "ConcurrentSnapshotLimitExceeded",
        `Maximum allowed in-progress snapshots for a single volume exceeded: ${volume.id}.`,
      );
    }
  }
}

/**
 * The volume's key, which EBS uses again: one that is disabled by then lets the snapshot end in `error` (KMS developer guide, "Key
 * states of AWS KMS keys"; that a snapshot of an attached volume fails as well is not documented, and not recorded).
 */
function keyOf({ region, context }: Call, { kmsKeyId }: Volume): Pick<Snapshot, "kmsKeyId" | "keyToCheck"> {
  if (kmsKeyId === undefined) return {};
  return { kmsKeyId, ...(kmsKeyId === defaultKey(region, context.account) ? {} : { keyToCheck: kmsKeyId }) };
}

/** The snapshot of a volume as it is now: it refers to the same bytes, and the volume's next write goes elsewhere. */
export function take(call: Call, volume: Volume, description: string, tags: Tags, set?: string): Snapshot {
  return {
    kind: "snapshot",
    id: freshId("snap"),
    seq: call.store.nextSeq(),
    region: call.region,
    tags,
    state: "pending",
    volume: volume.id,
    size: volume.size,
    description,
    encrypted: volume.encrypted,
    ...keyOf(call, volume),
    startedAt: call.now,
    dueAt: call.now + call.settings.snapshotMillis,
    writtenBytes: call.bytes.written(volume.content),
    lineage: volume.lineage,
    ...(set === undefined ? {} : { set }),
    ...(volume.content === undefined ? {} : { content: volume.content }),
  };
}

/** What makes a snapshot end in `error`, where the sandbox was asked for it. */
export function failing({ settings, region }: Call, event: SnapshotEvent): { readonly failure?: string } {
  const failure = settings.endsInError?.(region, event);
  return failure === undefined ? {} : { failure };
}

function checkDescription(description: string): string {
  // API_CreateSnapshot, Description; up to 255 characters (EBS user guide). Documented, not recorded.
  if (description.length > 255) throw invalidValue("Value for parameter description exceeds 255 characters");
  return description;
}

/** API_CreateSnapshot. */
export function createSnapshot(call: Call, params: Params): Commit {
  const volume = findVolume(call, params.required("VolumeId"));
  const description = checkDescription(params.optional("Description") ?? "");
  const { snapshot: tags } = readTagSpecifications(params, ["snapshot"]);
  if (volume.state === "creating")
    throw new Ec2Error("IncorrectState", `Volume '${volume.id}' is in the 'creating' state.`);
  checkLimits(call, [volume]);
  return () => {
    const snapshot = { ...take(call, volume, description, tags), ...failing(call, "createSnapshot") };
    call.store.commit([{ put: snapshot }]);
    return snapshotXml(snapshot, call, "create");
  };
}

/**
 * API_CreateSnapshots: crash-consistent over all volumes of the set, because nothing is written between two of them. The
 * tags of TagSpecifications go on every snapshot; they win over those copied from its volume (documented, not recorded).
 */
export function createSnapshots(call: Call, params: Params): Commit {
  const specification = params.structure("InstanceSpecification");
  const volumes = chosenVolumes(call, specification);
  const description = checkDescription(params.optional("Description") ?? "");
  const copyTags = params.optional("CopyTagsFromSource");
  if (copyTags !== undefined && copyTags !== "volume") {
    throw invalidValue(`Value (${copyTags}) for parameter copyTagsFromSource is invalid. Expected: 'volume'.`);
  }
  const { snapshot: tags } = readTagSpecifications(params, ["snapshot"]);
  const tagged = volumes.map((volume) => ({ volume, tags: copyTags ? mergeTags(volume.tags, tags) : tags }));
  checkLimits(call, volumes);
  return () => {
    const set = freshId("set");
    const snapshots = tagged.map(({ volume, tags }) => take(call, volume, description, tags, set));
    // One that fails takes its set with it (lifecycle.ts).
    const failure = failing(call, "createSnapshots");
    call.store.commit(snapshots.map((one, i) => ({ put: i === 0 ? { ...one, ...failure } : one })));
    return list(
      "snapshotSet",
      snapshots.map((one) => snapshotInfoXml(one, call)),
    );
  };
}

function chosenVolumes(call: Call, specification: Params): Volume[] {
  const id = specification.required("InstanceId");
  const withoutBoot = specification.boolean("ExcludeBootVolume") ?? false;
  const excluded = new Set(specification.strings("ExcludeDataVolumeId"));
  checkId("instance", id, "instanceId");
  const instance = call.shelf.instances.get(id);
  if (!instance || instance.state === "terminated") throw notFound("instance", [id]);
  // API_CreateSnapshots, InstanceSpecification.ExcludeDataVolumeIds: "up to 40 volume IDs per request".
  if (excluded.size > 40) throw invalidValue("At most 40 volume IDs can be given in ExcludeDataVolumeIds");
  const all = volumesOf(call.store, instance);
  const root = all.find((volume) => volume.attachment?.device === instance.rootDevice);
  for (const volumeId of excluded) {
    checkId("volume", volumeId, "excludeDataVolumeId");
    // "If you specify the ID of the root volume, the request fails. To exclude the root volume, use ExcludeBootVolume."
    if (volumeId === root?.id) {
      throw invalidValue(`The root volume ${volumeId} cannot be excluded as a data volume; use ExcludeBootVolume`);
    }
    if (!all.some((volume) => volume.id === volumeId)) {
      throw invalidValue(`The volume ${volumeId} is not attached to the instance ${id}`);
    }
  }
  const chosen = all.filter((volume) => !excluded.has(volume.id) && !(withoutBoot && volume === root));
  // AWS's code for an empty set is not documented.
  if (chosen.length === 0) throw invalidValue(`The instance ${id} has no volumes to snapshot`);
  return chosen;
}

/**
 * API_DeleteSnapshot. One that is locked, or that a registered AMI uses, is refused. A pending one goes when it has ended (see lifecycle.ts). A
 * copy of it that is in progress fails with the documented cause of the failed copySnapshot event; not recorded.
 */
export function deleteSnapshot(call: Call, params: Params): Commit {
  const id = params.required("SnapshotId");
  checkId("snapshot", id, "snapshotId");
  const snapshot = call.shelf.snapshots.get(id);
  if (!snapshot || snapshot.deleted) throw notFound("snapshot", [id]);
  refuseLocked(snapshot, call.now);
  const image = imageUsing(call.shelf, id);
  if (image) throw new Ec2Error("InvalidSnapshot.InUse", `The snapshot ${id} is currently in use by ${image.id}`);
  return () => {
    const orphans = [...call.store.open.values()].flatMap((one) =>
      one.kind === "snapshot" && one.copy?.snapshot === id && one.copy.region === call.region ? [one] : [],
    );
    call.store.commit([
      snapshot.state === "pending" ? { put: { ...snapshot, deleted: true } } : { drop: id },
      ...orphans.map((one) => ({ put: { ...one, failure: SOURCE_NOT_VALID } })),
    ]);
    return "<return>true</return>";
  };
}

/** EBS user guide, "Amazon EventBridge events for Amazon EBS": cause of the example of a failed copy. */
export const SOURCE_NOT_VALID = "Source snapshot ID is not valid";
