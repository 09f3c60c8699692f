import { parseExpression } from "./expression.js";
import type { Schedule } from "./model.js";
import type { Store } from "./store.js";

/** The clock may jump, as when a computer sleeps; looking again now and then finds that. */
const LONGEST_SLEEP_MS = 10_000;

/** When the schedule is due next, after a time. */
export function dueAfter(schedule: Schedule, after: number): number | undefined {
  const recurrence = parseExpression(schedule.ScheduleExpression, schedule.ScheduleExpressionTimezone);
  // One-time schedules have no start and end (CreateSchedule API reference).
  if (recurrence.kind === "at") return recurrence.next(after, 0);
  // Without a StartDate a rate begins at once (user guide, "Rate-based schedules").
  const start = schedule.StartDate ?? schedule.changedAt;
  const due = recurrence.next(Math.max(after, start - 1), start);
  return due === undefined || (schedule.EndDate !== undefined && due > schedule.EndDate) ? undefined : due;
}

/** Fires schedules when they are due: one loop, which sleeps until the next of them. */
export class Timer {
  readonly #store: Store;
  readonly #now: () => number;
  readonly #fire: (schedule: Schedule, due: number) => void;
  #timer: NodeJS.Timeout | undefined;
  #closed = false;

  constructor(store: Store, now: () => number, fire: (schedule: Schedule, due: number) => void) {
    this.#store = store;
    this.#now = now;
    this.#fire = fire;
  }

  /** When the next schedule is due, of those that are enabled. */
  nextDue(): number | undefined {
    const dues = this.#store
      .schedules()
      .flatMap(({ State, due }) => (State === "ENABLED" && due !== undefined ? [due] : []));
    return dues.length === 0 ? undefined : Math.min(...dues);
  }

  /** Fires what is due and sleeps until the next. To be called after each change of a schedule or of the clock. */
  run(): void {
    clearTimeout(this.#timer);
    if (this.#closed) return;
    const now = this.#now();
    for (const schedule of this.#store.schedules()) {
      if (schedule.due !== undefined && schedule.due <= now) this.#pass(schedule, schedule.due, now);
    }
    const next = this.nextDue();
    const sleep = next === undefined ? LONGEST_SLEEP_MS : Math.min(Math.max(next - this.#now(), 0), LONGEST_SLEEP_MS);
    this.#timer = setTimeout(() => this.run(), sleep);
  }

  close(): void {
    this.#closed = true;
    clearTimeout(this.#timer);
  }

  /** Of several times missed while the sandbox or the computer slept only the newest is made up for. */
  #pass(schedule: Schedule, due: number, now: number): void {
    let newest = due;
    let next = dueAfter(schedule, due);
    for (; next !== undefined && next <= now; next = dueAfter(schedule, newest)) newest = next;
    if (schedule.State === "ENABLED") this.#fire(schedule, newest);
    if (next === undefined && schedule.ActionAfterCompletion === "DELETE") this.#store.deleteSchedule(schedule);
    else {
      const { due: _passed, ...rest } = schedule;
      this.#store.putSchedule(next === undefined ? rest : { ...rest, due: next });
    }
  }
}
