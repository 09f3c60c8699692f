import type { Change } from "../state/journal.js";
import type { Instance, Volume } from "../state/model.js";
import type { Store } from "../state/store.js";

/** The volumes of an instance, root first, then by device. */
export function volumesOf(store: Store, instance: Instance): Volume[] {
  const shelf = store.shelf(instance.region);
  const volumes = [...(shelf.attached.get(instance.id) ?? [])].flatMap((id) => shelf.volumes.get(id) ?? []);
  const rank = (volume: Volume): string => {
    const device = volume.attachment?.device ?? "";
    return device === instance.rootDevice ? "" : device;
  };
  return volumes.sort((a, b) => (rank(a) < rank(b) ? -1 : 1));
}

/** The volume without its attachment. */
function detached(volume: Volume): Volume {
  const { attachment: _, ...rest } = volume;
  return { ...rest, state: "available" };
}

/**
 * What terminating an instance changes: volumes with DeleteOnTermination go, the others are left available (EC2 user guide,
 * "Preserve data when an instance is terminated").
 */
export function termination(
  store: Store,
  instance: Instance,
  now: number,
  stateReason: Instance["stateReason"],
): Change[] {
  const { publicIp: _, ...rest } = instance;
  const ended: Instance = {
    ...rest,
    state: "terminated",
    terminatedAt: now,
    reason: `User initiated (${new Date(now).toISOString().slice(0, 19).replace("T", " ")} GMT)`,
    ...(stateReason ? { stateReason } : {}),
  };
  const disks = volumesOf(store, instance).map((volume): Change => {
    return volume.attachment?.deleteOnTermination ? { drop: volume.id } : { put: detached(volume) };
  });
  return [{ put: ended }, ...disks];
}

/** A volume of a launch could not be made: the instance terminates (EC2 user guide, "Instance terminates immediately"). */
export function endOfLaunch(store: Store, volume: Volume, now: number): Change[] {
  const id = volume.attachment?.instance;
  const instance = id === undefined ? undefined : store.shelf(volume.region).instances.get(id);
  if (!instance || instance.state === "terminated") return [];
  return termination(store, instance, now, {
    code: "Client.InternalError",
    message: "Client.InternalError: Client error on launch",
  });
}
