import { numbersIn } from "../../../functions/store/items.js";
import { type MemoryTable, numberIn } from "../../functions/fakes.js";
import type { Config } from "../config.js";
import type { EbsEvent, Frame } from "../frame.js";
import { HOUR, hearsLater, MINUTE, type StackSpec, TICK_MS } from "../scenario.js";
import { slotsOf } from "../schedules.js";

/** While anything goes on the tick comes so often; the deployed one each minute, which finds nothing more. */
const BUSY_TICK = 30 * MINUTE;
/** At rest the deployed one looks each quarter of an hour; where nothing was wrong lately, that finds nothing. */
const IDLE_TICK = { stirred: 2 * HOUR, calm: 8 * HOUR };
/** Events are gathered before the trigger gets them, as long as SQS can. */
const WINDOW = 5 * MINUTE;
/** Who calls the trigger asynchronously tries again; of a queue, after the time that the message was hidden (docs of Lambda and SQS). */
const TRIES = {
  schedule: { most: 3, pause: MINUTE },
  batch: { most: 5, pause: 7 * MINUTE },
  tick: { most: 1, pause: 0 },
} as const;

/** The stack that is called, as far as its callers go by it. */
interface Called {
  readonly spec: StackSpec;
  readonly config: Config;
  readonly table: MemoryTable;
}

/** Everybody who calls a stack's trigger: its schedules, the tick, the queue of events, and people. */
export class Callers {
  readonly #stack: Called;
  readonly #frame: Frame;
  readonly #call: (event: unknown) => Promise<unknown>;
  #queue: EbsEvent[] = [];
  #nextTick = Number.POSITIVE_INFINITY;

  constructor(stack: Called, frame: Frame, call: (event: unknown) => Promise<unknown>) {
    this.#stack = stack;
    this.#frame = frame;
    this.#call = call;
    const { policies, role } = stack.spec.settings;
    for (const { name, schedule, ...timed } of role === "primary" ? policies : [])
      if (schedule !== undefined) this.#schedule(name, slotsOf({ ...timed, schedule }).next);
    this.#tickAt(frame.engine.now);
  }

  get #isOut(): boolean {
    return this.#frame.cloud.weather.isOut(this.#stack.spec.settings.region);
  }

  #schedule(policy: string, next: (after: number) => number): void {
    const { cloud, engine } = this.#frame;
    engine.at(next(engine.now), () => {
      if (!cloud.weather.isTickless(this.#stack.spec.name) && !this.#stack.config.lost.has(policy)) {
        this.#trigger({ kind: "schedule", policy }, "schedule");
        this.#tickAt(engine.now + BUSY_TICK);
      }
      this.#schedule(policy, next);
    });
  }

  /** Something began to be wrong, or ended: the tick, which is left out in a calm, comes again. */
  stirred(): void {
    this.#tickAt(this.#frame.engine.now + IDLE_TICK.stirred);
  }

  /** There is something that only a tick finds. */
  ticks(): void {
    this.#tickAt(this.#frame.engine.now + TICK_MS);
  }

  #tickAt(at: number): void {
    const { cloud, engine } = this.#frame;
    if (at >= this.#nextTick) return;
    this.#nextTick = at;
    engine.at(at, () => {
      if (this.#nextTick !== at) return;
      this.#nextTick = Number.POSITIVE_INFINITY;
      if (!cloud.weather.isTickless(this.#stack.spec.name)) this.#trigger({ kind: "tick" }, "tick");
      const idle = cloud.weather.isStirred(engine.now) ? IDLE_TICK.stirred : IDLE_TICK.calm;
      this.#tickAt(engine.now + (this.#isBusy ? BUSY_TICK : idle));
    });
  }

  get #isBusy(): boolean {
    const lease = this.#stack.table.items.get(JSON.stringify(["lease", "lease"]));
    const state = this.#stack.table.items.get(JSON.stringify(["state", "state"]));
    return (
      lease?.["holder"] !== undefined ||
      numberIn(lease, "marks") > 0 ||
      Object.values(numbersIn(state, "inFlight")).some((count) => count > 0)
    );
  }

  told(event: EbsEvent): void {
    const { engine } = this.#frame;
    this.#queue.push(event);
    if (this.#queue.length > 1) return;
    engine.at(engine.now + WINDOW + hearsLater(this.#stack.spec), () => {
      const events = this.#queue;
      this.#queue = [];
      const Records = events.map(({ id, region, event: name, result }, i) => ({
        messageId: `${id} ${i}`,
        eventSource: "aws:sqs",
        body: JSON.stringify({ source: "aws.ec2", region, detail: { event: name, result } }),
      }));
      this.#trigger({ Records }, "batch");
      this.#tickAt(engine.now + BUSY_TICK);
    });
  }

  /** `lockstep run`. */
  ask(): void {
    this.#trigger({ kind: "run" }, "schedule");
  }

  /** After an approval was written. */
  approved(): void {
    this.#trigger({ kind: "approval" }, "schedule");
  }

  /** What has not been sent yet is lost with its region. */
  forget(): void {
    this.#queue = [];
  }

  #trigger(event: unknown, how: keyof typeof TRIES, tried = 1): void {
    if (this.#isOut) return;
    const { engine } = this.#frame;
    const again = (): void => {
      if (tried < TRIES[how].most) engine.at(engine.now + TRIES[how].pause, () => this.#trigger(event, how, tried + 1));
    };
    this.#call(event).catch(again);
  }
}
