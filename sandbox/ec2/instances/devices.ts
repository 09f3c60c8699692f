import type { Call } from "../call.js";
import type { Image } from "../images/images.js";
import { type Disk, planDisk, readDisk } from "../volumes/disks.js";
import { Ec2Error, missingParameter } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";

/** A disk that an instance is launched with. */
export interface Device {
  readonly name: string;
  readonly disk: Disk;
  readonly deleteOnTermination: boolean;
}

const badMapping = (message: string) => new Ec2Error("InvalidBlockDeviceMapping", message);

/**
 * The disks of a launch: the AMI's, changed by the mappings of their devices, and one per further mapping (API_RunInstances,
 * BlockDeviceMappings). By default the root volume is deleted on termination and the others persist (EC2 user guide,
 * "Terminate Amazon EC2 instances").
 */
export function planDevices(call: Call, params: Params, image: Image): Device[] {
  const mappings = params.structures("BlockDeviceMapping");
  const names = new Set<string>();
  const devices: Device[] = [];
  for (const mapping of mappings) {
    const name = mapping.optional("DeviceName");
    if (name === undefined || name === "") throw missingParameter("deviceName");
    if (names.has(name)) throw badMapping(`Duplicate device name '${name}'`);
    names.add(name);
    const device = planDevice(call, mapping, name, image);
    if (device) devices.push(device);
  }
  for (const own of image.devices) {
    if (names.has(own.name)) continue;
    const { snapshot, size, type, deleteOnTermination } = own;
    devices.push({ name: own.name, disk: planDisk(call, { snapshot, size, type }), deleteOnTermination });
  }
  if (image.devices.length === 0 && !names.has(image.rootDevice)) {
    const disk = planDisk(call, { type: "gp3" }, { size: image.rootSize, snapshot: image.rootSnapshot });
    devices.unshift({ name: image.rootDevice, disk, deleteOnTermination: true });
  }
  return devices;
}

function planDevice(call: Call, mapping: Params, name: string, image: Image): Device | undefined {
  const root = name === image.rootDevice;
  if (mapping.optional("NoDevice") !== undefined) {
    if (root) throw badMapping(`The root device '${name}' cannot be left out`);
    return undefined;
  }
  if (!mapping.has("Ebs")) throw badMapping(`The sandbox has no instance store: device '${name}' needs Ebs`);
  const ebs = mapping.structure("Ebs");
  const deleteOnTermination = ebs.boolean("DeleteOnTermination") ?? root;
  const own = image.devices.find((device) => device.name === name);
  const asked = readDisk(ebs, "VolumeSize");
  const request = own && asked.snapshot === undefined ? { ...asked, snapshot: own.snapshot } : asked;
  const base =
    root && request.snapshot === undefined ? { size: image.rootSize, snapshot: image.rootSnapshot } : undefined;
  const type = request.type ?? own?.type ?? (root ? "gp3" : undefined);
  try {
    return { name, disk: planDisk(call, { ...request, type }, base), deleteOnTermination };
  } catch (error) {
    // A size that does not fit is a fault of the mapping here, not of a parameter (from the field).
    if (error instanceof Ec2Error && error.code === "InvalidParameterValue") throw badMapping(error.message);
    throw error;
  }
}
