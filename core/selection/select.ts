import type { KindRules } from "../model/kind.js";
import type { Inventory, Policy, Resource, ResourceKind, Select, TagNames, TagSelect } from "../model/model.js";
import { isLike } from "../names/pattern.js";
import { TAG_NAMES } from "../names/tags.js";
import { asksFor } from "./overrides.js";

type Tags = Readonly<Record<string, string>>;

/** What there is to select from, and by what. */
interface Estate extends Pick<Inventory, "policies" | "tagNames"> {
  readonly resources: readonly Resource[];
}

/** Whether tags are as a selection wants them. Keys and values are compared exactly, as AWS does. */
export function matches(select: Select, tags: Tags): boolean {
  if ("everything" in select) return true;
  if ("all" in select) return select.all.every((one) => matches(one, tags));
  if ("any" in select) return select.any.some((one) => matches(one, tags));
  if ("not" in select) return !matches(select.not, tags);
  const { key } = select;
  if (key !== undefined) return Object.hasOwn(tags, key) && hasValue(select, tags[key] ?? "");
  return Object.entries(tags).some(([one, value]) => hasKey(select, one) && hasValue(select, value));
}

const hasKey = ({ keyLike, keyPrefix }: TagSelect, key: string): boolean =>
  (keyLike !== undefined && isLike(key, keyLike)) || (keyPrefix !== undefined && key.startsWith(keyPrefix));

const hasValue = ({ value, like, prefix }: TagSelect, text: string): boolean =>
  (value === undefined || text === value) &&
  (like === undefined || isLike(text, like)) &&
  (prefix === undefined || text.startsWith(prefix));

type Selecting = Pick<KindRules, "config" | "takes" | "leftOut">;

/** Whether a policy's kinds and tags want a resource, and that does not say itself that it wants no points. */
export function wants(
  policy: Pick<Policy, "select" | "kinds">,
  resource: Resource,
  rules: Pick<KindRules, "config">,
  tagNames: TagNames = TAG_NAMES,
): boolean {
  if (asksFor(resource.tags, tagNames) === false) return false;
  return kindsOf(policy, rules).includes(resource.kind) && matches(policy.select, resource.tags);
}

/** What a policy protects, as its kinds say; of one that says none, what a kind has protected by default. */
export const kindsOf = (
  { kinds }: Pick<Policy, "kinds">,
  { config }: Pick<KindRules, "config">,
): readonly ResourceKind[] => kinds ?? config.byDefault ?? [];

/** Whether a policy selects a resource: it wants it, and the kind takes it and does not leave it out. */
export const selects = (policy: Policy, resource: Resource, rules: Selecting, tagNames?: TagNames): boolean =>
  wants(policy, resource, rules, tagNames) &&
  rules.takes(policy, resource) &&
  rules.leftOut(policy, resource).length === 0;

/** Resources that a policy would select, were they not among what the kind leaves out. */
export const notMeant = (
  policy: Policy,
  resources: readonly Resource[],
  rules: Selecting,
  tagNames?: TagNames,
): Resource[] =>
  resources.filter(
    (one) => wants(policy, one, rules, tagNames) && rules.takes(policy, one) && rules.leftOut(policy, one).length > 0,
  );

/** A selection as a person would say it, after "a resource has". */
export function formatSelect(select: Select): string {
  if ("everything" in select) return "everything";
  if ("all" in select) return `all of (${select.all.map(formatSelect).join(", ")})`;
  if ("any" in select) return `any of (${select.any.map(formatSelect).join(", ")})`;
  if ("not" in select) return `not (${formatSelect(select.not)})`;
  const { key, keyLike, keyPrefix, value, like, prefix } = select;
  const named = key ?? (keyLike === undefined ? `that begins with ${keyPrefix}` : `like ${keyLike}`);
  if (value !== undefined) return `the tag ${named}=${value}`;
  if (like !== undefined) return `the tag ${named} with a value like ${like}`;
  return prefix === undefined ? `the tag ${named}` : `the tag ${named} with a value that begins with ${prefix}`;
}

/** The resources of each policy, by its name; a resource may be under several. */
export function selection(
  { policies, resources, tagNames }: Estate,
  rules: Selecting,
): ReadonlyMap<string, readonly Resource[]> {
  const once = [...new Map(resources.map((resource) => [resource.id, resource])).values()];
  return new Map(policies.map((policy) => [policy.name, once.filter((one) => selects(policy, one, rules, tagNames))]));
}
