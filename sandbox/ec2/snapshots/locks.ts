import type { Call, Commit } from "../call.js";
import { checkId, notFound } from "../state/ids.js";
import type { Snapshot, SnapshotLock } from "../state/model.js";
import { Ec2Error, invalidCombination, invalidValue } from "../wire/errors.js";
import { type FilterTable, readFilters } from "../wire/filters.js";
import { cut, readPage } from "../wire/paging.js";
import type { Params } from "../wire/protocol.js";
import { leaf, list, timestamp } from "../wire/xml.js";

/**
 * Snapshot locks (EBS user guide, "Amazon EBS snapshot lock"; API_LockSnapshot, API_UnlockSnapshot,
 * API_DescribeLockedSnapshots). The rules are documented. The codes of refusals are not: IncorrectState and SnapshotLocked are
 * unproven until a recorded answer of an account confirms them, and so is that a changed duration begins anew.
 */

const HOUR_MS = 3_600_000;
const DAY_MS = 24 * HOUR_MS;

type LockState = "governance" | "compliance" | "compliance-cooloff" | "expired";

/** "If you lock a snapshot that is in the pending state, the lock duration starts only once the snapshot enters the completed state." */
const startOf = ({ state, endedAt }: Snapshot, lock: SnapshotLock): number | undefined =>
  state === "completed" ? Math.max(lock.setAt, endedAt ?? lock.setAt) : undefined;

function expiryOf(snapshot: Snapshot, lock: SnapshotLock): number {
  if (lock.expiresOn !== undefined) return lock.expiresOn;
  const start = startOf(snapshot, lock);
  return start === undefined ? Number.POSITIVE_INFINITY : start + lock.days * DAY_MS;
}

const coolsOffUntil = ({ coolOffHours, setAt }: SnapshotLock): number | undefined =>
  coolOffHours === undefined ? undefined : setAt + coolOffHours * HOUR_MS;

function stateOf(snapshot: Snapshot, lock: SnapshotLock, now: number): LockState {
  if (expiryOf(snapshot, lock) <= now) return "expired";
  if (lock.mode === "governance") return "governance";
  return now < (coolsOffUntil(lock) ?? 0) ? "compliance-cooloff" : "compliance";
}

/** Refuses to delete a locked snapshot, whoever asks. One that failed has no data to keep: unproven. */
export function refuseLocked(snapshot: Snapshot, now: number): void {
  const { lock, id } = snapshot;
  if (lock === undefined || snapshot.state === "error") return;
  const state = stateOf(snapshot, lock, now);
  if (state === "expired") return;
  throw new Ec2Error("SnapshotLocked", `Snapshot ${id} is locked (${state}) and cannot be deleted`);
}

function find(call: Call, params: Params): Snapshot {
  const id = params.required("SnapshotId");
  checkId("snapshot", id, "snapshotId");
  const snapshot = call.shelf.snapshots.get(id);
  if (!snapshot || snapshot.deleted) throw notFound("snapshot", [id]);
  return snapshot;
}

function range(params: Params, name: string, most: number): number | undefined {
  const value = params.integer(name);
  if (value !== undefined && (value < 1 || value > most)) {
    throw invalidValue(`Value (${value}) for parameter ${name} is invalid. Expected: 1 to ${most}.`);
  }
  return value;
}

function readExpiry(call: Call, params: Params): number | undefined {
  const text = params.optional("ExpirationDate");
  if (text === undefined) return undefined;
  const time = Date.parse(text);
  if (Number.isNaN(time) || time <= call.now) {
    throw invalidValue(`Value (${text}) for parameter ExpirationDate is invalid. Expected: a time in the future.`);
  }
  return time;
}

function readLock(call: Call, params: Params): SnapshotLock {
  const mode = params.required("LockMode");
  if (mode !== "governance" && mode !== "compliance") {
    throw invalidValue(`Value (${mode}) for parameter LockMode is invalid. Expected: governance, compliance.`);
  }
  const coolOffHours = range(params, "CoolOffPeriod", 72);
  const days = range(params, "LockDuration", 36_500);
  const expiresOn = readExpiry(call, params);
  if ((days === undefined) === (expiresOn === undefined)) {
    throw invalidCombination("You must specify either LockDuration or ExpirationDate, but not both");
  }
  if (coolOffHours !== undefined && mode === "governance") {
    throw invalidCombination("CoolOffPeriod can be specified for compliance mode only");
  }
  return {
    mode,
    setAt: call.now,
    days: days ?? Math.ceil(((expiresOn ?? call.now) - call.now) / DAY_MS),
    ...(expiresOn === undefined ? {} : { expiresOn }),
    ...(coolOffHours === undefined ? {} : { coolOffHours }),
  };
}

