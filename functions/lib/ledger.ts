import { compare } from "../../core/lineage.js";
import type { Announced, Approval, Memory, RunRequest, SelectedCount } from "../../core/model.js";
import type { Item, Table } from "./table.js";
import type { HomesSeen } from "./worldfile.js";

const DAY_S = 86_400;
const RUNS_KEPT_S = 90 * DAY_S;
const REQUESTS_KEPT_S = 7 * DAY_S;
const STATE = { pk: "state", sk: "state" };
const SELECTED = "selected";

/** What the tick goes by. */
export interface State {
  readonly inFlight: number;
  readonly lastRun: number;
  /** What the last run of a DR stack knew; absent where the next run must see everything itself. */
  readonly homes?: HomesSeen;
  /** Something that was to be deleted was locked, or used by an AMI. @default false */
  readonly locked?: boolean;
}

/** History of runs, requests of people, and the state between runs. */
export interface Ledger {
  state(): Promise<State>;
  writeState(state: State): Promise<void>;
  ask(request: RunRequest): Promise<void>;
  requests(): Promise<RunRequest[]>;
  /** What the planner goes by beside what AWS shows. */
  memory(): Promise<Memory>;
  writeSelected(counts: readonly SelectedCount[]): Promise<void>;
  forget(request: RunRequest): Promise<void>;
  /** Keeps a person's yes to what has this name (core/guard.ts). */
  approve(name: string, approval: Approval): Promise<void>;
  /** What a run held back, by the names that approve it. */
  heldBy(runId: string): Promise<readonly string[]>;
  writeRun(runId: string, run: Item, now: number): Promise<void>;
  /** Whether the run came to an end, well or badly. */
  hasEnded(runId: string): Promise<boolean>;
}

const requestKey = (request: RunRequest) => ({
  pk: "request",
  sk: `${new Date(request.at).toISOString()}#${request.policy ?? "*"}`,
});

const runKey = (runId: string) => ({ pk: "run", sk: runId });

const numberIn = (item: Item | undefined, name: string): number => {
  const value = item?.[name];
  return typeof value === "number" ? value : 0;
};

function homesIn(item: Item | undefined): Pick<State, "homes"> {
  const run = item?.["homesRun"];
  if (typeof run !== "string") return {};
  const [at, news, points] = [numberIn(item, "homesAt"), numberIn(item, "homesNews"), numberIn(item, "homesPoints")];
  return { homes: { run, at, news, points } };
}

const homesItem = ({ run, at, news, points }: HomesSeen) => ({
  homesRun: run,
  homesAt: at,
  homesNews: news,
  homesPoints: points,
});

function requestOf(item: Item): RunRequest {
  const { policy, resources } = item;
  return {
    at: numberIn(item, "at"),
    ...(typeof policy === "string" && { policy }),
    // Array.isArray does not narrow a readonly array.
    ...(Array.isArray(resources) && { resources: resources as readonly string[] }),
  };
}

const textIn = (item: Item, name: string): string => {
  const value = item[name];
  return typeof value === "string" ? value : "";
};

function textsIn(item: Item, name: string): readonly string[] {
  const value = item[name];
  // Array.isArray does not narrow a readonly array.
  return Array.isArray(value) ? (value as readonly string[]) : [];
}

/** Only what people were really told: the item is written before the message. */
function announcedOf(item: Item): Announced[] {
  if (item["cause"] !== "resource-gone" || item["announced"] === undefined) return [];
  const [region, policy, resource] = [textIn(item, "region"), textIn(item, "policy"), textIn(item, "resource")];
  return [{ region, policy, resource, since: numberIn(item, "since") }];
}

/** An item for each home region: how many resources each policy selects, and since when those are less than half of them. */
const selectedOf = ({ region, counts, since }: Item): SelectedCount[] =>
  Object.entries(counts ?? {}).flatMap(([policy, count]): SelectedCount[] => {
    if (typeof region !== "string" || typeof count !== "number") return [];
    const first: unknown = Object.entries(since ?? {}).find(([name]) => name === policy)?.[1];
    return [{ region, policy, count, ...(typeof first === "number" && { since: first }) }];
  });

/** Whoever wrote them may have had another order. */
const byPolicy = (a: SelectedCount, b: SelectedCount): number => compare(a.policy, b.policy);

/** An item has room for 400 KB (DynamoDB developer guide, "Quotas"); an id takes some 25 bytes. */
const SNAPSHOTS_PER_ITEM = 5000;

/** Large approvals lie in several items; each says yes to what it names. */
function approvalItems(name: string, { region, snapshots, until }: Approval): [string, Item][] {
  const count = Math.ceil(snapshots.length / SNAPSHOTS_PER_ITEM);
  return Array.from({ length: count }, (_, i) => {
    const part = snapshots.slice(i * SNAPSHOTS_PER_ITEM, (i + 1) * SNAPSHOTS_PER_ITEM);
    return [`${name}#${i}`, { region, snapshots: part, until, expiresAt: Math.ceil(until / 1000) + DAY_S }];
  });
}

function approvalOf(item: Item): Approval {
  return { region: textIn(item, "region"), snapshots: textsIn(item, "snapshots"), until: numberIn(item, "until") };
}

export function makeLedger(table: Table): Ledger {
  return {
    async state() {
      const item = await table.get(STATE);
      return {
        inFlight: numberIn(item, "inFlight"),
        lastRun: numberIn(item, "lastRun"),
        ...homesIn(item),
        ...(item?.["locked"] === true && { locked: true }),
      };
    },
    async writeState({ inFlight, lastRun, homes, locked }) {
      const seen = homes && homesItem(homes);
      await table.put(STATE, { inFlight, lastRun, ...seen, ...(locked && { locked }) });
    },
    async ask(request) {
      await table.put(requestKey(request), {
        ...request,
        expiresAt: Math.ceil(request.at / 1000) + REQUESTS_KEPT_S,
      });
    },
    async requests() {
      return (await table.list("request")).map(requestOf);
    },
    async memory() {
      const [alerts, selected, approvals] = await Promise.all([
        table.list("alert"),
        table.list(SELECTED),
        table.list("approval"),
      ]);
      return {
        announced: alerts.flatMap(announcedOf),
        selected: selected.flatMap(selectedOf).toSorted(byPolicy),
        approved: approvals.map(approvalOf),
      };
    },
    async writeSelected(all) {
      for (const [region, mine] of Map.groupBy(all, (one) => one.region)) {
        const counts = Object.fromEntries(mine.map(({ policy, count }) => [policy, count]));
        const since = Object.fromEntries(
          mine.flatMap((one) => (one.since === undefined ? [] : [[one.policy, one.since]])),
        );
        await table.put({ pk: SELECTED, sk: region }, { region, counts, since });
      }
    },
    async forget(request) {
      await table.delete(requestKey(request));
    },
    async approve(name, approval) {
      for (const [sk, item] of approvalItems(name, approval)) await table.put({ pk: "approval", sk }, item);
    },
    async heldBy(runId) {
      return textsIn((await table.get(runKey(runId))) ?? {}, "approvals");
    },
    async writeRun(runId, run, now) {
      await table.put(runKey(runId), { ...run, expiresAt: Math.ceil(now / 1000) + RUNS_KEPT_S });
    },
    async hasEnded(runId) {
      return numberIn(await table.get(runKey(runId)), "endedAt") > 0;
    },
  };
}
