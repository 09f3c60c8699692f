import { type Checks, textOf } from "./checks.js";
import { KMS_WANT, parseKmsKey } from "./kms.js";
import type { CopyTags, CopyTagsFilter, Exclude, ResourceKind } from "./model.js";
import { isPattern, PATTERN_WANT } from "./pattern.js";
import { isTimezone, parseSchedule, ZONE_WANT } from "./schedule.js";
import { MEMBERS, type Membership } from "./scope.js";
import { TAG_KEY_MAX, TAG_VALUE_MAX, TAGS_MAX } from "./tag-config.js";
import { TAG_PREFIX } from "./tags.js";

const KEY_WANT = `a tag key of 1 to ${TAG_KEY_MAX} characters`;
const VALUE_WANT = `a tag value, at most ${TAG_VALUE_MAX} characters`;

const isKey = (text: string): boolean => text.length >= 1 && text.length <= TAG_KEY_MAX;
const isValue = (text: string): boolean => text.length <= TAG_VALUE_MAX;

const KINDS: readonly ResourceKind[] = ["instance", "volume"];

/** Kinds of resources that a policy protects; undefined where it does not say. */
export function readKinds(checks: Checks, key: string, value: unknown): ResourceKind[] | undefined {
  if (value === undefined) return undefined;
  const list = checks.list(key, value, `a list of ${KINDS.join(", ")}`);
  if (Array.isArray(value) && list.length === 0) checks.add(key, value, `at least one of ${KINDS.join(", ")}`);
  const kinds = list.flatMap((one, i) => {
    const kind = KINDS.find((known) => known === one);
    if (kind === undefined) checks.add(`${key}[${i}]`, one, KINDS.map((known) => `"${known}"`).join(" or "));
    return kind === undefined ? [] : [kind];
  });
  if (kinds.length === list.length) refuseTwice(checks, key, kinds, "each kind once");
  return kinds;
}

/** Members of what are protected too; undefined where the policy does not say. */
export function readInclude(checks: Checks, key: string, value: unknown): readonly Membership[] | undefined {
  if (value === undefined) return undefined;
  const want = MEMBERS.map((one) => `"${one}"`).join(", ");
  const list = checks.list(key, value, `a list of ${want}, or [] for none`);
  const include = list.flatMap((one, i) => {
    const member = MEMBERS.find((known) => known === one);
    if (member === undefined) checks.add(`${key}[${i}]`, one, `one of ${want}`);
    return member === undefined ? [] : [member];
  });
  if (include.length === list.length) refuseTwice(checks, key, include, "each once");
  return include;
}

/** Whether volumes get points of their own beside a set; only volumes can. */
export function readAlso(checks: Checks, key: string, value: unknown, kinds: readonly ResourceKind[] | undefined) {
  if (value === undefined) return undefined;
  if (typeof value !== "boolean") checks.add(key, value, "true or false");
  else if (!kinds?.includes("volume")) checks.add(key, value, "nothing, unless kinds has volume");
  return value === true;
}

/** Volumes that a policy leaves out; undefined where it has none to leave out. */
export function readExclude(checks: Checks, key: string, value: unknown): Exclude | undefined {
  if (value === undefined) return undefined;
  const want = "boot, devices or volumeTags, like { boot: true, devices: [/dev/sdb], volumeTags: { Scratch: yes } }";
  const before = checks.problems.length;
  const { boot, devices, volumeTags } = checks.object(key, value, ["boot", "devices", "volumeTags"], want);
  if (boot !== undefined && typeof boot !== "boolean") checks.add(`${key}.boot`, boot, "true or false");
  const names = devices === undefined ? undefined : readDevices(checks, `${key}.devices`, devices);
  const tags = volumeTags === undefined ? undefined : readVolumeTags(checks, `${key}.volumeTags`, volumeTags);
  const none = boot !== true && (names ?? []).length === 0 && Object.keys(tags ?? {}).length === 0;
  if (none && checks.problems.length === before) checks.add(key, value, want);
  return {
    ...(boot === true ? { boot } : {}),
    ...(names === undefined ? {} : { devices: names }),
    ...(tags === undefined ? {} : { volumeTags: tags }),
  };
}

function readDevices(checks: Checks, key: string, value: unknown): string[] {
  // Linux and Windows names (EC2 user guide, "Device names for volumes"): /dev/sdf, /dev/xvda, xvdf.
  const right = (text: string): boolean => /^(\/dev\/)?[a-z][a-z0-9]{1,30}$/.test(text);
  const devices = checks
    .list(key, value, "a list of device names, like [/dev/sdb]")
    .map((device, i) => checks.text(`${key}[${i}]`, device, right, "a device name as EC2 shows it, like /dev/sdb"));
  refuseTwice(checks, key, devices, "each device once");
  return devices;
}

