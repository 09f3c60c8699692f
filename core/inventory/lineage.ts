import type { KindRules } from "../model/kind.js";
import type { Artifact, Inventory, Point, RegionView, Resource, ResourceKind } from "../model/model.js";
import { isHanging, mayPass } from "./hanging.js";
import { isPending, type PointState, pointStateOf } from "./point-state.js";

/** How long what is new may take to appear in a list; so long a set that is not whole may only be not seen whole. */
export const APPEAR_MS = 15 * 60_000;

/** What one region holds of a lineage. */
export interface RegionPoints {
  readonly region: string;
  /** Newest first. */
  readonly points: readonly PointState[];
  /** Those that could be restored from, newest first. */
  readonly completed: readonly PointState[];
  readonly byId: ReadonlyMap<string, PointState>;
}

/** The points that one policy made of one resource, and their copies. */
export interface Lineage {
  readonly policy: string;
  readonly resource: string;
  readonly kind: ResourceKind;
  readonly regions: ReadonlyMap<string, RegionPoints>;
}

/** Everything seen, by lineage, so that no rule has to search. */
export interface Lineages {
  /** In a stable order, whatever the order of the input. */
  readonly all: readonly Lineage[];
  /** Points of resources that live elsewhere: the plan of their own home decides about them. */
  readonly foreign: readonly Point[];
  of(policy: string, resource: string): Lineage | undefined;
  /** The holding of a region, empty where it has none. */
  pointsIn(lineage: Lineage | undefined, region: string): RegionPoints;
}

export type CompleteView = Extract<RegionView, { complete: true }>;

/** The view of a region if all of it was read. */
export function knownView(inventory: Inventory, region: string): CompleteView | undefined {
  const view = Object.hasOwn(inventory.regions, region) ? inventory.regions[region] : undefined;
  return view?.complete ? view : undefined;
}

/** What lives in the home region; undefined where nobody could look. */
export const livingIn = (inventory: Inventory): readonly Resource[] | undefined =>
  knownView(inventory, inventory.home)?.resources;

/** Why a region is unknown. */
export function unknownBecause(inventory: Inventory, region: string): string {
  const view = Object.hasOwn(inventory.regions, region) ? inventory.regions[region] : undefined;
  return view === undefined || view.complete ? "not surveyed" : view.reason;
}

export const compare = (a: string | number, b: string | number): number => (a < b ? -1 : a > b ? 1 : 0);

const key = (policy: string, resource: string): string => JSON.stringify([policy, resource]);

interface Draft {
  readonly policy: string;
  readonly resource: string;
  readonly kind: ResourceKind;
  readonly regions: Map<string, Point[]>;
}

function collect(inventory: Inventory): { drafts: Draft[]; foreign: Point[] } {
  const drafts = new Map<string, Draft>();
  const regions = Object.keys(inventory.regions).toSorted();
  const listed = regions.map((region) => {
    const points = knownView(inventory, region)?.points ?? [];
    return { region, points: points.map((point) => (point.region === region ? point : { ...point, region })) };
  });
  const foreign = listed.flatMap(({ points }) => points.filter(({ home }) => home !== inventory.home));
  for (const { region, points: here } of listed) {
    const ours = here.filter(({ home }) => home === inventory.home);
    for (const [policy, ofPolicy] of Map.groupBy(ours, (point) => point.policy)) {
      for (const [resource, points] of Map.groupBy(ofPolicy, (point) => point.resource)) {
        const id = key(policy, resource);
        const kind = points[0]?.kind ?? inventory.kind;
        const draft = drafts.get(id) ?? { policy, resource, kind, regions: new Map<string, Point[]>() };
        drafts.set(id, draft);
        draft.regions.set(region, points);
      }
    }
  }
  return { drafts: [...drafts.values()], foreign };
}

const newestFirst = (a: Point, b: Point): number => b.scheduled - a.scheduled || compare(a.id, b.id);

/** Newest first. A point that was listed in parts is one: its id says its time, so that they come together. */
function inOrder(listed: readonly Point[]): readonly Point[] {
  const sorted = listed.toSorted(newestFirst);
  if (sorted.every((point, i) => point.id !== sorted[i + 1]?.id)) return sorted;
  const byId = Map.groupBy(sorted, ({ id }) => id);
  return [...byId.values()].flatMap(([first, ...others]) =>
    first === undefined ? [] : [others.length === 0 ? first : { ...first, artifacts: partsOf([first, ...others]) }],
  );
}

const partsOf = (points: readonly Point[]): Artifact[] => points.flatMap(({ artifacts }) => artifacts);

