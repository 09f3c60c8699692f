import { copyTags, pointTags } from "../../../../core/model/point-tags.js";
import { HANGS_MS, toy as rules } from "../../../kinds/toy/rules.js";
import { DAY, HOUR } from "../../scenario.js";
import { tagsOf } from "../../world/machines.js";
import type { KindWorld } from "../kind.js";
import { draw } from "./draw.js";
import { read } from "./reading.js";
import { NOT_FOUND, Toyworks } from "./toyworks.js";

/** Half of what breaks dies without a trace. */
const DIES = 0.5;

export const toy: KindWorld = {
  rules,
  pace: {
    createMs: [6 * HOUR, 2 * DAY],
    copyMs: [6 * HOUR, DAY],
    deleteMs: [HOUR, DAY],
    createAllowance: 2 * DAY + 4 * HOUR,
    // One at a time into a region, where two homes with two resources each may copy to: one is at work when it asks.
    copyAllowance: 5 * DAY + 6 * HOUR,
    hangsAfter: HANGS_MS,
    copySlots: 1,
  },
  // Nobody locks, shares or makes anything of casts, and what hangs would keep the one slot for ever.
  spared: ["hang", "lock", "image", "share", "theirs", "attach", "detach"],
  often: Array.from({ length: 20 }, () => "breaks" as const),
  notFound: NOT_FOUND,
  draw,
  service: (account, record) => new Toyworks(account, record),
  partOf: ({ id }, n) => (n === 0 ? { id, device: "" } : undefined),
  resourceOf: (machine) => {
    const { spec, disks } = machine;
    const members = disks.map(({ id, sizeGiB, createdAt }) => ({ id, sizeGiB, createdAt, tags: {} }));
    return { id: spec.id, kind: spec.kind, region: spec.region, name: spec.id, tags: tagsOf(machine), members };
  },
  read,
  requestOf: (action, settings) => ({ resource: action.resource, tags: pointTags(settings, action) }),
  copyRequestOf: (action, settings) => ({
    ...{ from: action.from, snapshot: action.artifact.id, tags: copyTags(settings, action) },
  }),
  dies: ({ key }, dice) => dice.chance(DIES, "dies", key),
};
