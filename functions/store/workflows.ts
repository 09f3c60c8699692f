import { APPEAR_MS } from "../../core/inventory/lineage.js";
import type { Artifact, Delete, Level, Point } from "../../core/model/model.js";
import { pauseAfter } from "../../core/schedule/backoff.js";
import type { Answer, Make, Workflow } from "../../kinds/backend.js";

import { type Item, type Key, numberIn, textIn } from "./items.js";
import type { Table } from "./table.js";

const WORKFLOW = "workflow";
/** How long a row is kept after its workflow has ended: a failed attempt sets the pause before the next. */
const KEPT_MS = 7 * 86_400_000;

/** A workflow of which the table does not know yet that it has ended. */
export interface Running {
  /** Of its execution. */
  readonly name: string;
  /** The name of its state machine. */
  readonly machine: string;
  readonly attempt: number;
  readonly startedAt: number;
}

export interface Ended {
  readonly at: number;
  /** Words for people, where it did not succeed. */
  readonly why?: string;
}

/**
 * Workflows of kinds that make or delete points with them: a row for each, written before it starts, so that one that dies without a trace
 * is known all the same. Who surveys asks Step Functions how they ended and writes it down: a workflow writes nothing here itself.
 */
export interface Workflows {
  /** Writes the row of a new attempt to make something; answers with the name of its execution, made of the point and the attempt. */
  begin(make: Make, workflow: Workflow): Promise<string>;
  /**
   * The same for a delete, which is planned in every run until it is done: where one is under way, or failed a short time ago, answers with
   * what is to be said of it. One update of one row, since whoever deletes may do no more.
   */
  beginDelete(action: Delete, workflow: Workflow): Promise<string | Answer>;
  /** An attempt that left nothing counts no more. */
  forget(name: string): Promise<void>;
  read(): Promise<Known>;
  end(running: Running, ended: Ended): Promise<void>;
}

/** What the table knows of workflows. */
export interface Known {
  readonly running: readonly Running[];
  /** All attempts to make something, as points with one artifact each: pending, or failed where it is over. */
  readonly points: readonly Point[];
}

export function makeWorkflows(table: Table, now: () => number): Workflows {
  return {
    async begin(make, workflow) {
      for (let attempt = 1; ; attempt++) {
        const name = `${make.point}-${attempt}`;
        const item = { ...rowOf(make), ...begun(workflow, now()), attempt };
        if (await table.put(keyOf(name), item, [[{ attribute: "pk", is: "absent" }]])) return name;
      }
    },
    beginDelete: (action, workflow) => beginDelete(table, now(), action, workflow),
    async forget(name) {
      const key = keyOf(name);
      // The next delete may begin; the number of attempts stays, so that no name comes twice.
      const change = key.sk === name ? { forgotten: true } : { until: 0 };
      await table.update(key, { set: change }, [[{ attribute: "sk", is: "=", value: key.sk }]]);
    },
    async read() {
      const items = (await table.list(WORKFLOW)).filter((item) => item["forgotten"] !== true);
      const running = items.filter((item) => !isOver(item, now()) && numberIn(item, "endedAt") === 0).map(runningOf);
      return { running, points: items.filter((item) => !isDelete(item)).map((item) => pointOf(item, now())) };
    },
    async end({ name, attempt }, { at, why }) {
      const again = at + pauseAfter(attempt);
      const change = { set: { endedAt: at, again, ...(why !== undefined && { result: why }) } };
      await table.update(keyOf(name), change, [[{ attribute: "attempt", is: "=", value: attempt }]]);
    },
  };
}

const runningOf = (item: Item): Running => ({
  name: nameOf(item),
  machine: textIn(item, "machine"),
  attempt: numberIn(item, "attempt"),
  startedAt: numberIn(item, "startedAt"),
});

const begun = ({ machine, until }: Workflow, now: number): Item => ({
  machine,
  startedAt: now,
  until,
  expiresAt: Math.ceil((until + KEPT_MS) / 1000),
});

const DELETE = "-delete";

/** Attempts at a delete share one row, those at a point have one each. */
const keyOf = (name: string): Key => ({ pk: WORKFLOW, sk: name.replace(/(-delete)-[1-9]\d*$/, "$1") });
const isDelete = (item: Item): boolean => textIn(item, "sk").endsWith(DELETE);
const nameOf = (item: Item): string =>
  isDelete(item) ? `${textIn(item, "sk")}-${numberIn(item, "attempt")}` : textIn(item, "sk");

async function beginDelete(
  table: Table,
  now: number,
  { point, policy, resource, kind, region }: Delete,
  workflow: Workflow,
): Promise<string | Answer> {
  const key = keyOf(point + DELETE);
  const set = { point, policy, resource, kind, region, ...begun(workflow, now) };
  const row = await table.update(key, { set, add: { attempt: 1 }, remove: ["endedAt", "again", "result"] }, [
    [{ attribute: "sk", is: "absent" }],
    [{ attribute: "until", is: "<", value: now }],
    [{ attribute: "again", is: "<", value: now }],
  ]);
  if (row !== undefined) return nameOf(row);
  const before = (await table.update(key, { add: { refused: 1 } })) ?? {};
  const result = textIn(before, "result");
  if (result !== "") return { is: "failed", why: { message: `${result}; it is tried again` } };
  const until = new Date(numberIn(before, "until")).toISOString();
  return { is: "later", why: { message: `its workflow ${nameOf(before)} is at it, until ${until} at the latest` } };
}

/** Whether an artifact is an attempt at a point, and nothing that AWS has. */
export const isExecution = (artifact: string, point: string): boolean =>
  artifact.startsWith(`${point}-`) && /^[1-9]\d*$/.test(artifact.slice(point.length + 1));

function rowOf(make: Make): Item {
  const { policy, resource, kind, region, point, scheduled } = make;
  const common = { policy, resource, kind, region, point, scheduled };
  if (make.do === "create")
    return { ...common, home: region, size: make.members.length, level: "crash", member: resource };
  const { home, size, level, artifact } = make;
  return {
    ...common,
    home,
    size,
    level,
    member: artifact.member,
    source: artifact.id,
    takenAt: artifact.takenAt ?? artifact.startedAt,
  };
}

/** What one that succeeded has made may not be listed at once. */
function isOver(item: Item, now: number): boolean {
  const endedAt = numberIn(item, "endedAt");
  return textIn(item, "result") !== "" || now >= numberIn(item, "until") || (endedAt > 0 && now >= endedAt + APPEAR_MS);
}

function pointOf(item: Item, now: number): Point {
  const result = textIn(item, "result");
  const source = textIn(item, "source");
  const left = numberIn(item, "endedAt") > 0 ? "its workflow left nothing" : "its workflow ended without a trace";
  const artifact: Artifact = {
    id: textIn(item, "sk"),
    member: textIn(item, "member"),
    state: isOver(item, now) ? "error" : "pending",
    startedAt: numberIn(item, "startedAt"),
    progress: 0,
    sizeGiB: 0,
    holds: [],
    ...(isOver(item, now) && { cause: result || left }),
    ...(source !== "" && { source, takenAt: numberIn(item, "takenAt") }),
  };
  return {
    id: textIn(item, "point"),
    policy: textIn(item, "policy"),
    resource: textIn(item, "resource"),
    kind: textIn(item, "kind"),
    home: textIn(item, "home"),
    region: textIn(item, "region"),
    scheduled: numberIn(item, "scheduled"),
    size: Math.max(1, numberIn(item, "size")),
    level: levelOf(textIn(item, "level")),
    artifacts: [artifact],
  };
}

const levelOf = (text: string): Level => (text === "application" ? text : "crash");
