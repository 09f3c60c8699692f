import type { LedgerSeen } from "../../core/report/problems.js";
import { openIn } from "../../functions/store/alerts.js";
import { lastRunIn } from "../../functions/store/ledger.js";
import type { Table } from "../../functions/store/table.js";
import { messageOf } from "../cli/outcome.js";
import type { Controller } from "../deploy/envs.js";

/** What a controller has in its ledger of what is wrong; that it cannot be read is worth knowing too. */
export async function ledgerSeen(
  { region, role }: Pick<Controller, "region" | "role">,
  table: Pick<Table, "list">,
): Promise<LedgerSeen> {
  try {
    const [open, lastRun] = await Promise.all([openIn(table), lastRunIn(table)]);
    return { region, role, open, lastRun };
  } catch (error) {
    return { region, role, problem: messageOf(error) };
  }
}
