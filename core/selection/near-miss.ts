import type { KindRules } from "../model/kind.js";
import type { Inventory, Policy, Resource, Select, TagExpression, TagNames, TagSelect } from "../model/model.js";
import { quoteTag } from "./overrides.js";
import { matches, selects } from "./select.js";

/** Without capitals, and without blanks at its ends. */
const folded = (text: string): string => text.trim().toLowerCase();

type Tags = Readonly<Record<string, string>>;

const foldedTags = (tags: Tags): Tags =>
  Object.fromEntries(Object.entries(tags).map(([key, value]) => [folded(key), folded(value)]));

const foldedTag = (tag: TagSelect): TagSelect =>
  Object.fromEntries(Object.entries(tag).map(([field, text]) => [field, folded(text)]));

function foldedSelect<S extends Select | TagExpression>(select: S): S | TagExpression {
  if ("everything" in select) return select;
  if ("all" in select) return { all: select.all.map(foldedSelect) };
  if ("any" in select) return { any: select.any.map(foldedSelect) };
  return "not" in select ? { not: foldedSelect(select.not) } : foldedTag(select);
}

/** Among what it is looked for. */
interface NearMissing extends Pick<Inventory, "policies"> {
  readonly resources: readonly Resource[];
  readonly rules: KindRules;
  readonly tagNames: TagNames | undefined;
}

/** What a capital or a blank leaves out: nothing else of the resource speaks against it. */
const nearlySelects = (policy: Policy, resource: Resource, { rules, tagNames }: NearMissing): boolean =>
  !matches(policy.select, resource.tags) &&
  matches(foldedSelect(policy.select), foldedTags(resource.tags)) &&
  selects({ ...policy, select: { everything: true } }, resource, rules, tagNames);

/** Keys that a selection names; of patterns those that the tags have. */
function tagsMeant(select: Select | TagExpression, tags: Tags): readonly string[] {
  if ("everything" in select) return [];
  if ("all" in select) return select.all.flatMap((one) => tagsMeant(one, tags));
  if ("any" in select) return select.any.flatMap((one) => tagsMeant(one, tags));
  if ("not" in select) return [];
  const { key } = select;
  return Object.keys(tags).filter((one) => key !== undefined && folded(one) === folded(key));
}

/** Resources that an alert names; there may be thousands. */
const NAMED = 10;

/**
 * Resources that a policy does not select because their tags differ from its own in capitals or in blanks at the ends alone; AWS
 * compares exactly, and so do we. Not of those that another policy, which is written so, takes. Undefined where there are none.
 */
export function formatNearMisses(policy: Policy, of: NearMissing): string | undefined {
  const { policies, resources, rules, tagNames } = of;
  if ("everything" in policy.select) return undefined;
  const like = JSON.stringify(foldedSelect(policy.select));
  const twins = policies.filter((one) => one !== policy && JSON.stringify(foldedSelect(one.select)) === like);
  const missed = resources.filter(
    (one) => nearlySelects(policy, one, of) && !twins.some((twin) => selects(twin, one, rules, tagNames)),
  );
  if (missed.length === 0) return undefined;
  const named = missed.slice(0, NAMED).map(({ id, tags }) => {
    const found = tagsMeant(policy.select, tags).map((key) => `${quoteTag(key)}=${quoteTag(tags[key] ?? "")}`);
    return found.length === 0 ? id : `${id} with ${found.join(", ")}`;
  });
  const more = missed.length > NAMED ? ` and ${missed.length - NAMED} more` : "";
  return `what differs from that in capitals or in blanks at the ends alone is not taken: ${named.join("; ")}${more}`;
}
