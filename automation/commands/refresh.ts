import { done, type Outcome } from "../cli/outcome.js";
import { flag, requireEnv } from "../deploy/envs.js";
import type { Deps } from "../estate/deps.js";
import { variablesOf } from "../estate/target.js";
import { changesOf, changesText } from "./results.js";
import { onStacks, type Pending } from "./stacks.js";

export interface RefreshArgs extends Pending {
  readonly env: string;
}

/** Compares the stacks with what is there and takes down the differences; `up` then mends them. */
export async function refresh(args: RefreshArgs, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, args.env);
  const engine = await deps.engine(await variablesOf(record.target, deps));
  const ended = await onStacks(record.stacks, deps, (stack, options) => engine.refresh(args.env, stack, options), args);
  if ("failure" in ended) return ended.failure;
  const drifted = ended.results.some(({ steps }) => steps.length > 0);
  const text = ended.results.map((result) => [changesText(result), ...changesOf(result)].join("\n"));
  const advice = drifted ? `\`lockstep up${flag(args.env)}\` makes it as it should be.` : "Nothing differs.";
  const stacks = Object.fromEntries(ended.results.map(({ stack, ...rest }) => [stack, rest]));
  return done({ env: args.env, drifted, stacks }, [...text, advice].join("\n"));
}
