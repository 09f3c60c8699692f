import * as v from "valibot";
import type { KindEvents } from "../event.js";
import { parseInput } from "../lib/input.js";

/** AWS adds fields to its events, so only what is used is checked (EBS user guide, "EventBridge for Amazon EBS"). */
const Detail = v.looseObject({ event: v.string(), result: v.optional(v.string(), "") });

/** Ends of snapshots, sets and copies, well or badly: others (shared, deleted, ...) change nothing that a plan depends on. */
const MATTER = new Set(["createSnapshot", "createSnapshots", "copySnapshot"]);

/** What EBS says of snapshots: of single ones and of sets. */
export const ebsEvents: KindEvents = {
  source: "aws.ec2",
  detailTypes: ["EBS Snapshot Notification", "EBS Multi-Volume Snapshots Completion Status"],
  read(detail) {
    const { event, result } = parseInput(Detail, detail, "the event of EBS");
    return { what: `${event} ${result}`, matters: MATTER.has(event) };
  },
};
