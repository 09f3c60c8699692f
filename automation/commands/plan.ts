import { rulesOf } from "../../core/model/kind.js";
import type { Action } from "../../core/model/model.js";
import { planAll } from "../../core/planner/planner.js";
import type { LedgerSeen } from "../../core/report/problems.js";
import { seeding, together } from "../../core/report/seeding.js";
import { RULES } from "../../kinds/rules.js";
import { done, messageOf, type Outcome } from "../cli/outcome.js";
import { table } from "../cli/tables.js";
import { requireEnv } from "../deploy/envs.js";
import type { Deps, Estate } from "../estate/deps.js";
import { seedingText } from "../estate/seeding-text.js";
import { variablesOf } from "../estate/target.js";

export interface PlanArgs {
  readonly env: string;
  /** Also what is kept, and why. */
  readonly all: boolean;
}

/** The shape that scripts rely on. */
interface Row {
  readonly do: string;
  readonly region: string;
  readonly resource: string;
  readonly point: string;
  readonly policy: string;
  readonly reason: string;
}

/** What the controllers would do now, by the same survey and the same planner. Changes nothing. */
export async function plan(args: PlanArgs, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const [worlds, ledgers] = await Promise.all([estate.worlds(), estate.ledgers()]);
  const [{ now, home }] = worlds;
  const actions = planAll(worlds, RULES).filter((a) => args.all || a.do !== "keep");
  const first = worlds.flatMap((inventory) => {
    const rules = rulesOf(RULES, inventory.kind);
    const takes = seeding(inventory, rules);
    return takes === undefined ? [] : [{ rules, takes }];
  });
  const rows = [...ledgers.flatMap(unreadRow), ...(await takingInRows(home, estate)), ...actions.map(rowOf)];
  const data = {
    now: new Date(now).toISOString(),
    actions: rows,
    seeding: together(first.map(({ takes }) => takes)) ?? null,
    seedingByKind: Object.fromEntries(first.map(({ rules, takes }) => [rules.kind, takes])),
  };
  const head = ["do", "region", "resource", "point", "policy", "reason"];
  const text = rows.length === 0 ? "Nothing to do." : table(head, rows.map(Object.values));
  return done(data, [text, ...first.map(({ rules, takes }) => seedingText(takes, rules))].join("\n"));
}

const told = (region: string, reason: string): Row => {
  return { do: "alert", region, resource: "", point: "", policy: "", reason };
};

/** A plan without what a controller remembers may not be the controller's. */
function unreadRow(ledger: LedgerSeen): Row[] {
  if (!("problem" in ledger)) return [];
  const reason = `the ledger of ${ledger.role} cannot be read, so its requests and approvals are not in this plan: ${ledger.problem}`;
  return [told(ledger.region, reason)];
}

/** What comes first in a run: what it makes points of is decided about in the plan after it. */
async function takingInRows(region: string, estate: Estate): Promise<Row[]> {
  try {
    const { taken, refused } = await estate.takingIn();
    const rows = taken.map(({ artifact, managedBy = "somebody else", planned: { resource, point, policy } }) => {
      return { do: "take-in", region, resource, point, policy, reason: `${managedBy} made ${artifact}` };
    });
    return [...rows, ...refused.map(({ artifact, why }) => told(region, `${artifact} cannot be taken in: ${why}`))];
  } catch (error) {
    return [told(region, `what others made was not read: ${messageOf(error)}`)];
  }
}

/** A copy or delete of several artifacts of one point stays several rows. */
const rowOf = (a: Action): Row => ({
  do: a.do,
  region: a.region,
  resource: a.resource,
  point: a.point,
  policy: a.policy,
  reason: a.reason,
});
