import type { Artifact, Level, Point } from "../../core/model/model.js";
import type { Make } from "../../kinds/backend.js";
import { type Item, numberIn, textIn } from "./items.js";
import type { Table } from "./table.js";

const WORKFLOW = "workflow";
/** How long a row is kept after its workflow has ended: a failed attempt sets the pause before the next. */
const KEPT_MS = 7 * 86_400_000;

/**
 * Workflows of kinds that make points with them: a row for each, written before it starts, so that one that dies without a trace is
 * known all the same. The workflow itself writes `result`, words for people, where it ends without an artifact.
 */
export interface Workflows {
  /** Writes the row of a new attempt; answers with the name of its execution, made of the point and the attempt. */
  begin(make: Make, until: number): Promise<string>;
  /** An attempt that left nothing counts no more. */
  forget(name: string): Promise<void>;
  /** All that are known, as points with one artifact each: pending, or failed where it is over. */
  points(): Promise<readonly Point[]>;
}

export function makeWorkflows(table: Table, now: () => number): Workflows {
  return {
    async begin(make, until) {
      for (let attempt = 1; ; attempt++) {
        const name = `${make.point}-${attempt}`;
        const item = {
          ...rowOf(make),
          attempt,
          startedAt: now(),
          until,
          expiresAt: Math.ceil((until + KEPT_MS) / 1000),
        };
        if (await table.put({ pk: WORKFLOW, sk: name }, item, [[{ attribute: "pk", is: "absent" }]])) return name;
      }
    },
    async forget(name) {
      await table.update({ pk: WORKFLOW, sk: name }, { set: { forgotten: true } }, [
        [{ attribute: "sk", is: "=", value: name }],
      ]);
    },
    async points() {
      const items = await table.list(WORKFLOW);
      return items.filter((item) => item["forgotten"] !== true).map((item) => pointOf(item, now()));
    },
  };
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

function pointOf(item: Item, now: number): Point {
  const result = textIn(item, "result");
  const isOver = result !== "" || now >= numberIn(item, "until");
  const source = textIn(item, "source");
  const artifact: Artifact = {
    id: textIn(item, "sk"),
    member: textIn(item, "member"),
    state: isOver ? "error" : "pending",
    startedAt: numberIn(item, "startedAt"),
    progress: 0,
    sizeGiB: 0,
    holds: [],
    ...(isOver && { cause: result || "its workflow ended without a trace" }),
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
