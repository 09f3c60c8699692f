import type { Kinds } from "../config/kinds.js";
import type { EffectivePolicy } from "../config/recorded.js";
import type { RefusedOf } from "./refused.js";

/** A region that a policy copies to, and why no copy can be made there. */
export interface Uncopied {
  readonly region: string;
  readonly reason: string;
}

/** What is copied: a resource, with the detail of one of its artifacts where it is no more. */
export interface Subject {
  readonly id: string;
  readonly kind: string;
  readonly home: string;
  readonly detail?: unknown;
}

/** Who knows what cannot be copied: the kind beforehand, or AWS by its answer. */
export interface Knowing {
  readonly rules: Pick<Kinds[string], "config">;
  readonly refused: RefusedOf;
}

/** The copies that a policy asks for and nobody can make. */
export const uncopied = (
  { copy }: Pick<EffectivePolicy, "copy">,
  { id, kind, home, detail }: Subject,
  { rules, refused }: Knowing,
): Uncopied[] =>
  copy.flatMap(({ region }) => {
    if (region === home) return [];
    const reason =
      rules.config.cannotCopy?.({ resourceKind: kind, from: home, to: region, detail }) ?? refused("copy", region, id);
    return reason === undefined ? [] : [{ region, reason }];
  });

/** The policy without the copies that nobody can make: they are neither tried nor waited for. */
export function copyable(policy: EffectivePolicy, subject: Subject, knowing: Knowing): EffectivePolicy {
  const without = uncopied(policy, subject, knowing);
  if (without.length === 0) return policy;
  return { ...policy, copy: policy.copy.filter(({ region }) => !without.some((one) => one.region === region)) };
}
