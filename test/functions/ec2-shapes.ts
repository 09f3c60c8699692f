import { pointId } from "../../core/names/identity.js";

export const NOW = Date.parse("2026-11-21T03:00:00.000Z");

/** What EC2 answers with, as far as it matters. */
export const tags = (entries: Readonly<Record<string, string>>) =>
  Object.entries(entries).map(([Key, Value]) => ({ Key, Value }));

export function snapshot(id: string, home: string, more: object = {}, moreTags: Readonly<Record<string, string>> = {}) {
  const scheduled = NOW - 60_000;
  return {
    SnapshotId: id,
    VolumeId: "vol-1",
    State: "completed",
    StartTime: new Date(scheduled),
    Progress: "100%",
    VolumeSize: 8,
    Tags: tags({
      "lockstep:deployment": "prod",
      "lockstep:policy": "daily",
      "lockstep:resource": "i-1",
      "lockstep:kind": "instance",
      "lockstep:home": home,
      "lockstep:point": pointId({ policy: "daily", home, resource: "i-1", scheduled }),
      "lockstep:scheduled": new Date(scheduled).toISOString(),
      "lockstep:size": "1",
      "lockstep:level": "crash",
      ...moreTags,
    }),
    ...more,
  };
}

export const disk = (id: string, instance: string, device: string) => ({
  VolumeId: id,
  Size: 8,
  CreateTime: new Date(NOW - 3_600_000),
  Tags: tags({ use: "data" }),
  Attachments: [{ InstanceId: instance, Device: device, State: "attached" }],
});

/** Copies that others make, as a list shows them. */
export const othersInFlight = (count: number) =>
  Array.from({ length: count }, (_, i) => ({
    SnapshotId: `snap-others-${i}`,
    State: "pending",
    StartTime: new Date(NOW),
    VolumeSize: 8,
    TransferType: "standard",
  }));
