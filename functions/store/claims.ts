import { APPEAR_MS } from "../../core/inventory/lineage.js";
import type { Condition } from "./expression.js";
import type { Table } from "./table.js";
import type { Transact } from "./transact.js";

/** How old a run's survey may be that stands for a look-up. */
export const SURVEY_MS = 2 * 60_000;
/** What a call made is seen before its claim ends, also by a survey that stands for a look-up. */
export const CLAIM_MS = APPEAR_MS + SURVEY_MS;
const DAY_MS = 86_400_000;

export interface Claim {
  /** A point, or the artifact to be copied. */
  readonly what: string;
  /** Where it is made. */
  readonly region: string;
  readonly holder: string;
}

/** What the call made that a claim was for. */
export interface Settled {
  readonly claim: Claim;
  readonly artifact: string;
}

/**
 * Calls like CreateSnapshots and CopySnapshot take no idempotency token, so the right to make one point (or one copy of an artifact)
 * is a conditional write. A claim is never given twice within its time, not even to its own holder: a function that died after the
 * call leaves something that no look-up may show yet.
 */
export interface Claims {
  /** All of them in one write, or none where anybody has one. At most 100, each of something else. */
  takeAll(claims: readonly Claim[], now: number): Promise<boolean>;
  /** `failed` are artifacts seen in the state `error`: a claim that made one of them is settled and may be taken anew. */
  take(claim: Claim, now: number, failed?: readonly string[]): Promise<boolean>;
  /** Notes what the calls made, at most 100. What is not noted is a call whose end nobody knows: its claim lasts its time. */
  settle(settled: readonly Settled[]): Promise<void>;
  /** The claim lasts as long as the workflow that it was for. */
  hold(claim: Claim, until: number): Promise<void>;
  /** Only for a call that was surely not carried out. */
  drop(claim: Claim): Promise<void>;
}

const keyOf = ({ what, region }: Claim) => ({ pk: `claim#${what}`, sk: region });
const mine = ({ holder }: Claim): Condition => [[{ attribute: "holder", is: "=", value: holder }]];

/** Whose a claim is from now on, where nobody has it. */
function takenBy(claim: Claim, now: number) {
  const until = now + CLAIM_MS;
  // expiresAt only cleans up; what counts is the time in the condition (DynamoDB deletes expired items hours or days late).
  const item = { holder: claim.holder, until, expiresAt: Math.ceil((until + DAY_MS) / 1000) };
  const when: Condition = [[{ attribute: "pk", is: "absent" }], [{ attribute: "until", is: "<", value: now }]];
  return { key: keyOf(claim), item, when };
}

export function makeClaims(table: Table, transact: Transact): Claims {
  return {
    takeAll: (claims, now) => transact(claims.map((claim) => takenBy(claim, now))),
    async take(claim, now, failed = []) {
      const { key, item, when } = takenBy(claim, now);
      // Compared here, since a condition has room for 4 KB only (DynamoDB developer guide, "Quotas").
      const made = failed.length === 0 ? undefined : (await table.get(key))?.["made"];
      const settled = failed.find((artifact) => artifact === made);
      return table.put(key, item, [
        ...when,
        ...(settled === undefined ? [] : [[{ attribute: "made", is: "=", value: settled } as const]]),
      ]);
    },
    async settle(settled) {
      const writes = settled.map(({ claim, artifact }) => ({
        key: keyOf(claim),
        change: { set: { made: artifact } },
        when: mine(claim),
      }));
      if (writes.length === 0 || (await transact(writes))) return;
      // A claim that somebody else has by now is no reason to leave the others open.
      for (const { key, change, when } of writes) await table.update(key, change, when);
    },
    async hold(claim, until) {
      await table.update(keyOf(claim), { set: { until, expiresAt: Math.ceil((until + DAY_MS) / 1000) } }, mine(claim));
    },
    async drop(claim) {
      await table.delete(keyOf(claim), mine(claim));
    },
  };
}
