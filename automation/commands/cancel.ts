import { CommandProblem, done, type Outcome } from "../cli/outcome.js";
import { flag, requireEnv } from "../deploy/envs.js";
import type { Lock } from "../deploy/locks.js";
import type { Deps } from "../estate/deps.js";
import { variablesOf } from "../estate/target.js";

export interface CancelArgs {
  readonly env: string;
  /** Also locks whose owner may still be at work. */
  readonly yes: boolean;
}

/** Takes away the locks that killed runs left on the stacks. The next `up` or `down` makes right what they left half done. */
export async function cancel(args: CancelArgs, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const engine = await deps.engine(await variablesOf(record.target, deps));
  const found = await Promise.all(record.stacks.map(async (stack) => ({ stack, locks: await engine.locks(stack) })));
  const locked = found.filter(({ locks }) => locks === undefined || locks.length > 0);
  const doubtful = locked.filter(({ locks }) => locks === undefined || locks.some((lock) => lock.alive !== false));
  if (doubtful.length > 0 && !args.yes)
    throw new CommandProblem(
      "refused",
      `${doubtful.map(({ stack, locks }) => `${stack.id} is ${lockText(locks)}`).join("\n")}\n` +
        "Two at once would spoil the state. If you know that nobody works on it any more: " +
        `\`lockstep cancel${flag(args.env)} --yes\`.`,
    );
  for (const { stack } of locked) await engine.cancel(args.env, stack);
  const stacks = Object.fromEntries(
    found.map(({ stack, locks }) => [stack.id, { cancelled: locks?.map((l) => l.owner) ?? ["unknown"] }]),
  );
  const lines = locked.map(({ stack, locks }) => `${stack.id} was ${lockText(locks)}. It is free now.`);
  return done({ env: args.env, stacks }, lines.join("\n") || "No stack is locked.");
}

/** Who has a stack to himself, for people. */
export function lockText(locks: readonly Lock[] | undefined): string {
  if (locks === undefined) return "perhaps locked: its backend does not tell by whom";
  return locks
    .map(({ owner, alive }) => `locked by ${owner}${alive === false ? ", which no longer runs" : ""}`)
    .join(", ");
}
