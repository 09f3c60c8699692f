import type { PlaneContext, ServiceEvent } from "../../plane.js";
import { endOfLaunch } from "../instances/terminate.js";
import type { Ec2Settings } from "../settings.js";
import { KEY_NOT_ACCESSIBLE, wellFormedKeys } from "../volumes/keys.js";
import { inError, setEnded, snapshotEnded, volumeFailed } from "./events.js";
import type { Change } from "./journal.js";
import type { Snapshot, Volume } from "./model.js";
import { copyKey, type Store } from "./store.js";

/**
 * EC2 user guide, "Terminate Amazon EC2 instances": a terminated instance stays visible for a while, usually an hour. VPC user
 * guide, "NAT gateways": a deleted one "about an hour".
 */
const TERMINATED_VISIBLE = 3_600_000;

/**
 * Brings to an end what AWS does in the background: snapshots complete, keys are looked at, terminated instances go. Driven
 * by a timer for the events, and by every request, so that nobody sees a snapshot older than the clock says.
 */
export class Lifecycle {
  readonly #store: Store;
  readonly #context: PlaneContext;
  readonly #settings: Ec2Settings;
  readonly #checking = new Set<string>();
  #timer: NodeJS.Timeout | undefined;
  #swept = 0;
  #closed = false;

  constructor(store: Store, context: PlaneContext, settings: Ec2Settings) {
    this.#store = store;
    this.#context = context;
    this.#settings = settings;
  }

  /** Ends what is due by now, and sets the timer for the next. */
  settle(): void {
    if (this.#closed) return;
    const now = this.#context.now();
    const due: Snapshot[] = [];
    // A set ends as one, so all of it waits for a key that is looked at.
    const waiting = new Set<string | undefined>();
    for (const entity of this.#store.open.values()) {
      if (entity.kind === "volume") this.#check(entity);
      else if (entity.dueAt > now) continue;
      else if (keysOf(entity).length > 0 && entity.failure === undefined) {
        this.#check(entity);
        if (entity.set !== undefined) waiting.add(entity.set);
      } else due.push(entity);
    }
    this.#end(
      due.filter(({ set }) => !waiting.has(set)),
      now,
    );
    this.#sweep(now);
    this.arm();
  }

  /** Makes a pending snapshot fail now, and its set with it. */
  fail(snapshot: Snapshot, cause: string): void {
    const now = this.#context.now();
    const all = [...this.#store.open.values()].filter((one) => one.kind === "snapshot");
    const set = snapshot.set === undefined ? [snapshot] : all.filter((one) => one.set === snapshot.set);
    this.#end(
      set.map((one) => ({ ...one, dueAt: now, ...(one.id === snapshot.id ? { failure: cause } : {}) })),
      now,
    );
    this.arm();
  }

