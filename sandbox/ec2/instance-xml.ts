import type { Call } from "./call.js";
import { findImage } from "./images.js";
import type { Instance, InstanceState, Volume } from "./model.js";
import { tagSet } from "./tags.js";
import { volumesOf } from "./terminate.js";
import { branch, leaf, list, timestamp } from "./xml.js";

/** API_InstanceState. */
export const STATE_CODES: Readonly<Record<InstanceState, number>> = {
  pending: 0,
  running: 16,
  "shutting-down": 32,
  terminated: 48,
  stopping: 64,
  stopped: 80,
};

export const stateXml = (name: string, state: InstanceState): string =>
  branch(name, leaf("code", STATE_CODES[state]) + leaf("name", state));

export const profileArn = (call: Call, profile: string): string =>
  profile.startsWith("arn:") ? profile : `arn:aws:iam::${call.context.account}:instance-profile/${profile}`;

export const deviceXml = ({ id, attachment }: Volume): string =>
  attachment === undefined
    ? ""
    : leaf("deviceName", attachment.device) +
      branch(
        "ebs",
        leaf("volumeId", id) +
          leaf("status", "attached") +
          leaf("attachTime", timestamp(attachment.at)) +
          leaf("deleteOnTermination", attachment.deleteOnTermination),
      );

const groupXml = (instance: Instance): string => leaf("groupId", instance.securityGroup) + leaf("groupName", "default");

const metadataXml = (instance: Instance): string =>
  branch(
    "metadataOptions",
    leaf("state", "applied") +
      Object.entries(instance.metadata)
        .map(([name, value]) => leaf(name, value))
        .join(""),
  );

/** A terminated instance has no address, network or volumes any more. */
function liveXml(call: Call, instance: Instance, devices: readonly Volume[]): string {
  const alive = instance.state !== "terminated";
  const host = `ip-${instance.privateIp.replaceAll(".", "-")}.${call.region}.compute.internal`;
  return (
    leaf("privateDnsName", alive ? host : "") +
    leaf("dnsName", "") +
    (alive
      ? leaf("subnetId", instance.subnet) + leaf("vpcId", instance.vpc) + leaf("privateIpAddress", instance.privateIp)
      : "") +
    list("groupSet", alive ? [groupXml(instance)] : []) +
    list("blockDeviceMapping", devices.map(deviceXml)) +
    list("networkInterfaceSet", [])
  );
}

function instanceXml(call: Call, instance: Instance, devices: readonly Volume[]): string {
  const { stateReason } = instance;
  return (
    leaf("instanceId", instance.id) +
    leaf("imageId", instance.image) +
    stateXml("instanceState", instance.state) +
    leaf("reason", instance.reason) +
    leaf("amiLaunchIndex", instance.launchIndex) +
    list("productCodes", []) +
    leaf("instanceType", instance.type) +
    leaf("launchTime", timestamp(instance.launchedAt)) +
    branch("placement", leaf("availabilityZone", instance.zone) + leaf("groupName", "") + leaf("tenancy", "default")) +
    branch("monitoring", leaf("state", instance.monitoring ? "enabled" : "disabled")) +
    liveXml(call, instance, devices) +
    leaf("sourceDestCheck", true) +
    (stateReason ? branch("stateReason", leaf("code", stateReason.code) + leaf("message", stateReason.message)) : "") +
    leaf("architecture", findImage(call.region, instance.image).architecture) +
    leaf("rootDeviceType", "ebs") +
    leaf("rootDeviceName", instance.rootDevice) +
    leaf("virtualizationType", "hvm") +
    leaf("clientToken", instance.token?.token ?? "") +
    tagSet(instance.tags) +
    leaf("hypervisor", "xen") +
    (instance.profile === undefined
      ? ""
      : branch("iamInstanceProfile", leaf("arn", profileArn(call, instance.profile)))) +
    leaf("ebsOptimized", instance.ebsOptimized) +
    leaf("enaSupport", true) +
    metadataXml(instance) +
    leaf("platformDetails", "Linux/UNIX") +
    leaf("usageOperation", "RunInstances")
  );
}

/** The `Reservation` type: the instances of one launch, or those of them that are asked for. */
export function reservationXml(
  call: Call,
  id: string,
  instances: readonly Instance[],
  seenBy: "launch" | "describe",
): string {
  const items = instances.map((one) => instanceXml(call, one, seenBy === "launch" ? [] : volumesOf(call.store, one)));
  return (
    leaf("reservationId", id) +
    leaf("ownerId", call.context.account) +
    list("groupSet", []) +
    list("instancesSet", items)
  );
}
