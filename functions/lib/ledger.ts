import type { Announced, Memory, RunRequest } from "../../core/model.js";
import { readApprovals } from "./approvals.js";
import { numberIn, runKey, textIn } from "./items.js";
import { readSelected } from "./selected.js";
import type { Item, Table } from "./table.js";
import type { HomesSeen } from "./worldfile.js";

const DAY_S = 86_400;
const RUNS_KEPT_S = 90 * DAY_S;
const REQUESTS_KEPT_S = 7 * DAY_S;
const STATE = { pk: "state", sk: "state" };

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
  forget(request: RunRequest): Promise<void>;
  writeRun(runId: string, run: Item, now: number): Promise<void>;
  /** Whether the run came to an end, well or badly. */
  hasEnded(runId: string): Promise<boolean>;
}

const requestKey = (request: RunRequest) => ({
  pk: "request",
  sk: `${new Date(request.at).toISOString()}#${request.policy ?? "*"}`,
});

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

/** Only what people were really told: the item is written before the message. */
function announcedOf(item: Item): Announced[] {
  if (item["cause"] !== "resource-gone" || item["announced"] === undefined) return [];
  const [region, policy, resource] = [textIn(item, "region"), textIn(item, "policy"), textIn(item, "resource")];
  return [{ region, policy, resource, since: numberIn(item, "announced") }];
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
      const [alerts, selected, approved] = await Promise.all([
        table.list("alert"),
        readSelected(table),
        readApprovals(table),
      ]);
      return { announced: alerts.flatMap(announcedOf), selected, approved };
    },
    async forget(request) {
      await table.delete(requestKey(request));
    },
    async writeRun(runId, run, now) {
      await table.put(runKey(runId), { ...run, expiresAt: Math.ceil(now / 1000) + RUNS_KEPT_S });
    },
    async hasEnded(runId) {
      return numberIn(await table.get(runKey(runId)), "endedAt") > 0;
    },
  };
}
