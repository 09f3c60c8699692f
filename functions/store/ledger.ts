import type { Announced, Memory, RunRequest } from "../../core/model/model.js";
import { readApprovals } from "./approvals.js";
import { type Item, numberIn, numbersIn, textIn } from "./items.js";
import { requestItem, requestKey, requestOf } from "./requests.js";
import { readSelected } from "./selected.js";
import type { Table } from "./table.js";

/** With nothing in flight a tick looks this often. */
export const IDLE_MS = 15 * 60_000;
/** Ticks come each minute, and no run ends at once: what is due so soon after this one is looked at by it. */
const SLACK_MS = 15_000;

/** From when on a tick looks at a kind again. */
export const dueAfter = (now: number, inFlight: number, lookAgainMs: number): number =>
  now + (inFlight > 0 ? lookAgainMs - SLACK_MS : IDLE_MS);

const STATE = { pk: "state", sk: "state" };

/** What the tick goes by. */
export interface State {
  /** By kind how much a later run must look at again. */
  readonly inFlight: Readonly<Record<string, number>>;
  /** By kind from when on a tick looks at it; one that is not here was never looked at. */
  readonly dueAt: Readonly<Record<string, number>>;
  readonly lastRun: number;
  /** By kind how many points the own region held when it was last seen; absent where it held none. */
  readonly points?: Readonly<Record<string, number>>;
  /** From when on a tick looks again at what the last run could not read or AWS refused it; absent where there was nothing. */
  readonly tryAgainAt?: number;
}

/** Requests of people, what was announced and allowed, and the state between runs. */
export interface Ledger {
  state(): Promise<State>;
  writeState(state: State): Promise<void>;
  requests(): Promise<RunRequest[]>;
  ask(request: RunRequest): Promise<void>;
  /** What the planner goes by beside what AWS shows. */
  memory(): Promise<Memory>;
}

/** Only what people were really told: the item is written before the message. */
function announcedOf(item: Item): Announced[] {
  if (item["cause"] !== "resource-gone" || item["announced"] === undefined) return [];
  const [region, policy, resource] = [textIn(item, "region"), textIn(item, "policy"), textIn(item, "resource")];
  return [{ region, policy, resource, since: numberIn(item, "announced") }];
}

export const makeLedger = (table: Table): Ledger => ({
  async state() {
    const item = await table.get(STATE);
    const tryAgainAt = numberIn(item, "tryAgainAt");
    const points = numbersIn(item, "points");
    return {
      inFlight: numbersIn(item, "inFlight"),
      dueAt: numbersIn(item, "dueAt"),
      lastRun: numberIn(item, "lastRun"),
      ...(Object.keys(points).length > 0 && { points }),
      ...(tryAgainAt > 0 && { tryAgainAt }),
    };
  },
  async writeState(state) {
    await table.put(STATE, { ...state });
  },
  async requests() {
    return (await table.list("request")).map(requestOf);
  },
  async ask(request) {
    await table.put(requestKey(request), requestItem(request));
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

/** When the last run ended; 0 where none has. For whoever may only list. */
export const lastRunIn = async (table: Pick<Table, "list">): Promise<number> =>
  numberIn((await table.list(STATE.pk))[0], "lastRun");