function readVolumeTags(checks: Checks, key: string, value: unknown): Record<string, string> {
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    checks.add(key, value, "tag keys with their values, like { Scratch: yes }");
    return {};
  }
  const fields = Object.entries(value);
  for (const [tag, text] of fields) {
    if (!isKey(tag)) checks.add(`${key}.${tag}`, tag, KEY_WANT);
    checks.text(`${key}.${tag}`, text, isValue, VALUE_WANT);
  }
  return Object.fromEntries(fields.map(([tag, text]) => [tag, textOf(text)]));
}

/** Which of the volumes' own tags go along; undefined for none. */
export function readCopyTags(checks: Checks, key: string, value: unknown): CopyTags | undefined {
  if (value === undefined || value === false) return undefined;
  if (value === true) return true;
  if (typeof value === "object" && value !== null && !Array.isArray(value)) return readFilter(checks, key, value);
  const list = checks.list(key, value, "true for all, a list of tag keys, or only and except with patterns of keys");
  if (Array.isArray(value) && list.length === 0) checks.add(key, value, "at least one tag key, or no copyTags");
  if (list.length > TAGS_MAX) checks.add(key, list.length, `at most ${TAGS_MAX} keys, since AWS allows no more tags`);
  const right = (text: string): boolean => isKey(text) && !/^aws:/i.test(text) && !text.startsWith(TAG_PREFIX);
  const want = `${KEY_WANT}, not one that starts with aws: or ${TAG_PREFIX}`;
  const keys = list.map((one, i) => checks.text(`${key}[${i}]`, one, right, want));
  refuseTwice(checks, key, keys, "each key once");
  return keys;
}

function readFilter(checks: Checks, key: string, value: object): CopyTagsFilter {
  const want = 'patterns of tag keys, like { only: ["app:*"], except: ["app:secret*"] }';
  const fields = checks.object(key, value, ["only", "except"], want);
  const { only, except } = fields;
  if (only === undefined && except === undefined) checks.add(key, value, "only or except, or true for all");
  return {
    ...(only === undefined ? {} : { only: readPatterns(checks, `${key}.only`, only) }),
    ...(except === undefined ? {} : { except: readPatterns(checks, `${key}.except`, except) }),
  };
}

function readPatterns(checks: Checks, key: string, value: unknown): string[] {
  const right = (text: string): boolean => isKey(text) && isPattern(text);
  const list = checks.list(key, value, "a list of patterns of tag keys");
  if (Array.isArray(value) && list.length === 0) checks.add(key, [], "at least one pattern");
  return list.map((one, i) => checks.text(`${key}[${i}]`, one, right, `${KEY_WANT}, ${PATTERN_WANT}`));
}

function refuseTwice(checks: Checks, key: string, texts: readonly string[], want: string): void {
  texts.forEach((text, i) => {
    if (text !== "" && texts.indexOf(text) < i) checks.add(`${key}[${i}]`, text, want);
  });
}

/** The key that encrypts the copies in a region; undefined where none is named. */
export function readKmsKey(checks: Checks, key: string, value: unknown, region: string): string | undefined {
  if (value === undefined) return undefined;
  const text = checks.text(key, value, (one) => parseKmsKey(one) !== undefined, KMS_WANT);
  const named = parseKmsKey(text)?.region;
  // CopySnapshot takes a key of the region that the copy goes to (EC2 API reference).
  if (named !== undefined && region !== "" && named !== region) checks.add(key, value, `a key of ${region}`);
  return text;
}

/** Whose snapshots are a policy's points; undefined where they are its own alone. Others' are of volumes, and their makers' to lock. */
export function readSource(
  checks: Checks,
  key: string,
  { source, lock }: Readonly<Record<string, unknown>>,
  kinds: readonly ResourceKind[] | undefined,
): "any" | undefined {
  if (source !== "any") {
    if (source !== undefined && source !== "own") checks.add(`${key}.source`, source, '"own" or "any"');
    return undefined;
  }
  if (!kinds?.includes("volume")) checks.add(`${key}.source`, source, '"own", unless kinds has volume');
  if (lock !== undefined) checks.add(`${key}.lock`, lock, "nothing with source any: others' snapshots are not locked");
  return source;
}

/** When a policy's points are due, and in which zone; the text itself, after it was found right. With `may` there may be none. */
export function readSchedule(checks: Checks, key: string, fields: Readonly<Record<string, unknown>>, may: boolean) {
  const { schedule, timezone } = fields;
  const zoned = typeof timezone === "string" && isTimezone(timezone);
  if (timezone !== undefined && !zoned) checks.add(`${key}.timezone`, timezone, ZONE_WANT);
  const parsed = typeof schedule === "string" ? parseSchedule(schedule, zoned ? timezone : undefined) : undefined;
  const none = may && schedule === undefined;
  if (!none && !parsed?.ok) {
    checks.add(`${key}.schedule`, schedule, parsed?.problem ?? '"rate(1 hour)" or "cron(0 3 * * ? *)"');
  }
  return { ...(none ? {} : { schedule: textOf(schedule) }), ...(zoned ? { timezone } : {}) };
}
