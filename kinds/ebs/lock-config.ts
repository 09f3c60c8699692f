import * as v from "valibot";
import { doc } from "../../core/config/doc.js";
import { between, fields, type Plain } from "../../core/config/fields.js";
import { whole } from "../../core/config/values.js";

/** EC2 API reference, LockSnapshot: LockDuration, CoolOffPeriod. */
const DAYS_MAX = 36_500;
const COOL_OFF_MAX = 72;

/** Nobody can take such a lock back, nor get rid of what it costs: not by a slip of the pen. */
const CONFIRM = "true, since nobody, AWS neither, can delete a snapshot under a compliance lock before its end";

/** How EBS keeps snapshots from being deleted, whoever asks, from their completion on. */
export const Lock = v.pipe(
  fields("a lock like { mode: governance, days: 7 }", {
    mode: v.pipe(
      v.picklist(["governance", "compliance"], '"governance" or "compliance"'),
      doc(
        "`governance` or `compliance`",
        "who may unlock it first: whoever has the right, or nobody at all once it has cooled off",
      ),
    ),
    days: v.pipe(
      whole(1, DAYS_MAX),
      doc("whole number, 1 to 36,500", "how long it lasts, from the snapshot's completion on"),
    ),
    coolOffHours: v.exactOptional(
      v.pipe(
        whole(1, COOL_OFF_MAX),
        doc(`whole number, 1 to ${COOL_OFF_MAX}`, "of `compliance`: how long it can still be undone", "not at all"),
      ),
    ),
    irrevocable: v.exactOptional(
      v.pipe(
        v.literal(true, CONFIRM),
        doc("`true`", "of `compliance`, and needed there: that nobody can take it back is meant"),
      ),
    ),
  }),
  between(({ mode, coolOffHours, irrevocable }, tell) => {
    if (mode === "governance" && coolOffHours !== undefined)
      tell(["coolOffHours"], coolOffHours, "nothing: only a compliance lock cools off");
    if (mode === "compliance" && irrevocable === undefined) tell(["irrevocable"], irrevocable, CONFIRM);
    if (mode === "governance" && irrevocable !== undefined)
      tell(["irrevocable"], irrevocable, "nothing: a governance lock can be undone");
  }),
  // The word was for whoever wrote the config.
  v.transform(({ irrevocable: _, ...lock }) => lock),
);
export type Lock = Plain<v.InferOutput<typeof Lock>>;
