import * as v from "valibot";
import { doc } from "./doc.js";
import { fields } from "./fields.js";
import type { Kinds } from "./kinds.js";
import { whole } from "./values.js";

/** How many artifacts AWS lets an account have in a region, where that was raised: by kind, and by the name of the quota. */
export type Quotas = Readonly<Record<string, Readonly<Record<string, number>>>>;

/** By kind its quotas, each with what it may be raised to. */
export const quotaEntries = (kinds: Kinds): Readonly<Record<string, v.ObjectEntries>> =>
  Object.fromEntries(
    Object.entries(kinds).flatMap(([kind, { config }]) => {
      if (config.quotas === undefined) return [];
      const each = Object.entries(config.quotas).map(([name, { max, of }]) => [
        name,
        v.exactOptional(v.pipe(whole(1), doc("whole number", of, String(max)))),
      ]);
      return [[kind, Object.fromEntries(each)]];
    }),
  );

/** The quotas that a stack may have had raised. */
export function quotasOf(kinds: Kinds): v.GenericSchema<Quotas> {
  const ofKinds = quotaEntries(kinds);
  const entries = Object.entries(ofKinds).map(([kind, each]) => [
    kind,
    v.exactOptional(fields(`an object with any of ${Object.keys(each).join(", ")}`, each)),
  ]);
  return fields(`an object with any of ${Object.keys(ofKinds).join(", ")}`, Object.fromEntries(entries));
}
