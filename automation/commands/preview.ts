import { done, type Outcome } from "../cli/outcome.js";
import { removeEnv } from "../deploy/envs.js";
import type { Deps } from "../estate/deps.js";
import { changesOf, changesText } from "./results.js";
import { onStacks } from "./stacks.js";
import { intended, type UpArgs } from "./up.js";

/** What `up` would change. Changes nothing, and leaves no trace of an environment that does not exist. */
export async function preview(args: UpArgs, deps: Deps): Promise<Outcome> {
  const { before, record, config, engine } = await intended(args, deps);
  await engine.prepare(config);
  try {
    const ended = await onStacks(record.stacks, deps, (stack, options) => engine.preview(args.env, stack, options));
    if ("failure" in ended) return ended.failure;
    const stacks = Object.fromEntries(ended.results.map(({ stack, ...rest }) => [stack, rest]));
    const text = ended.results.map((result) => [changesText(result), ...changesOf(result)].join("\n"));
    return done({ env: args.env, target: record.target, stacks }, text.join("\n"));
  } finally {
    for (const stack of record.stacks) {
      if (!before?.stacks.some((s) => s.id === stack.id)) await engine.discard(args.env, stack);
    }
    if (!before) await removeEnv(deps.places, args.env);
  }
}
