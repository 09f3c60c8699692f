import type { Call, Commit } from "../call.js";
import { volumesOf } from "../instances/terminate.js";
import { checkLimits, failing, take } from "../snapshots/snapshots.js";
import type { Tags } from "../state/base.js";
import { checkId, freshId, notFound } from "../state/ids.js";
import type { Architecture, ImageDevice, OwnImage } from "../state/model.js";
import { readTagSpecifications } from "../tags.js";
import { Ec2Error, invalidValue, missingParameter } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { leaf } from "../wire/xml.js";
import { noLonger } from "./images.js";

/** API_CreateImage, Name; the codes are of errors-overview, the messages from the field. */
function readName(call: Call, params: Params): string {
  const name = params.required("Name");
  if (!/^[A-Za-z0-9()[\] ./\-'@_]{3,128}$/.test(name)) {
    const allowed = "letters, numbers, '(', ')', '[', ']', '.', '-', '/', '@', '_', apostrophes and spaces";
    throw new Ec2Error(
      "InvalidAMIName.Malformed",
      `AMI names must be between 3 and 128 characters long, and may contain ${allowed}`,
    );
  }
  const taken = [...call.shelf.images.after()].find((one) => one.name === name && !one.deregistered);
  if (taken) throw new Ec2Error("InvalidAMIName.Duplicate", `AMI name ${name} is already in use by AMI ${taken.id}`);
  return name;
}

interface Made {
  readonly name: string;
  readonly description: string;
  readonly tags: Tags;
  readonly architecture: Architecture;
  readonly virtualization: OwnImage["virtualization"];
  readonly ena: boolean;
  readonly rootDevice: string;
  readonly devices: readonly ImageDevice[];
}

const imageOf = (call: Call, id: string, made: Made): OwnImage => ({
  kind: "image",
  id,
  seq: call.store.nextSeq(),
  region: call.region,
  createdAt: call.now,
  ...made,
});

/**
 * API_CreateImage: a snapshot of each volume of the instance, which the image waits for. Instances do not reboot here; mappings that
 * change the disks are not known.
 */
export function createImage(call: Call, params: Params): Commit {
  const instanceId = params.required("InstanceId");
  checkId("instance", instanceId, "instanceId");
  const instance = call.shelf.instances.get(instanceId);
  if (!instance || instance.state === "terminated") throw notFound("instance", [instanceId]);
  const name = readName(call, params);
  const description = params.optional("Description") ?? "";
  params.boolean("NoReboot");
  const tags = readTagSpecifications(params, ["image", "snapshot"]);
  const volumes = volumesOf(call.store, instance);
  checkLimits(call, volumes);
  return () => {
    const id = freshId("ami");
    const failure = failing(call, "createImage");
    const taken = volumes.map((volume, i) => {
      const made = take(call, volume, `Created by CreateImage(${instanceId}) for ${id}`, tags.snapshot);
      return { volume, snapshot: i === 0 ? { ...made, ...failure } : made };
    });
    const devices = taken.map(({ volume: { attachment, size, type }, snapshot }) => ({
      name: attachment?.device ?? "",
      snapshot: snapshot.id,
      size,
      type,
      deleteOnTermination: attachment?.deleteOnTermination ?? false,
    }));
    const { architecture, rootDevice } = instance;
    const more = { architecture, rootDevice, virtualization: "hvm", ena: true, devices } as const;
    const put = imageOf(call, id, { name, description, tags: tags.image, ...more });
    call.store.commit([...taken.map(({ snapshot }) => ({ put: snapshot })), { put }]);
    return leaf("imageId", id);
  };
}

/** API_RegisterImage, of snapshots: an EBS-backed AMI. */
export function registerImage(call: Call, params: Params): Commit {
  const name = readName(call, params);
  const description = params.optional("Description") ?? "";
  const rootDevice = params.optional("RootDeviceName");
  if (rootDevice === undefined) throw missingParameter("rootDeviceName");
  // "Default: For Amazon EBS-backed AMIs, i386"; "Default: paravirtual".
  const architecture = oneOf(params, "Architecture", ["i386", "x86_64", "arm64"] as const);
  const virtualization = oneOf(params, "VirtualizationType", ["paravirtual", "hvm"] as const);
  const ena = params.boolean("EnaSupport") ?? false;
  const devices = params.structures("BlockDeviceMapping").map((mapping) => readDevice(call, mapping));
  if (!devices.some((device) => device.name === rootDevice))
    throw new Ec2Error("InvalidBlockDeviceMapping", `The root device '${rootDevice}' is not among the mappings`);
  const { image: tags } = readTagSpecifications(params, ["image"]);
  return () => {
    const made = { name, description, tags, architecture, virtualization, ena, rootDevice, devices };
    const put = imageOf(call, freshId("ami"), made);
    call.store.commit([{ put }]);
    return leaf("imageId", put.id);
  };
}

/** The value of a parameter, else the first. */
function oneOf<T extends string>(params: Params, name: string, values: readonly [T, ...T[]]): T {
  const given = params.optional(name) ?? values[0];
  const found = values.find((value) => value === given);
  if (found === undefined) throw invalidValue(`Value (${given}) for parameter ${name} is invalid.`);
  return found;
}

function readDevice(call: Call, mapping: Params): ImageDevice {
  const ebs = mapping.structure("Ebs");
  const id = ebs.required("SnapshotId");
  checkId("snapshot", id, "snapshotId");
  const snapshot = call.shelf.snapshots.get(id);
  if (!snapshot || snapshot.deleted) throw notFound("snapshot", [id]);
  if (snapshot.state !== "completed")
    throw new Ec2Error("IncorrectState", `Snapshot is in invalid state - ${snapshot.state}`);
  const size = ebs.integer("VolumeSize") ?? snapshot.size;
  if (size < snapshot.size) {
    const message = `Volume of size ${size}GB is smaller than snapshot '${id}', expect size >= ${snapshot.size}GB`;
    throw new Ec2Error("InvalidBlockDeviceMapping", message);
  }
  return {
    name: mapping.required("DeviceName"),
    snapshot: id,
    size,
    type: ebs.optional("VolumeType") ?? "gp2",
    deleteOnTermination: ebs.boolean("DeleteOnTermination") ?? true,
  };
}

/** An AMI of the account that is not deregistered. */
function ownImage(call: Call, params: Params): OwnImage {
  const id = params.required("ImageId");
  checkId("image", id, "imageId");
  const own = call.shelf.images.get(id);
  if (!own) throw notFound("image", [id]);
  if (own.deregistered) throw noLonger(id);
  return own;
}

const changed = (call: Call, put: OwnImage): string => {
  call.store.commit([{ put }]);
  return leaf("return", true);
};

/** API_DeregisterImage. Its snapshots stay, and may be deleted from then on. */
export function deregisterImage(call: Call, params: Params): Commit {
  const own = ownImage(call, params);
  return () => changed(call, { ...own, tags: {}, deregistered: true });
}

/** API_DisableImage: not listed unless asked for, and not to be launched; its snapshots stay in use. */
export function disableImage(call: Call, params: Params): Commit {
  const own = ownImage(call, params);
  return () => changed(call, { ...own, disabled: true });
}

/** API_EnableImage: what was disabled is available again. */
export function enableImage(call: Call, params: Params): Commit {
  const { disabled: _, ...own } = ownImage(call, params);
  return () => changed(call, own);
}
