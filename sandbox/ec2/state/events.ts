import type { ServiceEvent } from "../../plane.js";
import type { Snapshot, Volume } from "./model.js";

/**
 * Events in the shapes of the EBS user guide, "Amazon EventBridge events for Amazon EBS". The guide writes the ARNs of single
 * snapshots as `arn:aws:ec2:<region>::snapshot/…` and those of sets as `arn:aws:ec2::<region>:snapshot/…`; older issues of
 * it had the latter for both. Delivery is best effort: a daemon that is killed between change and event loses the event.
 */
const single = (region: string, what: string): string => `arn:aws:ec2:${region}::${what}`;
const ofSet = (region: string, what: string): string => `arn:aws:ec2::${region}:${what}`;

const seconds = (ms: number): string => `${new Date(ms).toISOString().slice(0, 19)}Z`;

const outcome = (ended: Snapshot) => ({
  result: ended.state === "error" ? "failed" : "succeeded",
  cause: ended.failure ?? "",
  "request-id": "",
});

const times = (ended: Snapshot) => ({
  startTime: seconds(ended.startedAt),
  endTime: seconds(ended.endedAt ?? ended.dueAt),
});

/** `createSnapshot` or `copySnapshot`: a snapshot that was made alone has ended. On the bus of the snapshot's region. */
export function snapshotEnded(ended: Snapshot, now: number): ServiceEvent {
  const { region, copy } = ended;
  const arn = single(region, `snapshot/${ended.id}`);
  const source = copy ? single(copy.region, `snapshot/${copy.snapshot}`) : single(region, `volume/${ended.volume}`);
  return {
    source: "aws.ec2",
    detailType: "EBS Snapshot Notification",
    region,
    resources: [arn],
    time: now,
    detail: {
      event: copy ? "copySnapshot" : "createSnapshot",
      ...outcome(ended),
      snapshot_id: arn,
      source,
      ...times(ended),
      // A string in the guide's example, and only on success.
      ...(copy && ended.state === "completed" ? { Incremental: String(copy.incremental) } : {}),
    },
  };
}

/** Cause in the guide's example of a set that failed. */
export const inError = (id: string): string => `Snapshot ${id} is in status error`;

/**
 * `createSnapshots`: all snapshots of one CreateSnapshots call have ended, because of the failed one if there is one. The guide
 * documents no event of their own for them; documented so, not recorded.
 */
export function setEnded(set: readonly [Snapshot, ...Snapshot[]], now: number, failed?: string): ServiceEvent {
  const [first] = set;
  const { region } = first;
  return {
    source: "aws.ec2",
    detailType: "EBS Multi-Volume Snapshots Completion Status",
    region,
    resources: set.map((one) => ofSet(region, `snapshot/${one.id}`)),
    time: now,
    detail: {
      event: "createSnapshots",
      ...outcome(first),
      ...(failed === undefined ? {} : { cause: inError(failed) }),
      ...times(first),
      snapshots: set.map((one) => ({
        snapshot_id: ofSet(region, `snapshot/${one.id}`),
        source: ofSet(region, `volume/${one.volume}`),
        status: one.state,
      })),
    },
  };
}

/** `createVolume`, result failed: the key of a new volume turned out to be no good. Other volume events are not sent. */
export const volumeFailed = (volume: Volume, key: string, now: number): ServiceEvent => ({
  source: "aws.ec2",
  detailType: "EBS Volume Notification",
  region: volume.region,
  resources: [single(volume.region, `volume/${volume.id}`)],
  time: now,
  detail: { event: "createVolume", result: "failed", cause: `${key} is not accessible.`, "request-id": "" },
});
