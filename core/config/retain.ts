import * as v from "valibot";
import { TIER_NAMES } from "../schedule/calendar.js";
import { DURATION_WANT, parseDuration } from "../schedule/duration.js";
import { doc } from "./doc.js";
import { fields, type Plain, renamed } from "./fields.js";
import { text, whole } from "./values.js";

/** `36h`, `7d` or `2w`, at least some of it; in milliseconds from then on. */
export const durationFrom = (leastMs: number, want: string) =>
  v.pipe(
    text(
      want,
      v.check((one) => (parseDuration(one) ?? -1) >= leastMs),
    ),
    v.transform((one) => parseDuration(one) ?? leastMs),
  );
export const duration = durationFrom(0, DURATION_WANT);

const WANT = `at least one of count, age, ${TIER_NAMES.join(", ")}, like { count: 3, age: 7d } or { daily: 7, monthly: 12 }`;
/** Nought would keep nothing, which is refused even beside a rule that keeps something. */
const count = whole(1);

/** How long points stay. A point stays when any rule keeps it; at least one rule is given. */
export const Retain = v.pipe(
  fields(WANT, {
    count: v.exactOptional(v.pipe(count, doc("whole number, from 1", "this many of the newest completed points"))),
    age: v.exactOptional(
      v.pipe(
        duration,
        doc("text", "points that began within that time (`36h`, `7d`, `2w`; a day is 24 hours) before the newest one"),
      ),
    ),
    hourly: v.exactOptional(
      v.pipe(count, doc("whole number, from 1", "the newest point of each hour, of as many hours as have one")),
    ),
    daily: v.exactOptional(v.pipe(count, doc("whole number, from 1", "the same for days"))),
    weekly: v.exactOptional(v.pipe(count, doc("whole number, from 1", "the same for weeks, from Monday"))),
    monthly: v.exactOptional(v.pipe(count, doc("whole number, from 1", "the same for months"))),
    yearly: v.exactOptional(v.pipe(count, doc("whole number, from 1", "the same for years"))),
  }),
  v.check((rules) => Object.keys(rules).length > 0, WANT),
  renamed("age", "ageMs"),
);
export type Retain = Plain<v.InferOutput<typeof Retain>>;
