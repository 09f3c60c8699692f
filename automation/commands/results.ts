import { CommandProblem, type Ending, messageOf, type Outcome } from "../cli/outcome.js";
import type { StackChanges } from "../deploy/engine.js";

type Changed = Pick<StackChanges, "stack" | "region" | "changes">;

/** `primary (eu-west-1): 12 create, 30 same`. */
export function changesText({ stack, region, changes }: Changed): string {
  const counts = Object.entries(changes).map(([op, count]) => `${count} ${op}`);
  return `${stack} (${region}): ${counts.join(", ") || "nothing to do"}`;
}

/** A line for each resource that differs. Components hold nothing themselves. */
export const changesOf = ({ steps }: StackChanges): string[] =>
  steps
    .filter(({ type }) => type.startsWith("aws:"))
    .map(
      ({ op, type, name, differs }) => `  ${op} ${type} ${name}${differs.length > 0 ? `: ${differs.join(", ")}` : ""}`,
    );

/** One outcome for jobs side by side of which some failed; the gravest ending counts. Undefined when all worked. */
export function worst(settled: readonly PromiseSettledResult<unknown>[]): Outcome | undefined {
  const errors = settled.flatMap((s) => (s.status === "rejected" ? [s.reason as unknown] : []));
  if (errors.length === 0) return undefined;
  const endings = errors.map((e): Ending => (e instanceof CommandProblem ? e.ending : "failed"));
  const ending = (["failed", "usage", "refused", "busy"] as const).find((e) => endings.includes(e)) ?? "failed";
  const message = errors.map(messageOf).join("\n");
  return { ending, data: { error: { kind: ending, message } }, text: message };
}
