/**
 * How facts of AWS's answers are written down, and how a value is held against them. A form is a pattern for text, a word for another
 * type, one element for a list, or the members of an object.
 */
export type Form = RegExp | "time" | "number" | "flag" | "text" | Members | readonly [Form];

export interface Members {
  /** In every recorded answer of the last years. */
  readonly always: Readonly<Record<string, Form>>;
  /** In some. */
  readonly seen?: Readonly<Record<string, Form>>;
  /** In none, but in the API reference: newer than the recordings, or of a case that nobody recorded. */
  readonly documented?: Readonly<Record<string, Form>>;
  /** Came after the older recordings, which need not have them. */
  readonly recent?: Readonly<Record<string, Form>>;
}

const isForm = (form: Form): form is Members =>
  !(typeof form === "string" || form instanceof RegExp || Array.isArray(form));

/** A time as boto3 recorded it, as AWS wrote it, or as the SDK read it. */
const isTime = (value: unknown): boolean =>
  value instanceof Date ||
  typeof value === "number" ||
  (typeof value === "object" && value !== null && "$date" in value);

const WORDS: Readonly<Record<string, (value: unknown) => boolean>> = {
  time: isTime,
  number: (value) => typeof value === "number",
  flag: (value) => typeof value === "boolean",
  text: (value) => typeof value === "string",
};

/** What of a value is not as the form says, each with its path. `missing` may leave out what an old recording does not have. */
export function differences(value: unknown, form: Form, { old = false, path = "" } = {}): string[] {
  if (form instanceof RegExp)
    return typeof value === "string" && form.test(value) ? [] : [`${path}: ${JSON.stringify(value)} is not ${form}`];
  if (typeof form === "string") return WORDS[form]?.(value) ? [] : [`${path}: ${JSON.stringify(value)} is no ${form}`];
  if (!isForm(form)) {
    if (!Array.isArray(value)) return [`${path}: is no list`];
    return value.flatMap((one, i) => differences(one, form[0], { old, path: `${path}.${i}` }));
  }
  if (typeof value !== "object" || value === null) return [`${path}: is no object`];
  const { always, recent = {}, seen = {}, documented = {} } = form;
  const known: Readonly<Record<string, Form>> = { ...always, ...recent, ...seen, ...documented };
  const needed = old ? always : { ...always, ...recent };
  const missing = Object.keys(needed).filter((name) => !(name in value));
  return [
    ...missing.map((name) => `${path}.${name}: is missing`),
    ...Object.entries(value).flatMap(([name, one]) => {
      const inner = known[name];
      return inner
        ? differences(one, inner, { old, path: `${path}.${name}` })
        : [`${path}.${name}: AWS has no such member here`];
    }),
  ];
}

/** Paths of members that the form calls `seen` or `documented`, for a table that says no more than the recordings do. */
export function optionalPaths(form: Form, which: "seen" | "documented", path = ""): string[] {
  if (form instanceof RegExp || typeof form === "string") return [];
  if (!isForm(form)) return optionalPaths(form[0], which, path);
  const own = Object.keys(form[which] ?? {}).map((name) => `${path}.${name}`);
  const all = Object.entries({ ...form.always, ...form.recent, ...form.seen, ...form.documented });
  return [...own, ...all.flatMap(([name, inner]) => optionalPaths(inner, which, `${path}.${name}`))];
}

/** Paths of all members of a value, without the places in lists. */
export function pathsOf(value: unknown, path = ""): string[] {
  if (Array.isArray(value)) return value.flatMap((one) => pathsOf(one, path));
  if (typeof value !== "object" || value === null || value instanceof Date) return [];
  return Object.entries(value).flatMap(([name, one]) => [`${path}.${name}`, ...pathsOf(one, `${path}.${name}`)]);
}
