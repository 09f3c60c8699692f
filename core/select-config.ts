import type { Checks } from "./checks.js";
import type { Select, TagExpression, TagSelect } from "./model.js";
import { isPattern, PATTERN_WANT } from "./pattern.js";
import { TAG_KEY_MAX, TAG_VALUE_MAX } from "./tag-config.js";

/** Deeper is a slip: a person could not read it. */
const DEPTH_MAX = 10;

const KEY_WANT = `a tag key of 1 to ${TAG_KEY_MAX} characters`;
const VALUE_WANT = `a tag value, at most ${TAG_VALUE_MAX} characters`;
const SELECT_WANT = "a tag, like { key: Backup, value: daily }, or all, any, not of such, or { everything: true }";
/** Ways to say what a tag must be like; of its key one is needed, of its value none. */
const KEYS = ["key", "keyLike", "keyPrefix"] as const;
const VALUES = ["value", "like", "prefix"] as const;
const FORMS = [...KEYS, "all", "any", "not"] as const;

type Fields = Readonly<Record<string, unknown>>;

/** Which resources a policy protects: an expression over tags, or `everything: true` alone. */
export function readSelect(checks: Checks, key: string, value: unknown): Select {
  if (typeof value === "object" && value !== null && "everything" in value) {
    const fields = checks.object(key, value, ["everything"], SELECT_WANT);
    if (fields["everything"] !== true) checks.add(`${key}.everything`, fields["everything"], "true, or a tag instead");
    return { everything: true };
  }
  return readExpression(checks, key, value, 1);
}

function readExpression(checks: Checks, key: string, value: unknown, depth: number): TagExpression {
  const unread = { key: "" };
  if (depth > DEPTH_MAX) {
    checks.add(key, undefined, `at most ${DEPTH_MAX} levels of all, any and not`);
    return unread;
  }
  const before = checks.problems.length;
  const fields = checks.object(key, value, [...FORMS, ...VALUES], SELECT_WANT);
  const given = FORMS.filter((form) => Object.hasOwn(fields, form));
  const [form] = given;
  if (given.length > 1) {
    checks.add(key, given, `one of ${FORMS.join(", ")}; several go into all or any`);
    return unread;
  }
  if (form === "all" || form === "any") {
    refuseValues(checks, key, fields);
    const list = checks.list(`${key}.${form}`, fields[form], "a list of tags, like [{ key: Backup }]");
    if (list.length === 0 && Array.isArray(fields[form])) checks.add(`${key}.${form}`, [], "a list with at least one");
    const inner = list.map((one, i) => readExpression(checks, `${key}.${form}[${i}]`, one, depth + 1));
    return form === "all" ? { all: inner } : { any: inner };
  }
  if (form === "not") {
    refuseValues(checks, key, fields);
    return { not: readExpression(checks, `${key}.not`, fields["not"], depth + 1) };
  }
  if (form === undefined && VALUES.every((name) => fields[name] === undefined)) {
    // What is no object, or has keys that nobody knows, was told before.
    if (checks.problems.length === before) checks.add(key, value, SELECT_WANT);
    return unread;
  }
  return readTag(checks, key, fields, form ?? "key");
}

function readTag(checks: Checks, key: string, fields: Fields, form: (typeof KEYS)[number]): TagSelect {
  const within = (least: number, most: number) => (text: string) => text.length >= least && text.length <= most;
  const patterned = (least: number, most: number) => (text: string) => within(least, most)(text) && isPattern(text);
  const read = (name: string, most: number, want: string): string => {
    const least = name === "value" ? 0 : 1;
    const like = name === "like" || name === "keyLike";
    const right = like ? patterned(least, most) : within(least, most);
    return checks.text(`${key}.${name}`, fields[name], right, like ? `${want}, ${PATTERN_WANT}` : want);
  };
  const given = VALUES.filter((name) => fields[name] !== undefined);
  if (given.length > 1) checks.add(key, given, `one of ${VALUES.join(", ")}; several go into all or any`);
  const [value] = given;
  const keyText = read(form, TAG_KEY_MAX, KEY_WANT);
  return {
    ...(form === "key" ? { key: keyText } : form === "keyLike" ? { keyLike: keyText } : { keyPrefix: keyText }),
    ...(value === undefined ? {} : { [value]: read(value, TAG_VALUE_MAX, VALUE_WANT) }),
  };
}

function refuseValues(checks: Checks, key: string, fields: Fields): void {
  for (const name of VALUES) {
    if (fields[name] !== undefined) checks.add(`${key}.${name}`, fields[name], "nothing: a value belongs to a key");
  }
}
