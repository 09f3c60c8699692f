import { isAboutKey } from "../../core/kms.js";
import { type Item, numberIn, textIn } from "./items.js";
import type { Log } from "./log.js";
import type { Table } from "./table.js";

/** Something a person should know or do something about. */
export interface Trouble {
  readonly cause: string;
  readonly region: string;
  readonly policy: string;
  readonly resource: string;
  readonly point: string;
  readonly reason: string;
}

export interface Message {
  readonly subject: string;
  readonly body: string;
  readonly attributes: Readonly<Record<string, string>>;
}

export type Publish = (message: Message) => Promise<void>;

export interface AlertDeps {
  readonly table: Table;
  readonly publish: Publish;
  readonly deployment: string;
  readonly log: Log;
  /** How long until what is still wrong is said again. */
  readonly repeatAfterMs: number;
}

/** What a person can do about each cause. */
const ADVICE: Readonly<Record<string, string>> = {
  "point-failed":
    "EBS could not finish the snapshot; it is tried again. If it goes on, look at the volume's state and its KMS key.",
  "copy-failed":
    "EBS could not finish the copy; it is tried again. Most often the KMS key of either region may not be used.",
  "copy-overdue":
    "Nothing that waits for a copy is deleted. Look whether the DR stack is deployed, runs, and has the same policies.",
  "region-unknown":
    "Nothing that depends on this region is deleted until it can be read. Look at the cause and at the AWS Health Dashboard.",
  "nothing-selected": "The policy protects nothing: check its tag key and value, and the tags of the resources.",
  "selection-dropped":
    "If this was meant, nothing needs to be done: after a week the new number counts. Else look for tags that were changed.",
  "members-left-out":
    "If they are to be protected, name in the policy's include what they are members of; if not, give it include: [].",
  "bad-tag": "Nothing is lost: the policy's own value holds for the resource. Correct the tag, or remove it.",
  "resource-gone":
    "Nothing needs to be done. To keep its last point, tag its snapshots to be kept for ever, or copy them, before it goes.",
  "policy-gone":
    "If the policy was not meant to be deleted, put it back under the same name: it takes its points over again.",
  "duplicate-point": "The doubles are adopted and pruned; nothing needs to be done.",
  "approval-needed":
    "Look at the policy: was its retention lowered by a slip? Then put it back, and nothing is lost. If it is meant, look at `lockstep plan` and approve. Points are made and copied meanwhile.",
  "create-refused":
    "AWS refused to make the snapshots; it is tried again. Look at the cause, the instance's state and the function's role.",
  "copy-refused":
    "AWS refused to start the copy; it is tried again. Look at the cause and at the rights on both regions' KMS keys.",
  "finish-refused":
    "A point is there, but not locked as its policy wants; it is tried again for a day. Look at the function's role.",
  "delete-refused": "AWS refused to delete an expired snapshot; it is tried again and costs money until then.",
  "adopt-refused":
    "Snapshots of others are not points yet, so not copied; it is tried again. Look at the cause and at the function's role.",
  "quota-reached":
    "Snapshots cannot be made until the quota is raised: open Service Quotas, Amazon EBS, in this region.",
  "stray-snapshot":
    "A snapshot has our ownership tag and belongs to no point: it is never deleted. Remove the tag, or the snapshot.",
  "run-failed": "The run stopped before its end; the next tick begins anew. Look at the log groups of its functions.",
};

/** Instead of the above, where it is a KMS key that stops us. */
const ABOUT_KEY =
  "A KMS key may not be used: the volume's, or the one of the copy's region. Look that it is enabled and not about to be deleted, and that its policy admits the function's role. It is tried again by itself.";
const STOPPED_BY_KEY = new Set(["point-failed", "copy-failed", "create-refused", "copy-refused"]);

function adviceOn({ cause, reason }: Trouble): string {
  if (STOPPED_BY_KEY.has(cause) && isAboutKey(reason)) return ABOUT_KEY;
  return ADVICE[cause] ?? "Look at the run's decisions in the ledger's bucket.";
}