const isCompleted = ({ status }: PointState): boolean => status === "completed";

/** Sets are made by one call, so what a new one lacks is on its way; copies are made one by one, and are not there until asked for. */
function settled(shape: PointState, { now, home }: Inventory, region: string): PointState {
  if (region !== home || shape.status !== "incomplete" || now >= shape.start + APPEAR_MS) return shape;
  return { ...shape, status: "pending" };
}

function holdingOf(region: string, points: readonly Point[], inventory: Inventory): RegionPoints {
  const entries = inOrder(points).map((point): PointState => settled(pointStateOf(point), inventory, region));
  let byId: ReadonlyMap<string, PointState> | undefined;
  return {
    region,
    points: entries,
    completed: entries.every(isCompleted) ? entries : entries.filter(isCompleted),
    get byId() {
      byId ??= new Map(entries.map((entry) => [entry.point.id, entry]));
      return byId;
    },
  };
}

/** Sorts all points into lineages, once. */
export function indexLineages(inventory: Inventory): Lineages {
  const { drafts, foreign } = collect(inventory);
  const index = new Map<string, Lineage>();
  const named = drafts.map((draft) => ({ id: key(draft.policy, draft.resource), draft }));
  for (const { id, draft } of named.sort((a, b) => compare(a.id, b.id))) {
    const holdings = new Map<string, RegionPoints>();
    for (const [region, points] of draft.regions) {
      holdings.set(region, holdingOf(region, points, inventory));
    }
    index.set(id, { policy: draft.policy, resource: draft.resource, kind: draft.kind, regions: holdings });
  }
  const nothing = (region: string): RegionPoints => ({ region, points: [], completed: [], byId: new Map() });
  return {
    all: [...index.values()],
    foreign,
    of: (policy, resource) => index.get(key(policy, resource)),
    pointsIn: (lineage, region) => lineage?.regions.get(region) ?? nothing(region),
  };
}

const NOWHERE: readonly string[] = [];

type Running = Pick<Artifact, "member" | "sizeGiB" | "startedAt">;

/** The copies that are in flight into each region: members whose lineage must wait, and points whose source must stay. */
export class InFlight {
  readonly #members = new Map<string, Map<string, Running[]>>();
  readonly #points = new Map<string, Set<string>>();
  readonly #counts = new Map<string, number>();

  readonly #now: number;
  readonly #rules: Pick<KindRules, "hangsAfterMs">;

  constructor(inventory: Inventory, lineages: Lineages, rules: Pick<KindRules, "hangsAfterMs">) {
    this.#now = inventory.now;
    this.#rules = rules;
    for (const lineage of lineages.all) {
      for (const holding of lineage.regions.values()) {
        if (holding.region === inventory.home) continue;
        for (const entry of holding.points) {
          if (!isPending(entry)) continue;
          for (const part of entry.point.artifacts)
            if (part.state === "pending") this.#add(holding.region, entry.point.id, part);
        }
      }
    }
  }

  /** A copy of a part that is begun now. */
  add(region: string, point: string, part: Pick<Artifact, "member" | "sizeGiB">): void {
    this.#add(region, point, { ...part, startedAt: this.#now });
  }

  #add(region: string, point: string, copy: Running): void {
    const members = this.#members.get(region) ?? new Map<string, Running[]>();
    this.#members.set(region, members.set(copy.member, [...(members.get(copy.member) ?? []), copy]));
    const points = this.#points.get(point) ?? new Set<string>();
    this.#points.set(point, points.add(region));
    this.#counts.set(region, this.count(region) + 1);
  }

  /** How many of our own copies are in flight into a region. */
  count(region: string): number {
    return this.#counts.get(region) ?? 0;
  }

  /** Whether a copy of the member is in flight into the region, and does not hang. */
  hasMember(region: string, member: string): boolean {
    const running = this.#members.get(region)?.get(member) ?? [];
    return running.some((one) => !isHanging({ ...one, state: "pending" }, this.#now, this.#rules));
  }

  /** Whether no copy of the member may be begun into the region: one is in progress, and does not hang. */
  blocks(region: string, member: string): boolean {
    const running = this.#members.get(region)?.get(member);
    return running !== undefined && !mayPass(running, this.#now, this.#rules);
  }

  members(region: string): Iterable<string> {
    return this.#members.get(region)?.keys() ?? [];
  }

  /** Where copies of the point are in flight to. */
  destinations(point: string): readonly string[] {
    const regions = this.#points.get(point);
    return regions === undefined ? NOWHERE : [...regions].toSorted();
  }
}
