import * as v from "valibot";
import { isPattern, PATTERN_WANT } from "../names/pattern.js";
import { between, fields, isObject, type Plain } from "./fields.js";
import { anyKey, anyValue, KEY_MAX, KEY_WANT, someValue, VALUE_MAX, VALUE_WANT } from "./tags.js";
import { text } from "./values.js";

/** Deeper is a slip: a person could not read it. */
const DEPTH_MAX = 10;

const SELECT_WANT = "a tag, like { key: Backup, value: daily }, or all, any, not of such, or { everything: true }";

/** A pattern of tag keys. */
export const keyPattern = text(`${KEY_WANT}, ${PATTERN_WANT}`, v.nonEmpty(), v.maxLength(KEY_MAX), v.check(isPattern));
const valuePattern = text(`${VALUE_WANT}, ${PATTERN_WANT}`, v.nonEmpty(), v.maxLength(VALUE_MAX), v.check(isPattern));

/** Ways to say what a tag must be like; of its key one is needed, of its value none. */
const KEYS = { key: anyKey, keyLike: keyPattern, keyPrefix: anyKey } as const;
const VALUES = {
  value: v.exactOptional(anyValue),
  like: v.exactOptional(valuePattern),
  prefix: v.exactOptional(someValue),
} as const;
const KEY_FORMS = ["key", "keyLike", "keyPrefix"] as const;
const VALUE_FORMS = ["value", "like", "prefix"] as const;
const FORMS = [...KEY_FORMS, "all", "any", "not"] as const;
const KNOWN = [...FORMS, ...VALUE_FORMS];

type Keys = { readonly [K in keyof typeof KEYS]?: string };

/**
 * A tag that must be there: its key is given, or as a pattern of core/names/pattern.ts, or how it begins; one of the three. So is its
 * value; without any, every value is right.
 */
export type TagSelect = Keys & Plain<v.InferOutput<v.ObjectSchema<typeof VALUES, undefined>>>;

/** What tags must say. */
export type TagExpression =
  | TagSelect
  | { readonly all: readonly TagExpression[] }
  | { readonly any: readonly TagExpression[] }
  | { readonly not: TagExpression };

const noValue = v.exactOptional(v.never("nothing: a value belongs to a key"));
const NO_VALUES = { value: noValue, like: noValue, prefix: noValue };
const several = (names: readonly string[]): string => `one of ${names.join(", ")}; several go into all or any`;

/** One tag; its key is there in one of its forms. */
function tag(form: (typeof KEY_FORMS)[number]): v.GenericSchema<unknown, TagSelect> {
  return v.pipe(
    fields(SELECT_WANT, { [form]: KEYS[form], ...VALUES }, KNOWN),
    between((given, tell) => {
      const values = VALUE_FORMS.filter((name) => Object.hasOwn(given, name));
      if (values.length > 1) tell([], values, several(VALUE_FORMS));
    }),
  );
}

/** Nothing that is known, or too much of it: says so, and what else is there that nobody knows. */
const refused = (entries: v.ObjectEntries, given: readonly string[], want: string) =>
  v.pipe(
    fields(SELECT_WANT, entries, KNOWN),
    v.rawCheck(({ dataset, addIssue }) => {
      // What is no object, or has keys that nobody knows, was told before.
      if (given.length > 0) addIssue({ input: given, message: want });
      else if (dataset.typed) addIssue({ message: want });
    }),
    v.never(),
  );

function expression(depth: number): v.GenericSchema<unknown, TagExpression> {
  return v.lazy((input): v.GenericSchema<unknown, TagExpression> => {
    if (depth > DEPTH_MAX) return v.never(`at most ${DEPTH_MAX} levels of all, any and not`);
    const has = (name: string): boolean => isObject(input) && Object.hasOwn(input, name);
    const given = FORMS.filter(has);
    const [form] = given;
    const list = () =>
      v.pipe(
        v.array(expression(depth + 1), "a list of tags, like [{ key: Backup }]"),
        v.nonEmpty("a list with at least one"),
      );
    if (given.length > 1) {
      const any = Object.fromEntries(KNOWN.map((name) => [name, v.exactOptional(v.unknown())]));
      return refused(any, given, several(FORMS));
    }
    if (form === "all") return fields(SELECT_WANT, { all: list(), ...NO_VALUES }, KNOWN);
    if (form === "any") return fields(SELECT_WANT, { any: list(), ...NO_VALUES }, KNOWN);
    if (form === "not") return fields(SELECT_WANT, { not: expression(depth + 1), ...NO_VALUES }, KNOWN);
    if (form === undefined && !VALUE_FORMS.some(has)) return refused({}, [], SELECT_WANT);
    return tag(form ?? "key");
  });
}

/** Which resources a policy protects: an expression over tags, or `everything: true` alone. */
export const Select = v.lazy(
  (input): v.GenericSchema<unknown, TagExpression | { readonly everything: true }> =>
    isObject(input) && Object.hasOwn(input, "everything")
      ? fields(SELECT_WANT, { everything: v.literal(true, "true, or a tag instead") })
      : expression(1),
);
export type Select = v.InferOutput<typeof Select>;