const keyOf = ({ cause, region, policy, resource }: Trouble): string => [cause, region, policy, resource].join("#");

const troubleOf = (item: Item): Trouble => ({
  cause: textIn(item, "cause"),
  region: textIn(item, "region"),
  policy: textIn(item, "policy"),
  resource: textIn(item, "resource"),
  point: textIn(item, "point"),
  reason: textIn(item, "reason"),
});

export interface Open {
  readonly trouble: Trouble;
  /** When a run first met with it. */
  readonly since: number;
}

/**
 * Opens what is new and says it, and what is still so once in a while. The item is written before the message and marked after it: a
 * crash between says it again, never not. Says since when each is so.
 */
export async function openAlerts(deps: AlertDeps, troubles: readonly Trouble[], now: number): Promise<Open[]> {
  const byKey = new Map(troubles.toReversed().map((trouble) => [keyOf(trouble), trouble]));
  const open: Open[] = [];
  for (const [sk, trouble] of [...byKey].toReversed()) {
    const key = { pk: "alert", sk };
    const fresh = await deps.table.put(key, { ...trouble, since: now }, [[{ attribute: "pk", is: "absent" }]]);
    const before = fresh ? undefined : await deps.table.get(key);
    open.push({ trouble, since: before === undefined ? now : numberIn(before, "since") });
    const told = toldAt(before);
    if (told !== undefined && now - told < deps.repeatAfterMs) continue;
    await deps.publish(messageOf(deps.deployment, told === undefined ? "alert" : "reminder", trouble));
    // What people were told first decides when a last point may go; the latest reason is what is read next.
    const first = told === undefined ? { announced: now } : {};
    await deps.table.update(key, { set: { ...first, told: now, point: trouble.point, reason: trouble.reason } });
    deps.log.warn("alert", { ...trouble });
  }
  return open;
}

/** When an alert was last said. */
function toldAt(item: Item | undefined): number | undefined {
  const value = item?.["told"] ?? item?.["announced"];
  return typeof value === "number" ? value : undefined;
}

/** Closes what is no longer so and says it. `mayClose` keeps open what this run could not judge. */
export async function closeAlerts(
  deps: AlertDeps,
  troubles: readonly Trouble[],
  mayClose: (trouble: Trouble) => boolean,
): Promise<void> {
  const still = new Set(troubles.map(keyOf));
  for (const item of await deps.table.list("alert")) {
    const trouble = troubleOf(item);
    if (still.has(keyOf(trouble)) || !mayClose(trouble)) continue;
    await deps.publish(messageOf(deps.deployment, "resolved", trouble));
    await deps.table.delete({ pk: "alert", sk: textIn(item, "sk") });
    deps.log.info("resolved", { ...trouble });
  }
}

/** SNS subjects are ASCII, of one line, and shorter than 100 characters (SNS API reference, Publish). */
const SUBJECT_LENGTH = 99;

const KINDS = {
  alert: { prefix: "", state: "open" },
  reminder: { prefix: "still open: ", state: "still open" },
  resolved: { prefix: "resolved: ", state: "resolved" },
} as const;

/** Text as the subject of a message. */
export const asSubject = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?").slice(0, SUBJECT_LENGTH);

function messageOf(deployment: string, kind: keyof typeof KINDS, trouble: Trouble): Message {
  const { cause, region, policy, resource, point, reason } = trouble;
  const about = [resource, policy, region].filter((part) => part !== "").join(" ");
  const subject = `[${deployment}] ${KINDS[kind].prefix}${cause}: ${about}`;
  const lines = [
    `State: ${KINDS[kind].state}`,
    `Cause: ${cause}`,
    `Resource: ${resource || "-"}`,
    `Policy: ${policy || "-"}`,
    `Region: ${region}`,
    `Point: ${point || "-"}`,
    `Details: ${reason}`,
    ...(kind === "resolved" ? [] : [`What to do: ${adviceOn(trouble)}`]),
  ];
  return {
    subject: asSubject(subject),
    body: lines.join("\n"),
    attributes: { deployment, state: kind, cause, region },
  };
}
