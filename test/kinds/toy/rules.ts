import * as v from "valibot";
import { doc } from "../../../core/config/doc.js";
import { fields } from "../../../core/config/fields.js";
import { whole } from "../../../core/config/values.js";
import type { KindRules, RulesTable } from "../../../core/model/kind.js";
import type { Policy } from "../../../core/model/model.js";
import { RULES } from "../../../kinds/rules.js";

/**
 * A kind that lives in the tests alone, and is as unlike EBS as the next ones may be: moulds, of each of which a point has one cast; one
 * copy at a time into a region; no locks; and makers that are at it for days. What the product takes silently from EBS breaks here.
 */

const MINUTE_MS = 60_000;
const DAY_MS = 24 * 60 * MINUTE_MS;

/** So long a mould is at work before a cast of it hangs. */
export const HANGS_MS = 4 * DAY_MS;

/** What only moulds have in a policy. */
export interface ToySection {
  readonly coats?: number;
}

// The schema below made it.
const sectionOf = ({ sections }: Pick<Policy, "sections">): ToySection => sections?.["toy"] ?? {};

export const toy: KindRules = {
  kind: "toy",
  resourceKinds: ["mould"],
  words: { service: "Toyworks", artifact: "cast", artifacts: "casts", member: "mould", members: "moulds" },
  config: {
    policy: fields("an object with coats", {
      coats: v.exactOptional(v.pipe(whole(1), doc("whole number", "how many coats of paint a cast gets"))),
      lock: v.exactOptional(v.pipe(v.never("nothing: casts cannot be locked"), doc("object", "nothing", ""))),
    }),
    cannotCopy: ({ to }) => (to === "sa-east-1" ? "Toyworks has no shelf in sa-east-1" : undefined),
  },
  lookAgainMs: 15 * MINUTE_MS,
  limits: { copySlots: 1, copyReserve: 0 },
  costs: { storageGbMonth: 1, transferGb: 1, copyMibPerS: 1 },
  hangsAfterMs: () => HANGS_MS,
  takes: () => true,
  leftOut: () => [],
  protects: (_, { members }) => ({ members }),
  aboutSelection: () => [],
  standIns: () => () => [],
  createDetail: ({ policy }) => sectionOf(policy).coats,
  copyDetail: ({ policy }) => sectionOf(policy).coats,
  finishing: () => undefined,
};

/** All kinds of the product, and one more entry. */
export const WITH_TOY: RulesTable = { ...RULES, toy };
