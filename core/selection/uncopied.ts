import type { Kinds } from "../config/kinds.js";
import type { EffectivePolicy } from "../config/recorded.js";

/** A region that a policy copies to, and why the kind cannot make such a copy. */
export interface Uncopied {
  readonly region: string;
  readonly reason: string;
}

/** What is copied: a resource, or one of its artifacts where it is no more. */
export interface Subject {
  readonly kind: string;
  readonly home: string;
  readonly detail?: unknown;
}

type Kind = Pick<Kinds[string], "config">;

/** The copies that a policy asks for and its kind cannot make. */
export const uncopied = (
  { copy }: Pick<EffectivePolicy, "copy">,
  { kind, home, detail }: Subject,
  { config }: Kind,
): Uncopied[] =>
  copy.flatMap(({ region }) => {
    const reason = config.cannotCopy?.({ resourceKind: kind, from: home, to: region, detail });
    return region === home || reason === undefined ? [] : [{ region, reason }];
  });

/** The policy without the copies that its kind cannot make: they are neither tried nor waited for. */
export function copyable(policy: EffectivePolicy, subject: Subject, kind: Kind): EffectivePolicy {
  const without = uncopied(policy, subject, kind);
  if (without.length === 0) return policy;
  return { ...policy, copy: policy.copy.filter(({ region }) => !without.some((one) => one.region === region)) };
}
