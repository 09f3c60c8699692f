import { type RulesTable, rulesOf } from "../../core/model/kind.js";
import type { Action, Inventory } from "../../core/model/model.js";
import { formatRun, type Pending, pendingIn } from "../../core/report/summary.js";
import { onlyPlanned, tally } from "../execute/result.js";
import { asSubject, type Message } from "../store/alerts.js";
import type { Results } from "./expected.js";

export interface Summed {
  readonly deployment: string;
  readonly region: string;
  readonly runId: string;
  readonly inventories: readonly Inventory[];
  /** All that was decided, of every region: what others have to do is pending too. */
  readonly actions: readonly Action[];
  readonly results: Results;
  readonly selected: number;
  readonly troubles: number;
  /** Whether anything was in flight before this run. */
  readonly wasInFlight: boolean;
  readonly rules: RulesTable;
}

/** A message of what a run did and what is still pending; undefined of a run that found nothing to do and nothing new. */
export function summaryOf(run: Summed): Message | undefined {
  const { deployment, region, runId, inventories, actions, results, selected, troubles, rules } = run;
  const all = Object.values(results);
  const did = all.some((of) => of.some(({ outcome }) => outcome !== "planned"));
  const pending = inventories
    .map((inventory) =>
      pendingIn(inventory, actionsOf(inventory, inventories, actions), rulesOf(rules, inventory.kind)),
    )
    .reduce(added, NOTHING);
  const sum = (key: "failed" | "later") => all.reduce((total, of) => total + tally(of)[key], 0);
  const said = formatRun({
    ...{ region, selected, troubles, pending },
    created: tally(results.create).done,
    copied: tally(results.copy).done,
    deleted: tally(results.delete).done,
    failed: sum("failed"),
    later: sum("later"),
    planned: all.reduce((total, of) => total + onlyPlanned(of), 0),
  });
  const isOpen = pending.artifacts + pending.creates + pending.copies > 0;
  if (!did && (isOpen || !run.wasInFlight)) return undefined;
  const attributes = { deployment, state: "summary", cause: "summary", region };
  return {
    subject: asSubject(`[${deployment}] ${said.head}`),
    body: [...said.lines, `Run: ${runId}`].join("\n"),
    attributes,
  };
}

/** With one home all decisions are about it; of several each has its own creates, and what waits is counted once. */
const actionsOf = (
  inventory: Inventory,
  inventories: readonly Inventory[],
  actions: readonly Action[],
): readonly Action[] =>
  inventories.length === 1 ? actions : actions.filter(({ region }) => region === inventory.home);

const NOTHING: Pending = { artifacts: 0, creates: 0, copies: 0, held: 0, unknown: [] };

const added = (a: Pending, b: Pending): Pending => ({
  artifacts: a.artifacts + b.artifacts,
  creates: a.creates + b.creates,
  copies: a.copies + b.copies,
  held: a.held + b.held,
  unknown: [...new Set([...a.unknown, ...b.unknown])],
});
