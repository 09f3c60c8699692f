import type { Call, Commit } from "../call.js";
import { checkGroups } from "../network/place.js";
import type { Change } from "../state/journal.js";
import type { Instance } from "../state/model.js";
import { Ec2Error, invalidCombination, invalidValue } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf, list } from "../wire/xml.js";
import { findInstances } from "./change-state.js";
import { volumesOf } from "./terminate.js";
import { deviceXml, groupsXml } from "./xml.js";

const valued = (name: string, value: string | boolean | undefined): string => branch(name, leaf("value", value));

/** The attributes that DescribeInstanceAttribute can show. */
const SHOWN: Readonly<Record<string, (instance: Instance, call: Call) => string>> = {
  instanceType: (one) => valued("instanceType", one.type),
  userData: (one) => valued("userData", one.userData),
  disableApiTermination: (one) => valued("disableApiTermination", one.disableApiTermination),
  disableApiStop: (one) => valued("disableApiStop", one.disableApiStop),
  instanceInitiatedShutdownBehavior: (one) => valued("instanceInitiatedShutdownBehavior", one.shutdownBehavior),
  rootDeviceName: (one) => valued("rootDeviceName", one.rootDevice),
  ebsOptimized: (one) => valued("ebsOptimized", one.ebsOptimized),
  sourceDestCheck: () => valued("sourceDestCheck", true),
  groupSet: (one, call) => list("groupSet", groupsXml(call, one)),
  blockDeviceMapping: (one, call) => list("blockDeviceMapping", volumesOf(call.store, one).map(deviceXml)),
};

function readInstance(call: Call, params: Params): Instance {
  const [instance] = findInstances(call, [params.required("InstanceId")]);
  // findInstances throws when it does not find.
  if (!instance) throw new Error("unreachable");
  return instance;
}

/** API_DescribeInstanceAttribute. */
export function describeInstanceAttribute(call: Call, params: Params): Commit {
  const instance = readInstance(call, params);
  const attribute = params.required("Attribute");
  const show = Object.hasOwn(SHOWN, attribute) ? SHOWN[attribute] : undefined;
  if (!show) throw invalidValue(`Value (${attribute}) for parameter attribute is invalid. Unknown attribute.`);
  return () => leaf("instanceId", instance.id) + show(instance, call);
}

/**
 * API_ModifyInstanceAttribute: protection, type and user data of a stopped instance, security groups, DeleteOnTermination. One
 * a call.
 */
export function modifyInstanceAttribute(call: Call, params: Params): Commit {
  const instance = readInstance(call, params);
  const termination = params.structure("DisableApiTermination").boolean("Value");
  const stop = params.structure("DisableApiStop").boolean("Value");
  const type = params.structure("InstanceType").optional("Value");
  const userData = params.structure("UserData").optional("Value");
  const shutdown = params.structure("InstanceInitiatedShutdownBehavior").optional("Value");
  if (shutdown !== undefined && shutdown !== "stop" && shutdown !== "terminate") {
    throw invalidValue(`Value (${shutdown}) for parameter instanceInitiatedShutdownBehavior is invalid.`);
  }
  const changes: Partial<Instance>[] = [];
  if (termination !== undefined) changes.push({ disableApiTermination: termination });
  if (stop !== undefined) changes.push({ disableApiStop: stop });
  if (type !== undefined) changes.push({ type });
  if (userData !== undefined) changes.push({ userData });
  if (shutdown !== undefined) changes.push({ shutdownBehavior: shutdown });
  const groups = checkGroups(call, params.strings("GroupId"), { id: instance.subnet, vpc: instance.vpc });
  if (groups.length > 0) changes.push({ securityGroups: groups });
  const disks = params.structures("BlockDeviceMapping").map((mapping) => diskChange(call, instance, mapping));
  // "You can specify only one attribute at a time."
  if (changes.length + (disks.length > 0 ? 1 : 0) !== 1)
    throw invalidCombination("Specify exactly one attribute to modify");
  if ((type !== undefined || userData !== undefined) && instance.state !== "stopped") {
    throw new Ec2Error("IncorrectInstanceState", `The instance '${instance.id}' is not in the 'stopped' state.`);
  }
  return () => {
    const [change] = changes;
    call.store.commit(change ? [{ put: { ...instance, ...change } }] : disks);
    return leaf("return", true);
  };
}

function diskChange(call: Call, instance: Instance, mapping: Params): Change {
  const device = mapping.required("DeviceName");
  const deleteOnTermination = mapping.structure("Ebs").boolean("DeleteOnTermination");
  const volume = volumesOf(call.store, instance).find((one) => one.attachment?.device === device);
  if (!volume?.attachment)
    throw new Ec2Error("InvalidInstanceAttributeValue", `No device is currently mapped at ${device}`);
  if (deleteOnTermination === undefined) throw invalidValue(`The mapping of ${device} changes nothing`);
  return { put: { ...volume, attachment: { ...volume.attachment, deleteOnTermination } } };
}
