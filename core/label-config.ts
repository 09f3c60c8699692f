import { type Checks, textOf } from "./checks.js";
import { OF_VOLUME, PIECE } from "./labels.js";
import type { TagNames } from "./model.js";
import { isOwnKey, isTagText, ROOM, TAG_KEY_MAX, TAG_VALUE_MAX } from "./tag-config.js";

/** What a template may name; all but what is a volume's is known before the point is made. */
export const PLACEHOLDERS: readonly string[] = [
  ...["policy", "kind", "resource-id", "instance-id", "name", "point-id", "region", "home", "timezone"],
  ...["iso-datetime", "iso-date", "iso-time", "year", "month", "day", "hour", "minute", "iso-weekday"],
  ...OF_VOLUME,
];

/** What a template names that nobody knows, or the brace that stands alone; undefined where it is right. */
export function mistakeIn(template: string): string | undefined {
  for (const [piece, name] of template.matchAll(PIECE)) {
    if (name === undefined ? piece.length === 1 : !PLACEHOLDERS.includes(name)) return piece;
  }
  return undefined;
}

/** The text of a template that is not of placeholders. */
export const literalOf = (template: string): string =>
  template.replace(PIECE, (piece, name?: string) => (name === undefined ? piece.slice(0, 1) : ""));

interface Stack {
  /** The stack's own. */
  readonly tags: Readonly<Record<string, string>>;
  readonly tagNames: TagNames;
}

const WANT = 'tag keys with templates, like { Source: "{instance-id} {iso-date}" }';

/** The tags that a policy writes on its points beside ours; undefined for none. */
export function readPointTags(checks: Checks, key: string, value: unknown, { tags, tagNames }: Stack) {
  if (value === undefined) return undefined;
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    checks.add(key, value, WANT);
    return undefined;
  }
  const fields = Object.entries(value);
  if (fields.length === 0) checks.add(key, value, WANT);
  const room = ROOM - Object.keys(tags).length;
  // Name is counted already.
  const count = fields.filter(([name]) => name !== "Name").length;
  if (count > room)
    checks.add(key, count, `at most ${room} beside Name, since AWS allows 50 with ours and lockstep:tags`);
  for (const [name, template] of fields) readOne(checks, `${key}.${name}`, name, template, { tags, tagNames });
  return Object.fromEntries(fields.map(([name, template]) => [name, textOf(template)]));
}

function readOne(checks: Checks, path: string, name: string, template: unknown, { tags, tagNames }: Stack): void {
  if (!isOwnKey(name))
    checks.add(path, name, `a tag key of 1 to ${TAG_KEY_MAX} characters, not one that starts with aws: or lockstep:`);
  else if (name === tagNames.keepForever)
    checks.add(path, name, "on single snapshots only: here it would keep every point for ever");
  else if (Object.hasOwn(tags, name)) checks.add(path, name, "a key that lockstep:tags does not have");
  const text = checks.text(
    path,
    template,
    (one) => one.length <= TAG_VALUE_MAX,
    `text of at most ${TAG_VALUE_MAX} characters`,
  );
  const mistake = mistakeIn(text);
  if (mistake !== undefined)
    checks.add(path, mistake, `one of ${PLACEHOLDERS.join(", ")} in braces; {{ and }} mean the braces`);
  else if (!isTagText(literalOf(text)))
    checks.add(path, text, "letters, digits, spaces or _ . : / = + - @ beside placeholders");
}