  arm(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    let next = Number.POSITIVE_INFINITY;
    for (const entity of this.#store.open.values()) {
      if (!this.#checking.has(entity.id)) next = Math.min(next, entity.kind === "volume" ? 0 : entity.dueAt);
    }
    if (next === Number.POSITIVE_INFINITY) return;
    const wait = Math.min(Math.max(next - this.#context.now(), 1), 2 ** 31 - 1);
    this.#timer = setTimeout(() => this.settle(), wait).unref();
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  #end(due: readonly Snapshot[], now: number): void {
    if (due.length === 0) return;
    const changes: Change[] = [];
    const events: ServiceEvent[] = [];
    const sets = Map.groupBy(due, (one) => one.set ?? one.id);
    for (const members of sets.values()) {
      const ended = this.#ended(members);
      changes.push(...ended.map((put) => ({ put })));
      // EBS user guide, "Delete an Amazon EBS snapshot": one still in progress must complete before the deletion takes effect.
      changes.push(...ended.filter((one) => one.deleted).map((one) => ({ drop: one.id })));
      const [first, ...rest] = ended;
      if (first?.set === undefined) events.push(...(first ? [snapshotEnded(first, now)] : []));
      else events.push(setEnded([first, ...rest], now, failedOf(members)?.id));
    }
    this.#store.commit(changes);
    for (const event of events) this.#context.emit(event);
  }

  /**
   * EBS user guide, "Create snapshots": if one snapshot of a set fails, all of them show `error`, and the event says failed. What the
   * state message of each is, is not documented: here the failed one says why.
   */
  #ended(members: readonly Snapshot[]): Snapshot[] {
    const failed = failedOf(members);
    return members.map((one) => {
      if (failed) {
        const { content: _, failure = inError(failed.id), ...rest } = one;
        return { ...rest, state: "error", endedAt: one.dueAt, failure };
      }
      const incremental = (this.#store.shelf(one.region).copies.get(copyKey(one))?.size ?? 0) > 0;
      const copy = one.copy ? { copy: { ...one.copy, incremental } } : {};
      return { ...one, ...copy, state: "completed", endedAt: one.dueAt };
    });
  }

  /** API_CopySnapshot, API_CreateVolume: "AWS authenticates the KMS key asynchronously ... the action can appear to complete, but eventually fails". */
  #check(entity: Snapshot | Volume): void {
    const { id } = entity;
    const keys = keysOf(entity);
    if (keys.length === 0 || this.#checking.has(id)) return;
    this.#checking.add(id);
    const lookup = this.#settings.keyLookup ?? wellFormedKeys(this.#context.account);
    // A KMS that cannot be reached is a key that cannot be used.
    const found = keys.map(({ region, key }) => lookup(region, key).catch(() => undefined));
    void Promise.all(found).then((arns) => {
      this.#checking.delete(id);
      if (this.#closed) return;
      const current = this.#store.open.get(id);
      const refused = keys.find((_, i) => arns[i] === undefined);
      if (current) this.#checked(current, refused?.key, arns[0]);
      this.settle();
    });
  }

  #checked(entity: Snapshot | Volume, refused: string | undefined, arn: string | undefined): void {
    const { keyToCheck, ...checked } = entity;
    if (refused === undefined) {
      const own = keyToCheck === undefined || arn === undefined ? checked : { ...checked, kmsKeyId: arn };
      this.#store.commit([{ put: ready(own) }]);
    } else if (checked.kind === "snapshot") {
      this.#store.commit([{ put: { ...checked, failure: KEY_NOT_ACCESSIBLE } }]);
    } else {
      const now = this.#context.now();
      this.#store.commit([...endOfLaunch(this.#store, checked, now), { drop: checked.id }]);
      this.#context.emit(volumeFailed(checked, refused, now));
    }
  }

  #sweep(now: number): void {
    // The clock goes back at a reset.
    if (Math.abs(now - this.#swept) < 60_000) return;
    this.#swept = now;
    for (const shelf of this.#store.shelves()) {
      const gone = [...shelf.instances.after()].filter(
        (one) => one.terminatedAt !== undefined && now - one.terminatedAt > TERMINATED_VISIBLE,
      );
      const gateways = [...shelf.natGateways.after()].filter(
        (one) => one.deletedAt !== undefined && now - one.deletedAt > TERMINATED_VISIBLE,
      );
      this.#store.commit([...gone, ...gateways].map((one) => ({ drop: one.id })));
    }
  }
}

const failedOf = (members: readonly Snapshot[]): Snapshot | undefined =>
  members.find((one) => one.failure !== undefined);

/** What EBS has not looked at yet, its own first. */
function keysOf(entity: Snapshot | Volume): { readonly region: string; readonly key: string }[] {
  const { keyToCheck, region } = entity;
  const own = keyToCheck === undefined ? [] : [{ region, key: keyToCheck }];
  if (entity.kind === "volume" || entity.sourceKeyToCheck === undefined) return own;
  return [...own, { region: entity.copy?.region ?? region, key: entity.sourceKeyToCheck }];
}

/** Without what has been looked at. */
function ready(checked: Snapshot | Volume): Snapshot | Volume {
  if (checked.kind === "volume") return checked.state === "creating" ? { ...checked, state: "available" } : checked;
  const { sourceKeyToCheck: _, ...rest } = checked;
  return rest;
}
