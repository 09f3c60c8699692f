import { LeaseLost } from "../lib/errors.js";
import { type Item, type Key, numberIn } from "./items.js";
import type { Table } from "./table.js";

const KEY: Key = { pk: "lease", sk: "lease" };

/** Longer than any function runs: between two extensions the holder is alone. */
export const LEASE_MS = 15 * 60_000;

/** In the place of a kind: there is a reason to look at all of them. */
export const EVERY_KIND = "every";

/** By kind how often it was told of. Only ever counted up, so that to note it twice is harmless. */
export type Tidings = Readonly<Record<string, number>>;

/** Marks count the reasons to look that came since the holder began to look. */
export interface LeaseState {
  readonly held: boolean;
  /** The holder's time is over and it never gave the lease back: what it was looking at is unfinished. */
  readonly dead: boolean;
  readonly marks: number;
}

/**
 * One Reconcile at a time per stack.
 *
 * Marks and holder lie in one item, so that each mark is seen: a mark that comes before the release makes the holder look again
 * (the release is refused), one that comes after finds the lease free (and its trigger starts an execution).
 * The lease's end is a time in the condition; TTL lags by hours.
 */
export interface Lease {
  read(now: number): Promise<LeaseState>;
  /** Takes the lease, also from a holder whose time is over, and forgets the marks: the caller looks at everything after this. */
  acquire(holder: string, now: number): Promise<boolean>;
  /** Notes a reason to look at some kinds. Says whether somebody holds the lease and will therefore look. */
  mark(now: number, kinds?: readonly string[]): Promise<LeaseState>;
  /** The kinds that there was a reason to look at since the last look that came to its end. Asked by the holder, before it looks. */
  tidings(): Promise<Tidings>;
  /** A look that began with these came to its end. */
  heed(tidings: Tidings): Promise<void>;
  /** Extends the lease of its holder. Throws LeaseLost for anybody else. */
  extend(holder: string, now: number): Promise<void>;
  /** Gives the lease back, unless marks came since: then the holder keeps it and looks again. */
  release(holder: string, now: number): Promise<"released" | "again">;
  /** Gives the lease back whatever the marks say: the holder failed, or looked often enough. The next tick sees the marks. */
  abandon(holder: string): Promise<void>;
}

function stateOf(item: Item | undefined, now: number): LeaseState {
  const until = item?.["until"];
  const alive = typeof until === "number" && until >= now;
  const taken = typeof item?.["holder"] === "string";
  return { held: taken && alive, dead: taken && !alive, marks: numberIn(item, "marks") };
}

const [TOLD, HEEDED] = ["told_", "heeded_"];

/** What was told of a kind more often than it was heeded. */
function tidingsIn(item: Item = {}): Tidings {
  const told = Object.keys(item).filter((name) => name.startsWith(TOLD));
  const counts = told.map((name): [string, number] => [name.slice(TOLD.length), numberIn(item, name)]);
  return Object.fromEntries(counts.filter(([kind, count]) => count > numberIn(item, HEEDED + kind)));
}

const mine = (holder: string) => ({ attribute: "holder", is: "=", value: holder }) as const;

export function makeLease(table: Table): Lease {
  return {
    async read(now) {
      return stateOf(await table.get(KEY), now);
    },
    async acquire(holder, now) {
      const taken = await table.update(KEY, { set: { holder, until: now + LEASE_MS, marks: 0 } }, [
        [{ attribute: "holder", is: "absent" }],
        [{ attribute: "until", is: "<", value: now }],
        [mine(holder)],
      ]);
      return taken !== undefined;
    },
    async mark(now, kinds = [EVERY_KIND]) {
      const told = Object.fromEntries(kinds.map((kind) => [TOLD + kind, 1]));
      return stateOf(await table.update(KEY, { add: { marks: 1, ...told } }), now);
    },
    async tidings() {
      return tidingsIn(await table.get(KEY));
    },
    async heed(tidings) {
      const heeded = Object.entries(tidings).map(([kind, count]) => [HEEDED + kind, count] as const);
      if (heeded.length > 0) await table.update(KEY, { set: Object.fromEntries(heeded) });
    },
    async extend(holder, now) {
      const kept = await table.update(KEY, { set: { until: now + LEASE_MS } }, [[mine(holder)]]);
      if (!kept) throw new LeaseLost(`the lease is no longer held by ${holder}: another execution took over`);
    },
    async release(holder, now) {
      const free = { remove: ["holder", "until"] };
      if (await table.update(KEY, free, [[mine(holder), { attribute: "marks", is: "=", value: 0 }]])) return "released";
      // Refused: marks came, or it is no longer ours (a retried call after a lost answer, or an execution that took over).
      const again = await table.update(KEY, { set: { until: now + LEASE_MS } }, [[mine(holder)]]);
      return again ? "again" : "released";
    },
    async abandon(holder) {
      await table.update(KEY, { remove: ["holder", "until"] }, [[mine(holder)]]);
    },
  };
}
