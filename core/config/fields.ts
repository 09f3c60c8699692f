import { distance } from "fastest-levenshtein";
import * as v from "valibot";
import { rule, type Tell } from "./rules.js";

export type Fields = Readonly<Record<string, unknown>>;

export const isObject = (value: unknown): value is Fields =>
  typeof value === "object" && value !== null && !Array.isArray(value);

const LONGEST_GUESS = 40;

/** What was meant, or all there is. */
function suggest(key: string, known: readonly string[], elsewhere: ReadonlyMap<string, string>): string {
  const place = elsewhere.get(key);
  if (place !== undefined) return place;
  const all = `one of ${known.join(", ")}`;
  if (key.length > LONGEST_GUESS) return all;
  const ranked = known
    .map((name) => ({ name, edits: distance(key.toLowerCase(), name.toLowerCase()) }))
    .toSorted((a, b) => a.edits - b.edits);
  const [nearest] = ranked;
  return nearest !== undefined && nearest.edits <= Math.ceil(nearest.name.length / 2) ? `"${nearest.name}"` : all;
}

/** What would be right where nothing is. */
const wantOf = (schema: v.GenericSchema | undefined, otherwise: string): string =>
  (schema && v.safeParse(schema, undefined).issues?.[0].message) ?? otherwise;

/**
 * An object with no keys but these; a key nobody reads would be a setting that silently does nothing. All such keys are told, where
 * valibot's strict object tells of the first. `elsewhere` says where keys belong that have another place.
 */
export function fields<const E extends v.ObjectEntries>(
  want: string,
  entries: E,
  known = Object.keys(entries),
  elsewhere: ReadonlyMap<string, string> = new Map(),
) {
  const schemas: Readonly<Record<string, v.GenericSchema>> = entries;
  const missing = ({ path }: v.BaseIssue<unknown>) => wantOf(schemas[String(path?.at(-1)?.key)], want);
  const schemaFor = (input: unknown) => {
    if (!isObject(input)) return v.never(want);
    const others = Object.keys(input).filter((key) => !Object.hasOwn(entries, key));
    const refused = others.map((key) => [key, v.never(`no such key, but ${suggest(key, known, elsewhere)}`)]);
    return v.object({ ...Object.fromEntries(refused), ...entries }, missing);
  };
  // Whatever the other keys are, what comes out has none of them: each is an error.
  type Object = v.ObjectSchema<E, undefined>;
  const schema = v.lazy(
    (input) => schemaFor(input) as unknown as v.GenericSchema<v.InferInput<Object>, v.InferOutput<Object>>,
  );
  return Object.assign(schema, { entries });
}

/** A rule between an object's keys. */
export const between = <T>(look: (fields: Fields, tell: Tell) => void) =>
  rule<T>((value, tell) => {
    if (isObject(value)) look(value, tell);
  });

/** Leaves out a key whose value says what holds without it. */
export const leaveOut = <T extends object, const K extends keyof T>(key: K, value: T[K]) =>
  v.transform((from: T) => {
    const { [key]: given, ...rest } = from;
    // TypeScript does not follow a key that is a parameter.
    return (given === value ? rest : from) as Omit<T, K> & Partial<Pick<T, K>>;
  });

/** Leaves out a key that is switched off. */
export const leaveOff = <T extends object, const K extends keyof T>(key: K) =>
  v.transform((from: T) => {
    const { [key]: given, ...rest } = from;
    // Without the key there is no value; with it, one that is not false.
    return (given === false ? rest : from) as Omit<T, K> & Partial<{ [P in keyof Pick<T, K>]: Exclude<T[P], false> }>;
  });

/** The same under another name, where what people write was made what functions reckon with. */
export const renamed = <T extends object, const K extends keyof T, const N extends string>(key: K, name: N) =>
  v.transform((from: T) => {
    const { [key]: value, ...rest } = from;
    const named = Object.hasOwn(from, key) ? { ...rest, [name]: value } : rest;
    // TypeScript does not follow a key that is a parameter.
    return named as unknown as { [P in keyof T as P extends K ? N : P]: T[P] };
  });

/** Data that nobody changes. */
export type Plain<T> = T extends readonly (infer I)[]
  ? readonly Plain<I>[]
  : T extends object
    ? { readonly [K in keyof T]: Plain<T[K]> }
    : T;
