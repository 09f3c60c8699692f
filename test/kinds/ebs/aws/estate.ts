import type { Inventory } from "../../../../core/model/model.js";
import { pointId } from "../../../../core/names/identity.js";
import { planAll } from "../../../../core/planner/planner.js";
import { RULES } from "../../../../kinds/rules.js";
import { disk, NOW, snapshot, tags } from "../../../functions/ec2-shapes.js";
import { cloud, DR, HOME, isPendingQuery } from "./cloud.js";

const HOUR = 3_600_000;

/** An instance that the policy selects. */
const instance = (id: string) => ({
  InstanceId: id,
  RootDeviceName: "/dev/sda1",
  Tags: tags({ backup: "daily" }),
});

const OF = { policy: "daily", home: HOME, resource: "i-1" };

/** A snapshot of the hour that just began, or of so many before, as its region holds it. */
export function point(id: string, hours: number, copyOf?: string) {
  const at = new Date(NOW - hours * HOUR);
  const copied = {
    "lockstep:volume": "vol-1",
    "lockstep:device": "/dev/sda1",
    "lockstep:source": copyOf ?? "",
    "lockstep:taken": at.toISOString(),
  };
  const own = { "lockstep:scheduled": at.toISOString(), "lockstep:point": pointId({ ...OF, scheduled: at.getTime() }) };
  const more = { StartTime: at, ...(copyOf === undefined ? {} : { TransferType: "standard" }) };
  return snapshot(id, HOME, more, copyOf === undefined ? own : { ...own, ...copied });
}

interface Estate {
  readonly home?: readonly object[];
  readonly copies?: readonly object[];
  /** Snapshots of others that are unfinished in the DR region. */
  readonly pending?: readonly object[];
}

export function estate({ home = [point("snap-1", 0)], copies = [], pending = [] }: Estate) {
  const free = { ...disk("vol-9", "", "/dev/sdf"), Attachments: [] };
  const volumes = [disk("vol-of-i-1", "i-1", "/dev/sda1"), free];
  const { ec2, calls } = cloud({
    [HOME]: { instances: [instance("i-1")], volumes, snapshots: home },
    [DR]: { snapshots: [...copies, ...pending] },
  });
  const asked = () =>
    calls.map(({ region, action, input }) => {
      const list = action.replace("Describe", "");
      const what = list === "Snapshots" && isPendingQuery(input) ? "Pending" : list;
      return `${region === HOME ? "home" : "dr"} ${what}`;
    });
  return { ec2, asked };
}

/** What is left of a policy of single volumes that was deleted: a point of a volume that no instance has, in both regions. */
export function pointsOfVolume() {
  const of = { policy: "disks", home: HOME, resource: "vol-9", scheduled: NOW - HOUR };
  const more = { "lockstep:policy": "disks", "lockstep:resource": "vol-9", "lockstep:kind": "volume" };
  const renamed = (id: string, copyOf?: string) => {
    const one = point(id, 1, copyOf);
    const changed: Record<string, string> = { ...more, "lockstep:point": pointId(of) };
    return { ...one, Tags: one.Tags.map(({ Key, Value }) => ({ Key, Value: changed[Key] ?? Value })) };
  };
  return { home: [point("snap-0", 0), renamed("snap-9")], copies: [renamed("copy-9", "snap-9")] };
}

export const endings = (worlds: readonly Inventory[]) =>
  planAll(worlds, RULES).flatMap((action) => (action.do === "alert" ? [`${action.cause} ${action.resource}`] : []));
