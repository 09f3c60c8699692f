import { TIER_NAMES } from "../schedule/calendar.js";
import { formatDuration, parseDuration } from "../schedule/duration.js";
import { isTimezone } from "../schedule/schedule.js";
import type { Policy } from "./policy.js";
import type { Retain } from "./retain.js";

/** The rule that a point was made under, as its tag tells it when its policy or its resource is no more. */
export interface Recorded {
  readonly retain: Retain;
  readonly timezone?: string;
  /** On points of the home region: where copies are required. */
  readonly copies: readonly string[];
  /** What of it the resource's own tags said, and not the policy. */
  readonly byTags?: ByTags;
}

const BY_TAGS = ["retain", "copy"] as const;
export type ByTags = readonly (typeof BY_TAGS)[number][];

/** A policy as it holds for one resource. */
export interface EffectivePolicy extends Policy {
  readonly byTags?: ByTags;
}

/** A tag's value has room for 256 characters (EC2 user guide, "Tag restrictions"). */
export const RECORDED_MAX = 256;

/** Like `count=7 age=14d monthly=12 zone=Europe/Berlin copies=us-west-2+eu-west-1`. */
export function formatRecorded({ retain, timezone, copies, byTags = [] }: Recorded): string {
  const { count, ageMs } = retain;
  const parts = [
    ...(count === undefined ? [] : [`count=${count}`]),
    ...(ageMs === undefined ? [] : [`age=${formatDuration(ageMs)}`]),
    ...TIER_NAMES.flatMap((tier) => (retain[tier] === undefined ? [] : [`${tier}=${retain[tier]}`])),
    ...(timezone === undefined ? [] : [`zone=${timezone}`]),
    ...(copies.length === 0 ? [] : [`copies=${copies.join("+")}`]),
    ...(byTags.length === 0 ? [] : [`by=${byTags.join("+")}`]),
  ];
  return parts.join(" ");
}

/** What a new point of a policy tells in a region. */
export function recordedAt({ retain, timezone, copy, byTags }: EffectivePolicy, region: string, home: string): string {
  const zoned = { ...(timezone === undefined ? {} : { timezone }), ...(byTags === undefined ? {} : { byTags }) };
  if (region !== home) {
    const rule = copy.find((one) => one.region === region);
    return formatRecorded({ retain: rule?.retain ?? retain, ...zoned, copies: [] });
  }
  const copies = copy
    .map((rule) => rule.region)
    .filter((one) => one !== home)
    .toSorted();
  return formatRecorded({ retain, ...zoned, copies });
}

const isRegion = (text: string): boolean => /^[a-z]{2}[a-z0-9-]{1,30}$/.test(text);
const numberIn = (text: string): number | undefined => (/^[1-9]\d{0,8}$/.test(text) ? Number(text) : undefined);

function readPart(name: string, text: string): Partial<Recorded> | undefined {
  if (name === "zone") return isTimezone(text) ? { timezone: text } : undefined;
  if (name === "copies") {
    const copies = text.split("+");
    return copies.every(isRegion) ? { copies } : undefined;
  }
  if (name === "by") {
    const byTags = BY_TAGS.filter((one) => text.split("+").includes(one));
    return byTags.join("+") === text ? { byTags } : undefined;
  }
  const value = name === "age" ? parseDuration(text) : numberIn(text);
  if (value === undefined) return undefined;
  if (name === "age") return { retain: { ageMs: value } };
  if (name === "count" || TIER_NAMES.some((tier) => tier === name)) return { retain: { [name]: value } };
  return undefined;
}

/** Strict: what somebody changed by hand, or a later version wrote, is no rule at all, and keeps. */
export function readRecorded(text: string | undefined): Recorded | undefined {
  if (text === undefined || text.length > RECORDED_MAX) return undefined;
  let recorded: Recorded = { retain: {}, copies: [] };
  const seen = new Set<string>();
  for (const part of text.split(" ")) {
    const [name = "", value = "", ...more] = part.split("=");
    const read = more.length > 0 || seen.has(name) ? undefined : readPart(name, value);
    if (read === undefined) return undefined;
    seen.add(name);
    recorded = { ...recorded, ...read, retain: { ...recorded.retain, ...read.retain } };
  }
  return Object.keys(recorded.retain).length === 0 ? undefined : recorded;
}
