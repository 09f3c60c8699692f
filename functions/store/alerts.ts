import { keyOf, type Open, type Trouble } from "../../core/model/causes.js";
import type { RulesTable } from "../../core/model/kind.js";
import { adviceOn } from "../../core/report/advice.js";
import type { Log } from "../../kinds/lib/log.js";
import { type Item, numberIn, textIn } from "./items.js";
import type { Table } from "./table.js";

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
  readonly rules: RulesTable;
  readonly log: Log;
  /** How long until what is still wrong is said again. */
  readonly repeatAfterMs: number;
}

const troubleOf = (item: Item): Trouble => ({
  cause: textIn(item, "cause"),
  region: textIn(item, "region"),
  policy: textIn(item, "policy"),
  resource: textIn(item, "resource"),
  point: textIn(item, "point"),
  reason: textIn(item, "reason"),
  ...(item["case"] === undefined ? {} : { case: textIn(item, "case") }),
  ...(item["kind"] === undefined ? {} : { kind: textIn(item, "kind") }),
});

/** All that is open, by the ledger. */
export const openIn = async (table: Pick<Table, "list">): Promise<Open[]> =>
  (await table.list("alert")).map((item) => ({ trouble: troubleOf(item), since: numberIn(item, "since") }));

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
    await deps.publish(messageOf(deps, told === undefined ? "alert" : "reminder", trouble));
    // What people were told first decides when a last point may go; the latest reason is what is read next.
    const first = told === undefined ? { announced: now } : {};
    await deps.table.update(key, { set: { ...trouble, ...first, told: now } });
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
    await deps.publish(messageOf(deps, "resolved", trouble));
    await deps.table.delete({ pk: "alert", sk: textIn(item, "sk") });
    deps.log.info("resolved", { ...trouble });
  }
}

/** SNS subjects are ASCII, of one line, and shorter than 100 characters (SNS API reference, Publish). */
const SUBJECT_LENGTH = 99;

const STATES = {
  alert: { prefix: "", state: "open" },
  reminder: { prefix: "still open: ", state: "still open" },
  resolved: { prefix: "resolved: ", state: "resolved" },
} as const;

/** Text as the subject of a message. */
export const asSubject = (text: string): string => text.replace(/[^\x20-\x7e]/g, "?").slice(0, SUBJECT_LENGTH);

function messageOf({ deployment, rules }: AlertDeps, state: keyof typeof STATES, trouble: Trouble): Message {
  const { cause, region, policy, resource, point, reason } = trouble;
  const about = [resource, policy, region].filter((part) => part !== "").join(" ");
  const subject = `[${deployment}] ${STATES[state].prefix}${cause}: ${about}`;
  const lines = [
    `State: ${STATES[state].state}`,
    `Cause: ${cause}`,
    `Resource: ${resource || "-"}`,
    `Policy: ${policy || "-"}`,
    `Region: ${region}`,
    `Point: ${point || "-"}`,
    `Details: ${reason}`,
    ...(state === "resolved" ? [] : [`What to do: ${adviceOn(trouble, rules)}`]),
  ];
  return {
    subject: asSubject(subject),
    body: lines.join("\n"),
    attributes: { deployment, state, cause, region },
  };
}
