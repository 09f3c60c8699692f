import * as v from "valibot";
import { RUN_ID } from "../execute/run.js";

/** A count in a payload between states. */
export const Count = v.pipe(v.number(), v.integer(), v.minValue(0));

export const RunId = v.pipe(v.string(), v.regex(RUN_ID, "is not the id of a run"));

/** What Plan takes. */
export const PlanEvent = v.strictObject({ runId: RunId });

/** What Make and Delete take: what to do, and where to go on in the run's list of it. */
export const TaskEvent = v.strictObject({
  runId: RunId,
  offset: Count,
  do: v.picklist(["create", "copy", "finalize", "delete"]),
});
