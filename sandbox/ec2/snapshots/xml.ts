import type { Call } from "../call.js";
import type { Snapshot } from "../state/model.js";
import { tagSet } from "../tags.js";
import { leaf, timestamp } from "../wire/xml.js";

/** Share of its time that a pending snapshot has behind it; 100% only when completed. */
export function progress(snapshot: Snapshot, now: number): string {
  if (snapshot.state === "completed") return "100%";
  if (snapshot.state === "error") return "0%";
  const share = (now - snapshot.startedAt) / Math.max(1, snapshot.dueAt - snapshot.startedAt);
  return `${Math.min(99, Math.max(0, Math.floor(share * 100)))}%`;
}

/** The `Snapshot` type. StateMessage is "only returned by DescribeSnapshots", as is the transfer type of a copy. */
export function snapshotXml(snapshot: Snapshot, call: Call, seenBy: "create" | "describe"): string {
  const described = seenBy === "describe";
  const ended = described && snapshot.state !== "pending";
  return (
    leaf("snapshotId", snapshot.id) +
    leaf("volumeId", snapshot.volume) +
    leaf("status", snapshot.state) +
    (ended ? leaf("statusMessage", snapshot.failure) : "") +
    leaf("startTime", timestamp(snapshot.startedAt)) +
    // The create call answers with an empty progress (API_CreateSnapshot, example).
    leaf("progress", described ? progress(snapshot, call.now) : "") +
    leaf("ownerId", call.context.account) +
    leaf("volumeSize", snapshot.size) +
    leaf("description", snapshot.description) +
    leaf("encrypted", snapshot.encrypted) +
    leaf("kmsKeyId", snapshot.kmsKeyId) +
    tagSet(snapshot.tags) +
    (described ? leaf("storageTier", "standard") : "") +
    (described ? leaf("transferType", snapshot.copy?.transfer) : "") +
    (described ? leaf("completionDurationMinutes", snapshot.copy?.minutes) : "") +
    (snapshot.state === "completed" && snapshot.endedAt !== undefined
      ? leaf("completionTime", timestamp(snapshot.endedAt)) + leaf("fullSnapshotSizeInBytes", snapshot.writtenBytes)
      : "")
  );
}

/** The `SnapshotInfo` type of CreateSnapshots: `state`, not `status`. */
export const snapshotInfoXml = (snapshot: Snapshot, call: Call): string =>
  leaf("snapshotId", snapshot.id) +
  leaf("volumeId", snapshot.volume) +
  leaf("state", snapshot.state) +
  leaf("startTime", timestamp(snapshot.startedAt)) +
  leaf("progress", "") +
  leaf("ownerId", call.context.account) +
  leaf("volumeSize", snapshot.size) +
  leaf("description", snapshot.description) +
  leaf("encrypted", snapshot.encrypted) +
  tagSet(snapshot.tags);
