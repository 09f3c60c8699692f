import type { Call, Commit } from "../call.js";
import { passingAddress } from "../network/place.js";
import { checkId, notFound } from "../state/ids.js";
import type { Change } from "../state/journal.js";
import type { Instance, InstanceState } from "../state/model.js";
import { Ec2Error, missingParameter } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { leaf, list } from "../wire/xml.js";
import { termination } from "./terminate.js";
import { stateXml } from "./xml.js";

export function findInstances(call: Call, ids: readonly string[]): Instance[] {
  for (const id of ids) checkId("instance", id, "instanceId");
  const missing = ids.filter((id) => !call.shelf.instances.get(id));
  if (missing.length > 0) throw notFound("instance", missing);
  return ids.flatMap((id) => call.shelf.instances.get(id) ?? []);
}

function readInstances(call: Call, params: Params): Instance[] {
  const ids = [...new Set(params.strings("InstanceId"))];
  if (ids.length === 0) throw missingParameter("InstanceId");
  return findInstances(call, ids);
}

const changeXml = (instance: Instance, current: InstanceState): string =>
  leaf("instanceId", instance.id) + stateXml("currentState", current) + stateXml("previousState", instance.state);

/** Says what AWS says at once (`stopping`), and is already where AWS is a little later (`stopped`). */
function move(
  call: Call,
  instances: readonly Instance[],
  from: InstanceState,
  on: InstanceState,
  to: (instance: Instance) => Instance,
): string {
  const moved = instances.filter((one) => one.state === from);
  call.store.commit(moved.map((one) => ({ put: to(one) })));
  return list(
    "instancesSet",
    instances.map((one) => changeXml(one, one.state === from ? on : one.state)),
  );
}

const refuse = (instances: readonly Instance[], states: readonly InstanceState[], verb: string): void => {
  const wrong = instances.find((one) => states.includes(one.state));
  if (wrong) {
    const message = `The instance '${wrong.id}' is not in a state from which it can be ${verb}.`;
    throw new Ec2Error("IncorrectInstanceState", message);
  }
};

/** API_StartInstances. One that runs stays as it is. */
export function startInstances(call: Call, params: Params): Commit {
  const instances = readInstances(call, params);
  refuse(instances, ["terminated", "shutting-down", "stopping"], "started");
  return () => {
    const started = (one: Instance): Instance => ({
      ...one,
      state: "running",
      launchedAt: call.now,
      reason: "",
      ...(one.isPublic ? { publicIp: passingAddress(call) } : {}),
    });
    return move(call, instances, "stopped", "pending", started);
  };
}

/** API_StopInstances. Volumes stay attached. */
export function stopInstances(call: Call, params: Params): Commit {
  const instances = readInstances(call, params);
  params.boolean("Force");
  params.boolean("SkipOsShutdown");
  refuse(instances, ["terminated", "shutting-down"], "stopped");
  const held = instances.find((one) => one.disableApiStop);
  if (held)
    throw new Ec2Error(
      "OperationNotPermitted",
      `The instance '${held.id}' may not be stopped. Modify its 'disableApiStop' instance attribute and try again.`,
    );
  // EC2 user guide, "Manage your Spot Instances": only those of a persistent request stop; the message is from the field.
  const spot = instances.find((one) => one.spot !== undefined);
  if (spot) {
    const why =
      "because it is associated with a one-time Spot Instance request. You can only stop Spot Instances associated with persistent Spot Instance requests.";
    throw new Ec2Error("UnsupportedOperation", `You can't stop the Spot Instance '${spot.id}' ${why}`);
  }
  return () => {
    const reason = `User initiated (${new Date(call.now).toISOString().slice(0, 19).replace("T", " ")} GMT)`;
    // EC2 user guide, "Public IPv4 addresses": it is released when the instance stops.
    const stopped = ({ publicIp: _, ...one }: Instance): Instance => ({ ...one, state: "stopped", reason });
    return move(call, instances, "running", "stopping", stopped);
  };
}

/** API_TerminateInstances: all or none; terminating twice is no error. Messages from the field. */
export function terminateInstances(call: Call, params: Params): Commit {
  const instances = readInstances(call, params);
  params.boolean("Force");
  params.boolean("SkipOsShutdown");
  const held = instances.find((one) => one.disableApiTermination && one.state !== "terminated");
  if (held) {
    const hint = "Modify its 'disableApiTermination' instance attribute and try again.";
    throw new Ec2Error("OperationNotPermitted", `The instance '${held.id}' may not be terminated. ${hint}`);
  }
  return () => {
    const reason = {
      code: "Client.UserInitiatedShutdown",
      message: "Client.UserInitiatedShutdown: User initiated shutdown",
    };
    const alive = instances.filter((one) => one.state !== "terminated");
    call.store.commit(alive.flatMap((one): Change[] => termination(call.store, one, call.now, reason)));
    return list(
      "instancesSet",
      instances.map((one) => changeXml(one, one.state === "terminated" ? "terminated" : "shutting-down")),
    );
  };
}
