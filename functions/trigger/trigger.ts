import type { Lease } from "../lib/lease.js";
import type { Ledger } from "../lib/ledger.js";
import type { Log } from "../lib/log.js";
import { type OurEvent, parseTrigger } from "./event.js";

/** With nothing in flight a tick looks this often; while anything is in flight, every time. */
const IDLE_MS = 15 * 60_000;

export interface TriggerDeps {
  readonly lease: Lease;
  readonly ledger: Ledger;
  /** Only a primary makes points, so only there a request has a meaning. */
  readonly role: "primary" | "dr";
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

/** Notes that there is a reason to look, and starts a Reconcile unless one is under way that will see the note. */
export const makeTrigger =
  (deps: TriggerDeps) =>
  async (raw: unknown): Promise<Triggered> => {
    const event = parseTrigger(raw);
    const outcome =
      event.kind === "tick"
        ? await tick(deps)
        : event.kind === "event" && !event.matters
          ? ignored
          : await look(deps, event);
    deps.log.info("trigger", { event, ...outcome });
    return outcome;
  };

const ignored: Triggered = { started: false, why: "the event changes nothing that a plan depends on" };

async function look(deps: TriggerDeps, event: Exclude<ReturnType<typeof parseTrigger>, { kind: "tick" }>) {
  const now = deps.now();
  const told = event.kind === "run" ? { at: new Date(now).toISOString() } : {};
  if (event.kind === "run" && deps.role === "primary") await deps.ledger.ask(requestOf(event, now));
  // The request before the mark: whoever sees the mark sees the request.
  const { held } = await deps.lease.mark(now);
  if (held) return { ...told, started: false, why: "a run is under way and will look again" };
  return { ...told, ...(await started(deps, event.kind)) };
}

function requestOf({ policy, resources }: Extract<OurEvent, { kind: "run" }>, at: number) {
  return { at, ...(policy !== undefined && { policy }), ...(resources !== undefined && { resources }) };
}

/** Finds what others lost: an event that never came, a start that failed, a run that died with the lease. */
async function tick(deps: TriggerDeps): Promise<Triggered> {
  const now = deps.now();
  const { held, dead, marks } = await deps.lease.read(now);
  if (held) return { started: false, why: "a run is under way" };
  if (dead) return started(deps, "tick: a run died");
  if (marks > 0) return started(deps, "tick: marks were left");
  const { inFlight, lastRun } = await deps.ledger.state();
  if (inFlight > 0) return started(deps, `tick: ${inFlight} in flight`);
  if (now - lastRun >= IDLE_MS) return started(deps, "tick: idle for long enough");
  return { started: false, why: "nothing is in flight" };
}

async function started(deps: TriggerDeps, reason: string): Promise<Triggered> {
  return { started: true, why: reason, execution: await deps.start(reason) };
}
