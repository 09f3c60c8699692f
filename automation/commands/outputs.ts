import { CommandProblem, done, type Outcome } from "../cli/outcome.js";
import { flag, requireEnv } from "../deploy/envs.js";
import type { Deps } from "../estate/deps.js";
import { variablesOf } from "../estate/target.js";

/** Shows what the stacks of an environment export; secrets stay out. */
export async function outputs(args: { readonly env: string }, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const engine = await deps.engine(await variablesOf(record.target, deps));
  const found: [string, Readonly<Record<string, unknown>>][] = [];
  for (const stack of record.stacks) {
    const values = await engine.outputs(args.env, stack);
    if (!values)
      throw new CommandProblem(
        "refused",
        `Stack ${stack.id} is not deployed. Run \`lockstep up${flag(args.env)}\` first.`,
      );
    found.push([stack.id, values]);
  }
  const text = found.map(([id, values]) =>
    [`${id}:`, ...Object.entries(values).map(([k, value]) => `  ${k}: ${inline(value)}`)].join("\n"),
  );
  return done(Object.fromEntries(found), text.join("\n"));
}

const inline = (value: unknown): string => (typeof value === "string" ? value : JSON.stringify(value));
