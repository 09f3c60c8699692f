import type { Announced, Memory, RunRequest } from "../../core/model.js";
import { readApprovals } from "./approvals.js";
import { type Item, numberIn, textIn } from "./items.js";
import { requestItem, requestKey, requestOf } from "./requests.js";
import { readSelected } from "./selected.js";
import type { Table } from "./table.js";
import type { HomesSeen } from "./worldfile.js";

const STATE = { pk: "state", sk: "state" };

/** What a survey goes by. */
export interface Known {
  /** What the last run of a DR stack knew; absent where the next run must see everything itself. */
  readonly homes?: HomesSeen;
  /** Something that was to be deleted was locked, or used by an AMI. @default false */
  readonly locked?: boolean;
}

/** What the tick goes by too. */
export interface State extends Known {
  readonly inFlight: number;
  readonly lastRun: number;
  /** From when on a tick looks again at what the last run could not read or AWS refused it; absent where there was nothing. */
  readonly tryAgainAt?: number;
}

/** Requests of people, what was announced and allowed, and the state between runs. */
export interface KnownLedger {
  state(): Promise<Known>;
  requests(): Promise<RunRequest[]>;
  /** What the planner goes by beside what AWS shows. */
  memory(): Promise<Memory>;
}

export interface Ledger extends KnownLedger {
  state(): Promise<State>;
  writeState(state: State): Promise<void>;
  ask(request: RunRequest): Promise<void>;
}

function homesIn(item: Item | undefined): Pick<State, "homes"> {
  const run = item?.["homesRun"];
  if (typeof run !== "string") return {};
  const [at, news, points] = [numberIn(item, "homesAt"), numberIn(item, "homesNews"), numberIn(item, "homesPoints")];
  return { homes: { run, at, news, points } };
}

const knownIn = (item: Item | undefined): Known => ({
  ...homesIn(item),
  ...(item?.["locked"] === true && { locked: true }),
});

const homesItem = ({ run, at, news, points }: HomesSeen) => ({
  homesRun: run,
  homesAt: at,
  homesNews: news,
  homesPoints: points,
});

/** Only what people were really told: the item is written before the message. */
function announcedOf(item: Item): Announced[] {
  if (item["cause"] !== "resource-gone" || item["announced"] === undefined) return [];
  const [region, policy, resource] = [textIn(item, "region"), textIn(item, "policy"), textIn(item, "resource")];
  return [{ region, policy, resource, since: numberIn(item, "announced") }];
}

/** What is to be known before a run: a function that only reads carries no more. */
export const knownLedger = (table: Table): KnownLedger => ({
  state: async () => knownIn(await table.get(STATE)),
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
});

export const makeLedger = (table: Table): Ledger => ({
  ...knownLedger(table),
  async state() {
    const item = await table.get(STATE);
    const tryAgainAt = numberIn(item, "tryAgainAt");
    return {
      inFlight: numberIn(item, "inFlight"),
      lastRun: numberIn(item, "lastRun"),
      ...(tryAgainAt > 0 && { tryAgainAt }),
      ...knownIn(item),
    };
  },
  async writeState({ homes, locked, ...state }) {
    const seen = homes && homesItem(homes);
    await table.put(STATE, { ...state, ...seen, ...(locked && { locked }) });
  },
  async ask(request) {
    await table.put(requestKey(request), requestItem(request));
  },
});
