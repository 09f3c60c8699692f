import { decide, type Judgement, type Rule } from "../../../core/retention/retention.js";
import { calendarOf } from "../../../core/schedule/calendar.js";

/** A point as retention looks at it, with a name. */
export interface Named {
  readonly id: string;
  readonly start: number;
  readonly complete: boolean;
}

/** What retention says in a time zone, by the names of the points. */
export function judged(
  points: readonly Named[],
  { timezone = "UTC", ...rule }: Omit<Rule, "calendar"> & { readonly timezone?: string | undefined },
): ReadonlyMap<string, Judgement> {
  const plain = points.map(({ start, complete }) => ({ start, status: complete ? "completed" : "failed" }) as const);
  const verdicts = decide(plain, { ...rule, calendar: calendarOf(timezone) });
  return new Map(points.flatMap(({ id }, i) => (verdicts[i] === undefined ? [] : [[id, verdicts[i]] as const])));
}
