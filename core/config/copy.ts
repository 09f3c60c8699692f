import * as v from "valibot";
import { parseKmsKey } from "../names/kms.js";
import { doc } from "./doc.js";
import { between, fields, isObject, type Plain } from "./fields.js";
import type { Kinds } from "./kinds.js";
import { kmsKey, region } from "./place.js";
import { Retain } from "./retain.js";
import { rule } from "./rules.js";
import { gatherSections, keysOfSections, sectionEntries } from "./sections.js";

const copyEntries = {
  region: v.pipe(region, doc("text", "one of the primary's `peers`, each once")),
  kmsKey: v.exactOptional(
    v.pipe(
      kmsKey,
      doc(
        "text",
        "encrypts the copies: id or ARN of a key of that region, or an alias",
        "the source's state and the region's default decide",
      ),
    ),
  ),
  retain: v.pipe(Retain, doc("object", "how long copies stay there")),
} as const;

/** A region that must hold a copy of each point, with its own retention. */
export function copyRuleOf(kinds: Kinds) {
  const entries = { ...copyEntries, ...sectionEntries(kinds, "copy") };
  return v.pipe(
    fields("a region with its retain", entries, Object.keys(entries), keysOfSections(kinds, "copy")),
    between((copy, tell) => {
      const named = typeof copy["kmsKey"] === "string" ? parseKmsKey(copy["kmsKey"])?.region : undefined;
      // CopySnapshot takes a key of the region that the copy goes to (EC2 API reference).
      if (named !== undefined && v.is(region, copy["region"]) && named !== copy["region"])
        tell(["kmsKey"], copy["kmsKey"], `a key of ${copy["region"]}`);
    }),
    gatherSections(kinds),
  );
}
export type CopyRule = Plain<v.InferOutput<ReturnType<typeof copyRuleOf>>>;

/** The regions that hold copies, each once. */
export const copyRulesOf = (kinds: Kinds) =>
  v.pipe(
    v.array(copyRuleOf(kinds), "a list like [{ region: us-west-2, retain: { count: 3 } }]"),
    rule((rules, tell) => {
      if (!Array.isArray(rules)) return;
      const regions = rules.map((one: unknown) => (isObject(one) ? one["region"] : undefined));
      regions.forEach((one, i) => {
        if (one !== undefined && regions.indexOf(one) < i) tell([i, "region"], one, "each region once");
      });
    }),
  );
