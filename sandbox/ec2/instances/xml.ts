import type { Call } from "../call.js";
import { interfaceOf } from "../network/addresses.js";
import { derivedId } from "../state/ids.js";
import type { Instance, InstanceState, Volume } from "../state/model.js";
import { tagSet } from "../tags.js";
import { branch, leaf, list, timestamp } from "../wire/xml.js";
import { volumesOf } from "./terminate.js";

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

/** The security groups of an instance, as its attribute and its network interface have them too. */
export const groupsXml = (call: Call, { securityGroups }: Instance): string[] =>
  securityGroups.map((id) => leaf("groupId", id) + leaf("groupName", call.shelf.groups.get(id)?.name));

/** VPC user guide, "DNS attributes for your VPC": the names of addresses; us-east-1 has a domain of its own. */
const privateName = ({ privateIp, region }: Instance): string => {
  const domain = region === "us-east-1" ? "ec2.internal" : `${region}.compute.internal`;
  return `ip-${privateIp.replaceAll(".", "-")}.${domain}`;
};
/** Only in a VPC with DNS host names. */
export function publicName(call: Call, { publicIp, region, vpc }: Instance): string {
  if (publicIp === undefined || !call.shelf.vpcs.get(vpc)?.dnsHostnames) return "";
  const domain = region === "us-east-1" ? "compute-1.amazonaws.com" : `${region}.compute.amazonaws.com`;
  return `ec2-${publicIp.replaceAll(".", "-")}.${domain}`;
}

/** The one network interface that an instance has here; it comes and goes with it. */
function interfaceXml(call: Call, instance: Instance): string {
  const { id, privateIp, publicIp } = instance;
  const address =
    leaf("privateIpAddress", privateIp) +
    leaf("privateDnsName", privateName(instance)) +
    (publicIp === undefined
      ? ""
      : branch(
          "association",
          leaf("publicIp", publicIp) + leaf("publicDnsName", publicName(call, instance)) + leaf("ipOwnerId", "amazon"),
        ));
  return (
    leaf("networkInterfaceId", interfaceOf(id)) +
    leaf("subnetId", instance.subnet) +
    leaf("vpcId", instance.vpc) +
    leaf("ownerId", call.context.account) +
    leaf("status", "in-use") +
    leaf("interfaceType", "interface") +
    leaf("sourceDestCheck", true) +
    list("groupSet", groupsXml(call, instance)) +
    branch(
      "attachment",
      leaf("attachmentId", derivedId("eni-attach", id)) +
        leaf("deviceIndex", 0) +
        leaf("networkCardIndex", 0) +
        leaf("status", "attached") +
        leaf("attachTime", timestamp(instance.launchedAt)) +
        leaf("deleteOnTermination", true),
    ) +
    address +
    list("privateIpAddressesSet", [leaf("primary", true) + address])
  );
}

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
  return (
    leaf("privateDnsName", alive ? privateName(instance) : "") +
    leaf("dnsName", alive ? publicName(call, instance) : "") +
    (alive
      ? leaf("subnetId", instance.subnet) +
        leaf("vpcId", instance.vpc) +
        leaf("privateIpAddress", instance.privateIp) +
        leaf("ipAddress", instance.publicIp)
      : "") +
    list("groupSet", alive ? groupsXml(call, instance) : []) +
    list("blockDeviceMapping", devices.map(deviceXml)) +
    list("networkInterfaceSet", alive ? [interfaceXml(call, instance)] : [])
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
    (instance.spot === undefined
      ? ""
      : leaf("instanceLifecycle", "spot") + leaf("spotInstanceRequestId", instance.spot)) +
    leaf("launchTime", timestamp(instance.launchedAt)) +
    branch("placement", leaf("availabilityZone", instance.zone) + leaf("groupName", "") + leaf("tenancy", "default")) +
    branch("monitoring", leaf("state", instance.monitoring ? "enabled" : "disabled")) +
    liveXml(call, instance, devices) +
    leaf("sourceDestCheck", true) +
    (stateReason ? branch("stateReason", leaf("code", stateReason.code) + leaf("message", stateReason.message)) : "") +
    leaf("architecture", instance.architecture) +
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
