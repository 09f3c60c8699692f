import { type Cause, type Found, keyOf, type Open, type Trouble } from "../model/causes.js";
import type { RulesTable } from "../model/kind.js";
import type { Action, Inventory } from "../model/model.js";
import { plannedTroubles } from "../planner/planner.js";
import { adviceOn } from "./advice.js";

/** What a controller knows, by its ledger; or why that cannot be read. */
export type LedgerSeen = { readonly region: string; readonly role: string } & (
  | { readonly open: readonly Open[] /** When its last run ended; 0 where none has. */; readonly lastRun: number }
  | { readonly problem: string }
);

/** Something that is wrong now, whoever found it. */
export interface Problem extends Trouble {
  /** When a controller first met with it, ISO 8601 in UTC; null where none has yet. */
  readonly since: string | null;
  /** What a person can do about it. */
  readonly advice: string;
}

const NONE = { policy: "", resource: "", point: "" } as const;

/** At rest a controller runs every quarter of an hour; one such run may fail. */
const SILENT_MS = 30 * 60_000;

function aboutLedger(ledger: LedgerSeen, now: number): Found[] {
  const { region, role } = ledger;
  const about = { ...NONE, region };
  if ("problem" in ledger) {
    return [{ ...about, cause: "ledger-unknown", reason: `the ledger of ${role} cannot be read: ${ledger.problem}` }];
  }
  if (now - ledger.lastRun < SILENT_MS) return [];
  const since = ledger.lastRun === 0 ? "" : ` since ${new Date(ledger.lastRun).toISOString()}`;
  return [{ ...about, cause: "no-run", reason: `no run of ${role} has ended${since}` }];
}

/** Where nothing is done, whatever is planned: nobody else need have run yet to know it. */
function aboutMode({ mode, home }: Pick<Inventory, "mode" | "home">): Found[] {
  if (mode !== "plan") return [];
  return [{ ...NONE, region: home, cause: "only-plans", reason: "lockstep:mode is plan" }];
}

interface Seen {
  readonly actions: readonly Action[];
  readonly ledgers: readonly LedgerSeen[];
  /** What else was seen. */
  readonly more: readonly Found[];
}

/**
 * Everything that is wrong: what the plan of the world says, what the controllers have open in their ledgers, and what only whoever
 * looks from outside can see. What the plan and a ledger both know is one, in the plan's words, which are of now.
 */
export function problemsIn(
  inventory: Pick<Inventory, "now" | "mode" | "home">,
  rules: RulesTable,
  { actions, ledgers, more }: Seen,
): Problem[] {
  const open = ledgers.flatMap((ledger) => ("open" in ledger ? ledger.open : []));
  const since = new Map(open.map((one) => [keyOf(one.trouble), one.since]));
  const now: readonly Trouble[] = [
    ...ledgers.flatMap((ledger) => aboutLedger(ledger, inventory.now)),
    ...plannedTroubles(actions),
    ...more,
  ];
  const known = new Set(now.map(keyOf));
  const told = open.map(({ trouble }) => trouble).filter((trouble) => !known.has(keyOf(trouble)));
  const isTold = told.some(({ cause }) => cause === "only-plans");
  const all = [...now, ...told, ...(isTold ? [] : aboutMode(inventory))];
  return all.map((trouble): Problem => {
    const at = since.get(keyOf(trouble));
    const advice = adviceOn(trouble, rules);
    return { ...withCauses(trouble, all), since: at === undefined ? null : new Date(at).toISOString(), advice };
  });
}

/** Of the same resource, and of its region as a whole: what a point may be late for, beside what the plan sees. */
const REFUSED: ReadonlySet<string> = new Set(["create-refused", "copy-refused"] satisfies Cause[]);
const STOPPED: ReadonlySet<string> = new Set(["no-run", "run-failed", "only-plans", "quota-reached"] satisfies Cause[]);

/** A late point with everything that is known of why. */
function withCauses(trouble: Trouble, all: readonly Trouble[]): Trouble {
  const { cause, region, policy, resource, reason } = trouble;
  if (cause !== "point-overdue") return trouble;
  const why = all.filter(
    (one) =>
      one.region === region &&
      (STOPPED.has(one.cause) || (REFUSED.has(one.cause) && one.policy === policy && one.resource === resource)),
  );
  const said = why.map((one) => (REFUSED.has(one.cause) ? `refused: ${one.reason}` : one.reason));
  return { ...trouble, reason: [reason, ...new Set(said)].join("; ") };
}
