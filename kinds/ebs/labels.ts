import { split, valuesOf } from "../../core/model/labels.js";
import type { Policy } from "../../core/model/model.js";
import type { Templates, Values } from "../../core/names/templates.js";

/** What differs between the snapshots of a set. */
const OF_VOLUME: readonly string[] = ["volume-id", "device"];

/** What templates may name of EBS alone. */
export const PLACEHOLDERS: readonly string[] = ["instance-id", ...OF_VOLUME];

/** Those that one call can give to all snapshots of a set, and those that it cannot. */
export const splitLabels = (templates: Templates | undefined) => split(templates, OF_VOLUME);

/** Keys of all tags of policies that differ between the snapshots of a set. */
export const volumeKeysOf = (policies: readonly Pick<Policy, "pointTags">[]): string[] => [
  ...new Set(policies.flatMap(({ pointTags }) => Object.keys(splitLabels(pointTags).ofMember))),
];

/** What is known of a point of EBS. */
export function ebsValuesOf(of: Parameters<typeof valuesOf>[0]): Values {
  const { id, kind } = of.resource;
  return { ...valuesOf(of), "instance-id": kind === "instance" ? id : "" };
}
