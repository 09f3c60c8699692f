import { type FunctionName, names } from "../../../core/names/names.js";
import { takesIn } from "../../../kinds/ebs/take-in.js";
import type { ReconcileParams } from "../../../machines/reconcile.asl.js";
import type { StackSpec } from "../scenario.js";

/** The functions that the state machine of a stack calls. */
export function arnsOf({ settings }: StackSpec): ReconcileParams {
  const { deployment, role } = settings;
  const arn = (fn: FunctionName): string => `arn:aws:lambda:::function:${names(deployment, role).lambda(fn)}`;
  const common = { survey: arn("survey"), plan: arn("plan"), record: arn("record") };
  const executors = { make: arn("make"), delete: arn("delete") };
  const takes = role === "primary" && takesIn(settings);
  return { ...common, ...executors, ...(takes && { adopt: arn("adopt") }) };
}
