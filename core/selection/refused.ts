import type { Inventory, Refused } from "../model/model.js";

/** What AWS said it never does of a resource, and has not had to say again yet. @returns its reason */
export type RefusedOf = (verb: Refused["do"], region: string, resource: string) => string | undefined;

const keyOf = (verb: string, region: string, resource: string): string => JSON.stringify([verb, region, resource]);

/** Indexed once. */
export function refusedIn({ memory, now }: Pick<Inventory, "memory" | "now">): RefusedOf {
  const valid = (memory?.refused ?? []).filter(({ until }) => until > now);
  const reasons = new Map(valid.map((one) => [keyOf(one.do, one.region, one.resource), one.reason]));
  return (...of) => (reasons.size === 0 ? undefined : reasons.get(keyOf(...of)));
}
