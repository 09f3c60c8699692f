import type { Say } from "../automation/cli/progress.js";
import { type Around, type Day, day, quietUntil } from "./day.js";
import { nextDue } from "./due.js";

const DAYS = 3;
/** The day whose events are lost. */
const LOST = 2;
const DAY_MS = 86_400_000;
/** With nothing to do for so long the controllers' ticks look once more. */
const REST_MS = 30 * 60_000;

/** Does a part of the work and shows how far it is. */
export type DoJob = <T>(title: string, run: (say: Say) => Promise<T>) => Promise<T>;

/** Lets three days pass from now on: the clock goes from one due time of the schedule to the next, and on to the end. */
export async function threeDays(schedule: string, around: Around, job: DoJob): Promise<Day[]> {
  const start = await around.admin.now();
  const days: Day[] = [];
  let after = start + REST_MS;
  for (let number = 1; number <= DAYS; number++) {
    const due = nextDue({ schedule }, after);
    if (due === undefined) throw new Error(`${schedule} never comes due after ${new Date(after).toISOString()}`);
    days.push(await job(`day ${number}`, (say) => day({ number, due, lost: number === LOST }, around, say)));
    after = due;
  }
  // So that the RPO at the end is that of three whole days.
  const end = Math.max(start + DAYS * DAY_MS, after + REST_MS);
  await job("the rest of day 3", () => quietUntil(end, around));
  return days;
}
