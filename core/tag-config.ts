import { type Checks, textOf } from "./checks.js";
import type { TagNames } from "./model.js";
import { TAG, TAG_NAMES, TAG_PREFIX } from "./tags.js";

/** Tag naming limits of AWS's General Reference. */
export const TAG_KEY_MAX = 128;
export const TAG_VALUE_MAX = 256;
export const TAGS_MAX = 50;

/** A tag key or value any AWS service takes (AWS General Reference, tag naming limits). */
const TAG_TEXT = /^[\p{L}\p{Z}\p{N}_.:/=+\-@]*$/u;
const LETTERS = "letters, digits, spaces or _ . : / = + - @";

/** What is left for a stack's tags, or a policy's: a copy has all of ours and a name. */
export const ROOM = TAGS_MAX - Object.keys(TAG).length - 1;

export const isTagText = (text: string): boolean => TAG_TEXT.test(text);

const isTaken = (key: string): boolean => /^aws:/i.test(key) || key.startsWith(TAG_PREFIX);
const isKey = (key: string): boolean => key !== "" && key.length <= TAG_KEY_MAX && TAG_TEXT.test(key);

/** A key that is free to be used. */
export const isOwnKey = (key: string): boolean => isKey(key) && !isTaken(key);

/** The tags that are put on all that is made. */
export function readTags(checks: Checks, value: unknown, { keepForever }: TagNames): Record<string, string> {
  const fields =
    typeof value === "object" && value !== null && !Array.isArray(value) ? Object.entries(value) : undefined;
  if (value === undefined) return {};
  if (fields === undefined) {
    checks.add("tags", value, "tag keys with their values");
    return {};
  }
  if (fields.length > ROOM) checks.add("tags", fields.length, `at most ${ROOM} tags, since AWS allows 50 with ours`);
  for (const [key, text] of fields) {
    const path = `tags.${key}`;
    if (!isKey(key)) {
      checks.add(path, key, `a key of 1 to ${TAG_KEY_MAX} ${LETTERS}`);
    } else if (isTaken(key)) {
      checks.add(path, key, `a key that does not start with aws: or ${TAG_PREFIX}, which are taken`);
    } else if (key === keepForever) {
      checks.add(path, key, "on single snapshots only: here it would keep every point for ever");
    }
    const right = (t: string): boolean => t.length <= TAG_VALUE_MAX && TAG_TEXT.test(t);
    checks.text(path, text, right, `text of at most ${TAG_VALUE_MAX} ${LETTERS}`);
  }
  return Object.fromEntries(fields.map(([key, text]) => [key, textOf(text)]));
}

/** Those that may be left out. */
const HEEDED = ["backup", "retention", "crossRegion"] as const;

/** What people's tags are called; one that is `false` is not heeded. */
export function readTagNames(checks: Checks, value: unknown): TagNames {
  if (value === undefined) return TAG_NAMES;
  const known = Object.keys(TAG_NAMES);
  const fields = checks.object("tagNames", value, known, `tag keys for ${known.join(", ")}`);
  const right = isOwnKey;
  const want = `a tag key of 1 to ${TAG_KEY_MAX} ${LETTERS}, not one that starts with aws: or ${TAG_PREFIX}`;
  const read = (name: keyof TagNames): string =>
    fields[name] === undefined ? TAG_NAMES[name] : checks.text(`tagNames.${name}`, fields[name], right, want);
  const names = {
    keepForever: read("keepForever"),
    ...Object.fromEntries(
      HEEDED.flatMap((name) => {
        if (fields[name] === false) return [];
        return [
          [
            name,
            fields[name] === undefined
              ? TAG_NAMES[name]
              : checks.text(`tagNames.${name}`, fields[name], right, `${want}, or false`),
          ],
        ];
      }),
    ),
  };
  const given = Object.entries(names);
  given.forEach(([name, key], i) => {
    const first = given.findIndex(([, other]) => other === key);
    if (key !== "" && first < i)
      checks.add(`tagNames.${name}`, key, `a key of its own; tagNames.${given[first]?.[0]} has it`);
  });
  return names;
}
