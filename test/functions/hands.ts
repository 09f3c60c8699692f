import type { Copy, Create, Delete, Lock, Settings } from "../../core/model/model.js";
import { runKeys } from "../../core/names/names.js";
import type { Hand } from "../../functions/execute/hand.js";
import type { Found } from "../../functions/lib/lookup.js";
import { makeClaims } from "../../functions/store/claims.js";
import { makeLease } from "../../functions/store/lease.js";
import { BY_DEFAULT } from "../support/settings.js";
import { Clock, MemoryBucket, MemoryTable, memoryLog } from "./fakes.js";

export const T0 = Date.parse("2026-11-21T03:00:00.000Z");
export const RUN = "20261121T030000000Z-execution-1";
export const HOME = "eu-west-1";
export const DR = "eu-central-1";
export const LONG = { remainingMs: 300_000 };

export const settings: Settings = {
  deployment: "prod",
  role: "primary",
  region: HOME,
  peers: [DR],
  tags: { owner: "ops" },
  ...BY_DEFAULT,
  policies: [],
};

/** What a hand works with, in memory, with the lease of its run taken. */
export async function setUpHand(hand: Hand, region: string, actions: readonly object[]) {
  const table = new MemoryTable();
  const bucket = new MemoryBucket();
  const clock = new Clock(T0);
  const lease = makeLease(table);
  const log = memoryLog();
  await lease.acquire("execution-1", clock.time);
  await bucket.writeLines(runKeys(RUN).actions(hand), actions);
  const there = new Map<string, string[]>();
  const failed = new Map<string, string[]>();
  const lookups: (readonly string[])[] = [];
  const lookup = async (_tag: string, values: readonly string[]): Promise<Found> => {
    lookups.push(values);
    return { alive: there, failed };
  };
  const results = (offset = 0) => bucket.readLines(runKeys(RUN).results(hand, offset));
  const locks: [string, Lock][] = [];
  const putLock = async (snapshot: string, lock: Lock): Promise<void> => {
    locks.push([snapshot, lock]);
  };
  const labels: [string, Readonly<Record<string, string>>][] = [];
  const putTags = async (snapshot: string, tags: Readonly<Record<string, string>>): Promise<void> => {
    labels.push([snapshot, tags]);
  };
  const base = {
    ...{ bucket, lease, log, now: clock.now, region, lookup, putLock, putTags },
    claims: makeClaims(table, (writes) => table.transact(writes)),
    settings: async () => settings,
  };
  return { ...base, base, table, clock, there, failed, lookups, locks, labels, results };
}

export const create = (n: number, more: Partial<Create> = {}): Create => ({
  do: "create",
  region: HOME,
  policy: "daily",
  resource: `i-${n}`,
  point: `lsp-${n}`,
  reason: "due",
  kind: "instance",
  name: `i-${n}`,
  scheduled: T0,
  volumes: [
    { id: `vol-${n}`, device: "/dev/sda1", boot: true, sizeGiB: 8, createdAt: 0, tags: {} },
    { id: `vol-${n}-data`, device: "/dev/sdb", boot: false, sizeGiB: 8, createdAt: 0, tags: {} },
  ],
  ...more,
});

export const copy = (n: number, volume = `vol-${n}`): Copy => ({
  do: "copy",
  region: DR,
  policy: "daily",
  resource: `i-${n}`,
  point: `lsp-${n}`,
  reason: "not there yet",
  kind: "instance",
  home: HOME,
  from: HOME,
  scheduled: T0,
  size: 2,
  level: "crash",
  part: {
    snapshot: `snap-of-${volume}`,
    volume,
    device: "",
    state: "completed",
    startedAt: T0,
    progress: 100,
    sizeGiB: 8,
    holds: [],
  },
});

export const remove = (n: number, snapshots: readonly string[]): Delete => ({
  do: "delete",
  region: HOME,
  policy: "daily",
  resource: `i-${n}`,
  point: `lsp-${n}`,
  reason: "expired",
  snapshots,
});
