import type { Site } from "../../../components/site.js";
import type { KindStack } from "../../stack.js";
import { ebsOf } from "../config.js";
import { ebsEvents } from "../events.js";
import { takesIn } from "../take-in.js";
import {
  copySnapshot,
  createSnapshots,
  deleteSnapshot,
  describe,
  lockSnapshots,
  tagExisting,
  tagSnapshots,
} from "./permissions.js";

/** So long after its event a snapshot of others is a point, unless home is slow: before that a DR region finds nothing to copy. */
const TAKEN_IN_SECONDS = 30;

/** Whether this is a DR region of a policy that takes in what others make. */
const copiesOthers = ({ settings: { role, region, policies } }: Site): boolean =>
  role === "dr" &&
  policies.some((policy) => ebsOf(policy).source === "any" && policy.copy.some((rule) => rule.region === region));

/** What EBS needs deployed: a primary makes snapshots, a DR region copies them. */
export const ebsStack: KindStack = {
  statements: {
    survey: () => [describe("Instances", "Volumes", "Snapshots", "Images", "LockedSnapshots")],
    make: (site) => [
      describe("Snapshots"),
      ...(site.settings.role === "primary" ? [...createSnapshots(site), ...tagSnapshots(site)] : copySnapshot(site)),
      ...lockSnapshots(site),
    ],
    delete: deleteSnapshot,
    adopt: (site) => [
      ...tagExisting(site),
      // A person says which snapshots; a run looks for them itself.
      ...(takesIn(site.settings) ? [describe("Instances", "Volumes", "Snapshots")] : []),
    ],
  },
  events: ebsEvents,
  delaySeconds: (site) => (copiesOthers(site) ? TAKEN_IN_SECONDS : 0),
  takesIn: ({ settings }) => takesIn(settings),
};
