import type { Target } from "../cli/model.js";
import { CommandProblem } from "../cli/outcome.js";
import { type EnvRecord, flag } from "../deploy/envs.js";
import type { Deps } from "./deps.js";

/** Decides where `up` goes: what was asked, else what was before, else a sandbox that runs. Never AWS by accident. */
export async function chooseTarget(
  asked: Target | undefined,
  before: EnvRecord | undefined,
  deps: Pick<Deps, "sandbox">,
): Promise<Target> {
  if (before && asked !== undefined && asked !== before.target)
    throw new CommandProblem(
      "refused",
      `Environment "${before.env}" is on ${before.target}. Remove it with \`lockstep down${flag(before.env)}\`, or name another with --env.`,
    );
  const known = asked ?? before?.target;
  if (known !== undefined) return known;
  if (await deps.sandbox.variables()) return "sandbox";
  throw new CommandProblem(
    "refused",
    "No sandbox is up, and AWS is never the default. Start one with `lockstep sandbox up`, or pass `--target aws`.",
  );
}

/** Environment variables that lead to the target. */
export async function variablesOf(
  target: Target,
  deps: Pick<Deps, "sandbox">,
): Promise<Readonly<Record<string, string>>> {
  if (target === "aws") return {};
  const variables = await deps.sandbox.variables();
  if (variables) return variables;
  throw new CommandProblem("refused", "The sandbox is not up. Start it with `lockstep sandbox up`.");
}
