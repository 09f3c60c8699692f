import { CommandProblem, type Outcome } from "../cli/outcome.js";
import type { EngineOptions } from "../deploy/engine.js";
import type { StackRecord } from "../deploy/envs.js";
import type { Decisions } from "../deploy/recovery.js";
import type { Deps } from "../estate/deps.js";
import { worst } from "./results.js";

/** What a person knows of resources whose making was interrupted, as typed. */
export interface Pending {
  /** `URN=id`. */
  readonly adopt?: readonly string[];
  readonly forget?: readonly string[];
}

/** Does something to stacks side by side. Either all results or the outcome of what failed. */
export async function onStacks<T>(
  stacks: readonly StackRecord[],
  deps: Deps,
  work: (stack: StackRecord, options: EngineOptions) => Promise<T>,
  pending: Pending = {},
): Promise<{ readonly results: readonly T[] } | { readonly failure: Outcome }> {
  const decisions = decisionsOf(pending, stacks);
  const settled = await deps.progress.together<T>(
    stacks.map((stack) => ({
      title: `${stack.id} (${stack.region})`,
      run: (say) => work(stack, { interruption: deps.interruption, say, decisions }),
    })),
  );
  const failure = worst(settled);
  if (failure) return { failure };
  return { results: settled.flatMap((s) => (s.status === "fulfilled" ? [s.value] : [])) };
}

/** What a person typed of interrupted resources, checked against the stacks. */
export function decisionsOf({ adopt = [], forget = [] }: Pending, stacks: readonly StackRecord[]): Decisions {
  const typed = [
    ...adopt.map((text) => {
      const at = text.lastIndexOf("=");
      if (at < 1 || at === text.length - 1) throw new CommandProblem("usage", `--adopt ${text}: give <URN>=<id>`);
      return [text.slice(0, at), { id: text.slice(at + 1) }] as const;
    }),
    ...forget.map((urn) => [urn, "forget"] as const),
  ];
  for (const [urn] of typed) {
    if (!stacks.some((s) => urn.startsWith(`urn:pulumi:${s.name}::`)))
      throw new CommandProblem("usage", `${urn} is in none of the stacks ${stacks.map((s) => s.name).join(", ")}.`);
  }
  return new Map<string, { readonly id: string } | "forget">(typed);
}
