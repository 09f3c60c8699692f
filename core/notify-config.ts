import type { Checks } from "./checks.js";
import { DURATION_WANT, parseDuration } from "./duration.js";

/** How people are told. */
export interface Notify {
  /** ARN of a topic that is there already, in any region; the stack's own without it. */
  readonly topic?: string;
  /** Also a message for each run that did something, and for the one that finds it complete. */
  readonly summary: boolean;
  /** How long until what is still wrong is said again. */
  readonly repeatAfterMs: number;
}

const REPEAT_AFTER = "1d";

/** Topics of the standard kind: a FIFO topic takes no message without a group (SNS API reference, Publish). */
const TOPIC = /^arn:aws(?:-cn|-us-gov)?:sns:([a-z]{2}(?:-[a-z]+)+-\d):(\d{12}):[A-Za-z0-9_-]{1,256}$/;
const TOPIC_WANT = "the ARN of a standard topic, like arn:aws:sns:eu-west-1:111122223333:ops";

/** Where a topic is, and whose. */
export function topicPlace(arn: string): { readonly region: string; readonly account: string } | undefined {
  const [, region, account] = TOPIC.exec(arn) ?? [];
  return region === undefined || account === undefined ? undefined : { region, account };
}

/** What a stack that does not say is told by. */
export const NOTIFY: Notify = { summary: false, repeatAfterMs: parseDuration(REPEAT_AFTER) ?? 0 };

/** Reads `topic`, `summary` and `repeatAfter` of a stack's config. */
export function readNotify(checks: Checks, raw: Readonly<Record<string, unknown>>): Notify {
  const { topic, summary = NOTIFY.summary, repeatAfter = REPEAT_AFTER } = raw;
  if (typeof summary !== "boolean") checks.add("summary", summary, "true or false");
  const ms = typeof repeatAfter === "string" ? parseDuration(repeatAfter) : undefined;
  if (ms === undefined) checks.add("repeatAfter", repeatAfter, DURATION_WANT);
  const isTopic = (text: string): boolean => topicPlace(text) !== undefined;
  return {
    ...(topic === undefined || topic === "" ? {} : { topic: checks.text("topic", topic, isTopic, TOPIC_WANT) }),
    summary: summary === true,
    repeatAfterMs: ms ?? NOTIFY.repeatAfterMs,
  };
}
