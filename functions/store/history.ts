import { type Item, numberIn, runKey } from "./items.js";
import type { Table } from "./table.js";

const KEPT_S = 90 * 86_400;

/** What a run did; kept for 90 days. */
export async function writeRun(table: Table, runId: string, run: Item, now: number): Promise<void> {
  await table.put(runKey(runId), { ...run, expiresAt: Math.ceil(now / 1000) + KEPT_S });
}

/** Whether the run came to an end, well or badly. */
export const hasEnded = async (table: Table, runId: string): Promise<boolean> =>
  numberIn(await table.get(runKey(runId)), "endedAt") > 0;
