import { NOTIFY, type Notify, topicPlace } from "../../core/config/notify.js";
import type { Env } from "../lib/env.js";

/** How people are told, and where: the stack's own topic, or one that was there already, in any region. */
export interface Telling extends Pick<Notify, "summary" | "repeatAfterMs"> {
  readonly topicArn: string;
  readonly region: string;
}

/** What the stack's config says, as the component wrote it into the environment. */
export function readTelling(
  variables: Readonly<Record<string, string | undefined>>,
  { topicArn, region }: Env,
): Telling {
  const topic = variables["LOCKSTEP_TELL_TOPIC_ARN"] || topicArn;
  const repeatAfterMs = Number(variables["LOCKSTEP_REPEAT_AFTER_MS"] || NOTIFY.repeatAfterMs);
  return {
    topicArn: topic,
    region: topicPlace(topic)?.region ?? region,
    summary: variables["LOCKSTEP_SUMMARY"] === "true",
    repeatAfterMs,
  };
}
