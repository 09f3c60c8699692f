import * as v from "valibot";
import { doc } from "./doc.js";
import { leaveOut, type Plain, renamed } from "./fields.js";
import { duration } from "./retain.js";
import { flag, text } from "./values.js";

/** Topics of the standard kind: a FIFO topic takes no message without a group (SNS API reference, Publish). */
const TOPIC = /^arn:aws(?:-cn|-us-gov)?:sns:([a-z]{2}(?:-[a-z]+)+-\d):(\d{12}):[A-Za-z0-9_-]{1,256}$/;
const TOPIC_WANT = "the ARN of a standard topic, like arn:aws:sns:eu-west-1:111122223333:ops";

/** Where a topic is, and whose. */
export function topicPlace(arn: string): { readonly region: string; readonly account: string } | undefined {
  const [, region, account] = TOPIC.exec(arn) ?? [];
  return region === undefined || account === undefined ? undefined : { region, account };
}

export const notifyEntries = {
  topic: v.exactOptional(
    v.pipe(
      // Pulumi.yaml says "" where there is none.
      text(
        TOPIC_WANT,
        v.check((arn) => arn === "" || topicPlace(arn) !== undefined),
      ),
      doc(
        "text",
        "ARN of a standard SNS topic that is there already, in any region: alerts and summaries go there instead of to the stack's own; below",
        "the stack's own",
      ),
    ),
  ),
  summary: v.exactOptional(
    v.pipe(
      flag,
      doc(
        "true or false",
        "also a message for each run that made, copied or deleted something, and for the one that finds it complete: resources, points, and what is still pending",
      ),
    ),
    false,
  ),
  repeatAfter: v.exactOptional(
    v.pipe(duration, doc("text", "how long until an alert that is still open is said again, like `12h`")),
    "1d",
  ),
} as const;

/** How people are told. */
export const Notify = v.pipe(v.object(notifyEntries), leaveOut("topic", ""), renamed("repeatAfter", "repeatAfterMs"));
export type Notify = Plain<v.InferOutput<typeof Notify>>;

/** What a stack that does not say is told by. */
export const NOTIFY: Notify = v.parse(Notify, {});
