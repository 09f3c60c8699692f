import type * as v from "valibot";
import { PLACEHOLDERS } from "../names/templates.js";
import type { Fields } from "./fields.js";
import type { Tell } from "./rules.js";

/** A part of a policy, or of a copy rule, that one kind alone understands: an object whose keys have a doc() each. */
export type Section = v.GenericSchema & { readonly entries: v.ObjectEntries };

/** A copy that a policy asks for. */
export interface AskedCopy {
  readonly resourceKind: string;
  readonly from: string;
  readonly to: string;
  /**
   * What the kind knows of the resource; of one that is no more, of its newest artifact.
   * @default nothing yet: all resources of that kind are meant
   */
  readonly detail?: unknown;
}

/** How many artifacts AWS lets an account have in a region, all makers together. */
interface Quota {
  /** Unless AWS raised it. */
  readonly max: number;
  /** What is counted, for people. */
  readonly of: string;
}

/** What a kind adds to the config: its section has the kind's name in a policy, and in the rules of its copies. */
export interface KindConfig {
  /** Those of its resource kinds that a policy without `kinds` protects. @default none */
  readonly byDefault?: readonly string[];
  /**
   * What only this kind has in a policy. What it cannot do, like a lock, is an entry too: `v.never` with the reason.
   * @default no section
   */
  readonly policy?: Section;
  /** What only this kind has in a copy rule. @default no section */
  readonly copy?: Section;
  /** Rules between the keys of its section and the policy's `kinds`, told by their place in the section. */
  readonly between?: (section: Fields, kinds: readonly unknown[], tell: Tell) => void;
  /** Whether points come without a schedule, by what its section says. @default never */
  readonly needsNoSchedule?: (section: Fields) => boolean;
  /**
   * Why it cannot make such a copy. A policy whose copies it can make of none of its resource kinds is refused; of a resource it is told.
   * @default it can
   */
  readonly cannotCopy?: (asked: AskedCopy) => string | undefined;
  /** What `pointTags` may name of this kind alone; of others it is empty. @default nothing */
  readonly placeholders?: readonly string[];
  /** By their names, which `lockstep:quotas` may raise. @default none that points are counted by */
  readonly quotas?: Readonly<Record<string, Quota>>;
}

/** As much of a kind as config is read by. */
interface Kind {
  /** The words for its resources in the list `kinds` of a policy, which are the values of the tag `lockstep:kind`. */
  readonly resourceKinds: readonly string[];
  readonly config: KindConfig;
}

/** The kinds that there are, by their names: whoever reads config hands them in. */
export type Kinds = Readonly<Record<string, Kind>>;

/** What a policy or a copy rule says to single kinds, by their names. Only the kind itself knows what that is. */
export type Sections = Readonly<Record<string, unknown>>;

/** All that a policy's list `kinds` may name. */
export const resourceKindsOf = (kinds: Kinds): string[] =>
  Object.values(kinds).flatMap(({ resourceKinds }) => resourceKinds);

/** As much of a stack's settings as says which kinds it looks after. */
interface Wanting {
  readonly policies: readonly { readonly kinds?: readonly string[] }[];
  readonly alsoKinds?: readonly string[];
}

/** Kinds that are looked after only where a policy, or `alsoKinds`, names them; what policies protect by default always is. */
export const kindsOnDemand = (kinds: Kinds): string[] =>
  Object.keys(kinds).filter((kind) => (kinds[kind]?.config.byDefault ?? []).length === 0);

/** The kinds that a stack looks after: of others it has no rights, and asks AWS nothing. */
export function kindsInUse(kinds: Kinds, { policies, alsoKinds = [] }: Wanting): string[] {
  const named = new Set(policies.flatMap((policy) => policy.kinds ?? []));
  const isNamed = (kind: string): boolean =>
    alsoKinds.includes(kind) || (kinds[kind]?.resourceKinds ?? []).some((one) => named.has(one));
  const onDemand = kindsOnDemand(kinds);
  return Object.keys(kinds).filter((kind) => !onDemand.includes(kind) || isNamed(kind));
}

/** What a template of a policy's tags may name. */
export const placeholdersOf = (kinds: Kinds): string[] => [
  ...PLACEHOLDERS,
  ...Object.values(kinds).flatMap(({ config }) => config.placeholders ?? []),
];

/** What a policy without such a list protects. */
export const defaultKinds = (kinds: Kinds): string[] =>
  Object.values(kinds).flatMap(({ config }) => config.byDefault ?? []);
