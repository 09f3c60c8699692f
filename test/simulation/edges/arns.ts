import { type FunctionName, names } from "../../../core/names.js";
import type { ReconcileParams } from "../../../machines/reconcile.asl.js";
import type { StackSpec } from "../scenario.js";

/** The functions that the state machine of a stack calls. */
export function arnsOf({ settings: { deployment, role, policies } }: StackSpec): ReconcileParams {
  const arn = (fn: FunctionName): string => `arn:aws:lambda:::function:${names(deployment, role).lambda(fn)}`;
  const common = { survey: arn("survey"), plan: arn("plan"), prune: arn("prune"), record: arn("record") };
  if (role === "dr") return { ...common, copy: arn("copy") };
  const takesIn = policies.some(({ source }) => source === "any");
  return { ...common, create: arn("create"), ...(takesIn && { adopt: arn("adopt") }) };
}
