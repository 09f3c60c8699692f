import type { Log } from "../../kinds/lib/log.js";
import type { Lease } from "../store/lease.js";
import { IDLE_MS, type Ledger } from "../store/ledger.js";
import { type EventBatch, type EventTable, type OurEvent, parseTrigger, type Seen } from "./event.js";

export interface TriggerDeps {
  readonly lease: Lease;
  readonly ledger: Ledger;
  /** Only a primary makes points, so only there a request has a meaning. */
  readonly role: "primary" | "dr";
  /** What AWS says of each kind. */
  readonly events: EventTable;
  /** Starts the state machine; answers with the execution's ARN. */
  readonly start: (reason: string) => Promise<string>;
  readonly now: () => number;
  readonly log: Log;
}

export interface Triggered {
  readonly started: boolean;
  readonly why: string;
  readonly execution?: string;
  /** When a person's request was made, by this clock, which is the planner's too: others may be minutes off. */
  readonly at?: string;
}

/** What Lambda wants to hear of a batch: what is named comes again, and ends among the dead letters (Lambda developer guide, "Handling errors for an SQS event source"). */
export interface BatchAnswer {
  readonly batchItemFailures: readonly { readonly itemIdentifier: string }[];
}

/** Notes that there is a reason to look, and starts a Reconcile unless one is under way that will see the note. */
export const makeTrigger =
  (deps: TriggerDeps) =>
  async (raw: unknown): Promise<Triggered | BatchAnswer> => {
    const event = parseTrigger(raw, deps.events);
    if (event.kind === "batch") return batch(deps, event);
    const outcome = event.kind === "tick" ? await tick(deps) : await asked(deps, event);
    deps.log.info("trigger", { event, ...outcome });
    return outcome;
  };

/** However many events there are: one note, one start. A failure of either fails the batch, which then comes again. */
async function batch(deps: TriggerDeps, { events, unreadable }: EventBatch): Promise<BatchAnswer> {
  for (const message of unreadable) deps.log.error("not an event of any kind", { ...message });
  const matter = events.filter((event) => event.matters);
  const outcome =
    matter.length === 0
      ? ignored
      : await look(deps, `events: ${matter.length}`, [...new Set(matter.map(({ kind }) => kind))]);
  deps.log.info("trigger", { events: counted(events), ...outcome });
  return { batchItemFailures: unreadable.map(({ messageId }) => ({ itemIdentifier: messageId })) };
}

/** How many of each sort, for the log. */
function counted(events: readonly Seen[]): Record<string, number> {
  const sorts = Map.groupBy(events, ({ kind, what, from }) => `${kind} ${what} ${from}`);
  return Object.fromEntries([...sorts].map(([sort, { length }]) => [sort, length]));
}

const ignored: Triggered = { started: false, why: "the events change nothing that a plan depends on" };

async function asked(deps: TriggerDeps, event: Exclude<OurEvent, { kind: "tick" }>): Promise<Triggered> {
  const now = deps.now();
  const told = event.kind === "run" ? { at: new Date(now).toISOString() } : {};
  if (event.kind === "run" && deps.role === "primary") await deps.ledger.ask(requestOf(event, now));
  // The request before the mark: whoever sees the mark sees the request.
  return { ...told, ...(await look(deps, event.kind)) };
}

/** At some kinds, or at every one. */
async function look(deps: TriggerDeps, reason: string, kinds?: readonly string[]): Promise<Triggered> {
  const { held } = await deps.lease.mark(deps.now(), kinds);
  return held ? { started: false, why: "a run is under way and will look again" } : started(deps, reason);
}

function requestOf({ policy, resources }: Extract<OurEvent, { kind: "run" }>, at: number) {
  return { at, ...(policy !== undefined && { policy }), ...(resources !== undefined && { resources }) };
}

/** Finds what others lost: an event that never came, a start that failed, a run that died with the lease, a call that failed. */
async function tick(deps: TriggerDeps): Promise<Triggered> {
  const now = deps.now();
  const { held, dead, marks } = await deps.lease.read(now);
  if (held) return { started: false, why: "a run is under way" };
  if (dead) return look(deps, "tick: a run died");
  // What they are about is in them.
  if (marks > 0) return look(deps, "tick: marks were left", []);
  const { inFlight, dueAt, lastRun, tryAgainAt = Number.POSITIVE_INFINITY } = await deps.ledger.state();
  if (now >= tryAgainAt) return look(deps, "tick: to try again what failed");
  if (now - lastRun >= IDLE_MS) return look(deps, "tick: idle for long enough");
  const due = Object.keys(dueAt).filter((kind) => now >= (dueAt[kind] ?? 0));
  const busy = sum(due.map((kind) => inFlight[kind]));
  // At rest all are looked at together: what is said of a policy as a whole needs all kinds that it is about.
  const atRest = due.some((kind) => (inFlight[kind] ?? 0) === 0);
  const reason = busy > 0 ? `tick: ${busy} in flight` : "tick: idle for long enough";
  if (due.length > 0) return look(deps, reason, atRest ? undefined : due);
  const isBusy = sum(Object.values(inFlight)) > 0;
  return { started: false, why: isBusy ? "a run looked just now" : "nothing is in flight" };
}

const sum = (counts: readonly (number | undefined)[]): number => counts.reduce<number>((all, one = 0) => all + one, 0);

async function started(deps: TriggerDeps, reason: string): Promise<Triggered> {
  return { started: true, why: reason, execution: await deps.start(reason) };
}
