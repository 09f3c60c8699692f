import type { SandboxVerb } from "../cli-model.js";
import type { Deps, SandboxChoices } from "../deps.js";
import { done, type Outcome } from "../outcome.js";

/** Runs, shows or ends the local AWS. */
export async function sandbox(
  args: { readonly verb: SandboxVerb } & SandboxChoices,
  deps: Pick<Deps, "sandbox">,
): Promise<Outcome> {
  const { data, text } = await deps.sandbox.command(args.verb, args);
  return done(data, text);
}
