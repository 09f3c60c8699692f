/** `plan` on ever larger estates, beside sorting a million numbers in the same process. */
import { spawnSync } from "node:child_process";
import { join } from "node:path";
import { recordedAt } from "../core/config/recorded.js";
import type { Artifact, Inventory, Point, Policy, Resource } from "../core/model/model.js";
import { pointId } from "../core/names/identity.js";
import { plan } from "../test/core/worlds.js";
import type { Row } from "./table.js";

const SIZES = [10_000, 100_000, 1_000_000];
const NUMBERS = 1_000_000;
/** As often each is done, in turns; the shortest counts. */
const TIMES = 3;
/** What node may use for objects that live on. */
const HEAP_MB = 1024;
const GOAL = 5;

const DAY_MS = 86_400_000;
const NOW = Date.UTC(2026, 10, 21, 7, 20);
const [HOME, DR] = ["us-east-1", "us-west-2"];
/** A daily point of each resource, so many days back. */
const DAYS = 50;
const POLICY: Policy = {
  name: "daily",
  select: { key: "Backup", value: "daily" },
  schedule: "rate(1 day)",
  retain: { count: 3, daily: 14, weekly: 8, monthly: 12 },
  copy: [{ region: DR, retain: { daily: 30, monthly: 6 } }],
};

const idOf = (kind: string, number: number): string => `${kind}-${number.toString(16).padStart(17, "0")}`;

function pointsOf(resource: Resource, number: number): [Point, Point][] {
  const [volume] = resource.members;
  return Array.from({ length: DAYS }, (_, day) => {
    const scheduled = Math.floor(NOW / DAY_MS) * DAY_MS - day * DAY_MS;
    const identity = { policy: POLICY.name, home: HOME, resource: resource.id, scheduled };
    const base = { ...identity, id: pointId(identity), kind: resource.kind, size: 1, level: "crash" as const };
    const part: Artifact = {
      id: idOf("snap", number * DAYS + day),
      member: volume?.id ?? "",
      detail: { device: "/dev/sda1" },
      state: "completed",
      startedAt: scheduled + 60_000,
      progress: 100,
      sizeGiB: 8,
      holds: [],
    };
    const copied = { ...part, id: idOf("snap-c", number * DAYS + day), source: part.id };
    return [
      asRead({ ...base, region: HOME, recorded: recordedAt(POLICY, HOME, HOME), artifacts: [part] }),
      asRead({
        ...base,
        region: DR,
        recorded: recordedAt(POLICY, DR, HOME),
        artifacts: [{ ...copied, startedAt: scheduled + 900_000, takenAt: part.startedAt }],
      }),
    ];
  });
}

/** As the plan function gets it, out of a survey's file: no text is shared, none remembers the texts that it was made of. */
const asRead = (point: Point): Point => JSON.parse(JSON.stringify(point)) as Point; // It is plain data.

/** An estate with so many points, half of them copies. */
function worldOf(count: number): Inventory {
  const resources = Array.from({ length: count / DAYS / 2 }, (_, i): Resource => {
    const id = idOf("i", i);
    const disk = {
      id: idOf("vol", i),
      detail: { device: "/dev/sda1", boot: true },
      sizeGiB: 8,
      createdAt: 0,
      tags: {},
    };
    return { id, kind: "instance", region: HOME, name: id, tags: { Backup: "daily" }, members: [disk] };
  });
  const both = resources.flatMap(pointsOf);
  const view = (points: readonly Point[]) =>
    ({ complete: true, asOf: NOW, resources, points, copiesInFlight: 0 }) as const;
  return {
    now: NOW,
    kind: "ebs",
    home: HOME,
    policies: [POLICY],
    regions: { [HOME]: view(both.map(([point]) => point)), [DR]: view(both.map(([, copy]) => copy)) },
    requests: [],
    limits: { copySlots: 20, copyReserve: 2 },
  };
}

interface Measured {
  readonly planMs: number;
  readonly sortMs: number;
  readonly heapMb: number;
  /** All that the process has, the sorted numbers and what is not collected yet included. */
  readonly rssMb: number;
}

function timeOf(work: () => unknown): number {
  const began = performance.now();
  work();
  return performance.now() - began;
}

function measure(count: number): Measured {
  const world = worldOf(count);
  const numbers = Array.from({ length: NUMBERS }, () => Math.random());
  let [planMs, sortMs, heapMb, rssMb] = [Number.POSITIVE_INFINITY, Number.POSITIVE_INFINITY, 0, 0];
  for (let i = 0; i < TIMES; i++) {
    sortMs = Math.min(
      sortMs,
      timeOf(() => numbers.toSorted((a, b) => a - b)),
    );
    let actions: readonly unknown[] = [];
    planMs = Math.min(
      planMs,
      timeOf(() => {
        actions = plan(world);
      }),
    );
    if (actions.length !== count) throw new Error(`${actions.length} decisions about ${count} points`);
    // With what the collector has not found yet.
    const { heapUsed, rss } = process.memoryUsage();
    [heapMb, rssMb] = [Math.max(heapMb, heapUsed / 1e6), Math.max(rssMb, rss / 1e6)];
    actions = [];
    global.gc?.();
  }
  return { planMs, sortMs, heapMb, rssMb };
}

/** Each size in a process of its own. */
function measureAlone(count: number): Measured {
  const node = [
    "--expose-gc",
    `--max-old-space-size=${HEAP_MB}`,
    "--import",
    "tsx",
    join(__dirname, "planner.ts"),
    String(count),
  ];
  const { status, stdout, stderr } = spawnSync(process.execPath, node, { encoding: "utf8" });
  if (status !== 0) throw new Error(`planning ${count} points ended with ${status}: ${stderr.slice(-2000)}`);
  // The lines below write it.
  return JSON.parse(stdout) as Measured;
}

export function plannerRows(): Row[] {
  return SIZES.flatMap((count): Row[] => {
    const { planMs, sortMs, heapMb, rssMb } = measureAlone(count);
    const what = `plan ${count.toLocaleString("en")} points`;
    const beside = `${((planMs * 1000) / count).toFixed(1)} µs a point; sorting ${(sortMs / 1000).toFixed(2)} s; heap ${heapMb.toFixed(0)} MB, process ${rssMb.toFixed(0)} MB, garbage included`;
    return [
      { what, measured: planMs / 1000, unit: "s", beside },
      ...(count === NUMBERS
        ? [{ what: `${what}, over sorting as many numbers`, measured: planMs / sortMs, unit: "x", goal: GOAL } as const]
        : []),
    ];
  });
}

if (require.main === module) console.log(JSON.stringify(measure(Number(process.argv[2]))));
