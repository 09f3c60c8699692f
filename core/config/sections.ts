import * as v from "valibot";
import { type Fields, isObject } from "./fields.js";
import { defaultKinds, type Kinds, type Section, type Sections } from "./kinds.js";
import type { Tell } from "./rules.js";

type Place = "policy" | "copy";

const sectionsOf = (kinds: Kinds, place: Place): [string, Section][] =>
  Object.entries(kinds).flatMap(([kind, { config }]) => {
    const section = config[place];
    return section === undefined ? [] : [[kind, section]];
  });

/** A key for each kind that has a section there. What types know of such an object is the rest of it. */
export const sectionEntries = (kinds: Kinds, place: Place): object =>
  Object.fromEntries(sectionsOf(kinds, place).map(([kind, section]) => [kind, v.exactOptional(section)]));

/** Where a key belongs that stands beside the sections and is one of theirs. */
export function keysOfSections(kinds: Kinds, place: Place): ReadonlyMap<string, string> {
  const places = sectionsOf(kinds, place).flatMap(([kind, { entries }]) =>
    Object.entries(entries).flatMap(([key, schema]) => (isNever(schema) ? [] : [{ key, kind }])),
  );
  return new Map(
    [...Map.groupBy(places, ({ key }) => key)].map(([key, all]) => {
      return [key, `"${key}" under ${all.map(({ kind }) => `"${kind}"`).join(" or ")}`];
    }),
  );
}

/** Whether a key is there only to be refused with its reason. */
const isNever = (schema: object): boolean =>
  "wrapped" in schema ? isNever(schema.wrapped as object) : "type" in schema && schema.type === "never";

/** Puts the sections into one value, which nobody but their kinds looks into. */
export const gatherSections = <T extends object>(kinds: Kinds) =>
  v.transform((from: T): T & { readonly sections?: Sections } => {
    const of = Object.groupBy(Object.entries(from), ([key]) => (Object.hasOwn(kinds, key) ? "sections" : "rest"));
    if (of.sections === undefined) return from;
    // All of T is there: its type has none of the keys of sections.
    return { ...Object.fromEntries(of.rest ?? []), sections: Object.fromEntries(of.sections) } as T & {
      readonly sections: Sections;
    };
  });

const listed = (words: readonly string[]): string => words.join(" or ");

/** A section says nothing where the policy has no such resources; and what a kind minds between its keys. */
export function lookAtSections(policy: Fields, kinds: Kinds, tell: Tell): void {
  const wanted = policy["kinds"] ?? defaultKinds(kinds);
  if (!Array.isArray(wanted)) return;
  for (const [kind, { resourceKinds, config }] of Object.entries(kinds)) {
    const section = policy[kind];
    const isIn = resourceKinds.some((one) => wanted.includes(one));
    if (section !== undefined && !isIn) tell([kind], section, `nothing, unless kinds has ${listed(resourceKinds)}`);
    else if (isObject(section)) config.between?.(section, wanted, (keys, ...said) => tell([kind, ...keys], ...said));
    if (!isIn) lookAtCopies(policy["copy"], kind, resourceKinds, tell);
  }
}

function lookAtCopies(copy: unknown, kind: string, words: readonly string[], tell: Tell): void {
  if (!Array.isArray(copy)) return;
  copy.forEach((rule: unknown, i) => {
    const section = sectionIn(rule, kind);
    if (section !== undefined) tell(["copy", i, kind], section, `nothing, unless kinds has ${listed(words)}`);
  });
}

/** A rule with nothing wrong has its sections gathered already. */
function sectionIn(rule: unknown, kind: string): unknown {
  if (!isObject(rule)) return undefined;
  const { sections = rule } = rule;
  return isObject(sections) ? sections[kind] : undefined;
}

/** Whether no kind's section says that points come without one. */
export const needsSchedule = (policy: Fields, kinds: Kinds): boolean =>
  !Object.entries(kinds).some(([kind, { config }]) => {
    const section = policy[kind];
    return isObject(section) && config.needsNoSchedule?.(section) === true;
  });
