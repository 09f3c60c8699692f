import type { CompleteView } from "../../core/inventory/lineage.js";
import type {
  Action,
  Artifact,
  ArtifactState,
  Inventory,
  Point,
  Policy,
  RegionView,
  Resource,
  RunRequest,
} from "../../core/model/model.js";
import { pointId } from "../../core/names/identity.js";
import { planAll } from "../../core/planner/planner.js";
import type { SnapshotRecord } from "../../kinds/ebs/snapshots.js";
import { RULES } from "../../kinds/rules.js";

export const MINUTE = 60_000;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
export const HOME = "us-east-1";
export const DR = "us-west-2";
export const NOW = Date.UTC(2026, 10, 21, 7, 20);
/** The newest slot of `rate(1 hour)` at NOW. */
export const SLOT = Date.UTC(2026, 10, 21, 7);

export const policy = (over: Partial<Policy> = {}): Policy => ({
  name: "hourly",
  select: { key: "Backup", value: "hourly" },
  schedule: "rate(1 hour)",
  retain: { count: 2 },
  copy: [{ region: DR, retain: { count: 3 } }],
  ...over,
});

export const instance = (
  id = "i-1",
  volumes: readonly string[] = ["vol-1"],
  over: Partial<Resource> = {},
): Resource => ({
  id,
  kind: "instance",
  region: HOME,
  name: `name of ${id}`,
  tags: { Backup: "hourly" },
  members: volumes.map((volume, i) => ({
    id: volume,
    detail: { device: `/dev/sd${"abcdef"[i]}`, boot: i === 0 },
    sizeGiB: 8,
    createdAt: NOW - 365 * DAY,
    tags: {},
  })),
  ...over,
});

export interface PointInput {
  readonly at: number;
  readonly region?: string;
  readonly home?: string;
  readonly policy?: string;
  readonly resource?: string;
  /** State by volume. */
  readonly parts?: Readonly<Record<string, ArtifactState>>;
  readonly size?: number;
  readonly holds?: readonly string[];
  /** Real start of the original after its slot. */
  readonly late?: number;
}

/** A point made a minute after its slot; a copy of it started ten minutes after that. */
export function point(input: PointInput): Point {
  const { at, region = HOME, home = HOME, policy: name = "hourly", resource = "i-1" } = input;
  const states = input.parts ?? { "vol-1": "completed" };
  const id = pointId({ policy: name, home, resource, scheduled: at });
  const start = at + (input.late ?? MINUTE);
  const copied = region !== home;
  const parts = Object.entries(states).map(
    ([volume, state]): Artifact => ({
      id: `snap-${region}-${id}-${volume}`,
      member: volume,
      detail: { device: "/dev/sda" },
      state,
      startedAt: copied ? start + 10 * MINUTE : start,
      progress: state === "completed" ? 100 : 40,
      sizeGiB: 8,
      holds: input.holds ?? [],
      ...(copied ? { source: `snap-${home}-${id}-${volume}`, takenAt: start } : {}),
      ...(state === "error" ? { cause: "no such key" } : {}),
    }),
  );
  return {
    id,
    policy: name,
    resource,
    kind: "instance",
    home,
    region,
    scheduled: at,
    size: input.size ?? parts.length,
    level: "crash",
    artifacts: parts,
  };
}

/** The same point with these snapshots added. */
export const withParts = (made: Point, ...more: readonly Partial<Artifact>[]): Point => {
  const [first] = made.artifacts;
  if (first === undefined) throw new Error("a point without parts");
  return { ...made, artifacts: [...made.artifacts, ...more.map((part) => ({ ...first, ...part }))] };
};

export interface WorldInput extends Partial<Omit<Inventory, "regions">>, Partial<Pick<CompleteView, "otherMembers">> {
  /** What lives at home. @default one instance */
  readonly resources?: readonly Resource[];
  readonly points?: readonly Point[];
  /** Region and why. */
  readonly unknown?: Readonly<Record<string, string>>;
  readonly inFlight?: number;
  /** In every region. */
  readonly usage?: Readonly<Record<string, number>>;
  readonly requests?: readonly RunRequest[];
}

export function world(input: WorldInput = {}): Inventory {
  const { points = [], unknown = {}, inFlight = 0, usage, resources = [instance()], otherMembers, ...rest } = input;
  const policies = rest.policies ?? [policy()];
  const home = rest.home ?? HOME;
  const regions = new Set([
    home,
    ...policies.flatMap((p) => p.copy.map((c) => c.region)),
    ...points.map((p) => p.region),
    ...Object.keys(unknown),
  ]);
  const view = (region: string): RegionView => {
    const reason = unknown[region];
    if (reason !== undefined) return { complete: false, reason };
    const own = points.filter((p) => p.region === region);
    const used = usage === undefined ? {} : { usage };
    const lives = { resources: region === home ? resources : [], ...(otherMembers && { otherMembers }) };
    return { complete: true, asOf: rest.now ?? NOW, ...lives, points: own, copiesInFlight: inFlight, ...used };
  };
  return {
    now: NOW,
    kind: "ebs",
    home,
    requests: [],
    limits: { copySlots: 20, copyReserve: 2 },
    ...rest,
    policies,
    regions: Object.fromEntries([...regions].map((region) => [region, view(region)])),
  };
}

/** The plan of one inventory. */
export const plan = (inventory: Inventory): Action[] => planAll([inventory], RULES);

type Verb = Action["do"];

export const only = <V extends Verb>(actions: readonly Action[], verb: V): Extract<Action, { do: V }>[] =>
  actions.filter((action): action is Extract<Action, { do: V }> => action.do === verb);

/** What the plan says of a point: `delete: …` or `keep: …`. */
export const verdict = (actions: readonly Action[], of: Point): string | undefined => {
  const found = actions.find(
    (a) => (a.do === "keep" || a.do === "delete") && a.point === of.id && a.region === of.region,
  );
  return found && `${found.do}: ${found.reason}`;
};

/** A completed snapshot as EC2 lists it; its id is a number of so many hexadecimal digits. */
export const snapshotRecord = (
  n: number,
  digits: number,
  over: Pick<SnapshotRecord, "volumeId" | "startTime"> & Partial<SnapshotRecord>,
): SnapshotRecord => ({
  snapshotId: `snap-${n.toString(16).padStart(digits, "0")}`,
  state: "completed",
  progress: 100,
  sizeGiB: 8,
  tags: {},
  ...over,
});