/** After the cooling-off period a compliance lock may be made longer, and nothing else. */
function refuseWeaker(snapshot: Snapshot, lock: SnapshotLock, now: number): void {
  const { lock: old, id } = snapshot;
  if (old === undefined || stateOf(snapshot, old, now) !== "compliance") return;
  const longer = expiryOf(snapshot, lock) >= expiryOf(snapshot, old) && lock.days >= old.days;
  if (lock.mode === "compliance" && lock.coolOffHours === undefined && longer) return;
  throw new Ec2Error("SnapshotLocked", `Snapshot ${id} is locked in compliance mode: the lock can only be made longer`);
}

/** API_LockSnapshot; "You can lock a snapshot that is in the pending or completed state." */
export function lockSnapshot(call: Call, params: Params): Commit {
  const snapshot = find(call, params);
  const lock = readLock(call, params);
  if (snapshot.state === "error") {
    throw new Ec2Error("IncorrectState", `Snapshot is in invalid state - ${snapshot.state}`);
  }
  refuseWeaker(snapshot, lock, call.now);
  return () => {
    const locked = { ...snapshot, lock };
    call.store.commit([{ put: locked }]);
    return lockXml(locked, lock, call.now);
  };
}

/** API_UnlockSnapshot: "locked in governance mode or ... in compliance mode but still in the cooling-off period". */
export function unlockSnapshot(call: Call, params: Params): Commit {
  const snapshot = find(call, params);
  const { lock, ...unlocked } = snapshot;
  const state = lock && stateOf(snapshot, lock, call.now);
  if (state === undefined || state === "expired") {
    throw new Ec2Error("IncorrectState", `Snapshot ${snapshot.id} is not locked`);
  }
  if (state === "compliance") {
    throw new Ec2Error("SnapshotLocked", `Snapshot ${snapshot.id} is locked in compliance mode and cannot be unlocked`);
  }
  return () => {
    call.store.commit([{ put: unlocked }]);
    return leaf("snapshotId", snapshot.id);
  };
}

function lockXml(snapshot: Snapshot, lock: SnapshotLock, now: number): string {
  const start = startOf(snapshot, lock);
  const expiry = expiryOf(snapshot, lock);
  const coolOff = coolsOffUntil(lock);
  const time = (name: string, value: number | undefined): string =>
    value === undefined || !Number.isFinite(value) ? "" : leaf(name, timestamp(value));
  return (
    leaf("snapshotId", snapshot.id) +
    leaf("lockState", stateOf(snapshot, lock, now)) +
    leaf("lockDuration", lock.days) +
    leaf("coolOffPeriod", lock.coolOffHours) +
    time("coolOffPeriodExpiresOn", coolOff) +
    time("lockCreatedOn", lock.setAt) +
    time("lockDurationStartTime", start) +
    time("lockExpiresOn", expiry)
  );
}

interface Locked {
  readonly snapshot: Snapshot;
  readonly lock: SnapshotLock;
}

const locked = (snapshot: Snapshot): Locked[] =>
  snapshot.lock === undefined || snapshot.state === "error" ? [] : [{ snapshot, lock: snapshot.lock }];

function* allLocked(snapshots: Iterable<Snapshot>): Generator<Locked> {
  for (const snapshot of snapshots) yield* locked(snapshot);
}

/** API_DescribeLockedSnapshots. What was never locked is left out, also when it is asked for by its id. */
export function describeLockedSnapshots(call: Call, params: Params): Commit {
  const ids = [...new Set(params.strings("SnapshotId"))];
  const filters: FilterTable<Locked> = { "lock-state": ({ snapshot, lock }) => stateOf(snapshot, lock, call.now) };
  const keep = readFilters(params, filters);
  const page = readPage(call, params, { over: "refuse", ...(ids.length > 0 ? { ids: "snapshotSet" } : {}) });
  for (const id of ids) checkId("snapshot", id, "snapshotId");
  const named = ids.map((id) => ({ id, snapshot: call.shelf.snapshots.get(id) }));
  const missing = named.filter(({ snapshot }) => snapshot === undefined);
  if (missing.length > 0)
    throw notFound(
      "snapshot",
      missing.map(({ id }) => id),
    );
  return () => {
    const asked = named.flatMap(({ snapshot }) => snapshot ?? []);
    const rows = allLocked(ids.length > 0 ? asked : call.shelf.snapshots.after(Number(page.after)));
    const found = cut(rows, page, keep, ({ snapshot }) => String(snapshot.seq));
    const items = found.rows.map(
      ({ snapshot, lock }) => leaf("ownerId", call.context.account) + lockXml(snapshot, lock, call.now),
    );
    return list("snapshotSet", items) + found.next;
  };
}
