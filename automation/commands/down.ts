import type { Point } from "../../core/model.js";
import type { Deps } from "../deps.js";
import { type EnvRecord, flag, readEnv, removeEnv } from "../envs.js";
import { CommandProblem, done, type Outcome } from "../outcome.js";
import { variablesOf } from "../target.js";
import { changesText, worst } from "./results.js";

export interface DownArgs {
  readonly env: string;
  readonly yes: boolean;
}

/** Removes the stacks of an environment, side by side. Recovery points stay: they are what all this is for. */
export async function down(args: DownArgs, deps: Deps): Promise<Outcome> {
  const record = await readEnv(deps.places, args.env);
  if (!record) return done({ env: args.env, stacks: {}, pointsKept: {} }, `There is no environment "${args.env}".`);
  if (record.target === "aws" && !args.yes)
    throw new CommandProblem(
      "refused",
      `This removes ${record.stacks.map((s) => `${s.name} (${s.region})`).join(" and ")} from AWS: protection ends there. ` +
        `To do it: \`lockstep down${flag(args.env)} --yes\`.`,
    );
  if (record.protected)
    throw new CommandProblem(
      "refused",
      `The stacks of "${record.env}" are protected. Set lockstep:protect to false in Pulumi.yaml, run ` +
        `\`lockstep up${flag(args.env)}\`, then \`lockstep down\` again.`,
    );
  const variables = await variablesOf(record.target, deps);
  const pointsKept = await pointsLeft(record, variables, deps);
  const engine = await deps.engine(variables);
  const settled = await deps.progress.together(
    record.stacks.map((stack) => ({
      title: `${stack.id} (${stack.region})`,
      run: (say: (line: string) => void) => engine.down(args.env, stack, { interruption: deps.interruption, say }),
    })),
  );
  const failure = worst(settled);
  if (failure) return failure;
  await removeEnv(deps.places, args.env);
  const results = settled.flatMap((s) => (s.status === "fulfilled" && s.value ? [s.value] : []));
  return done(
    {
      env: args.env,
      stacks: Object.fromEntries(results.map(({ stack, region, changes }) => [stack, { region, changes }])),
      pointsKept,
    },
    [...results.map(changesText), keptText(pointsKept)].join("\n"),
  );
}

/** How many recovery points stay in each region; null where that could not be read, which must not stop a removal. */
async function pointsLeft(
  record: EnvRecord,
  variables: Readonly<Record<string, string>>,
  deps: Deps,
): Promise<Readonly<Record<string, number | null>>> {
  const regions = record.stacks.filter((s) => s.role !== "workload").map((s) => s.region);
  const world = await deps
    .estate(record, variables)
    .then((estate) => estate.world())
    .catch(() => undefined);
  return Object.fromEntries(
    regions.map((region) => {
      const view = world?.regions[region];
      return [region, view?.complete ? new Set(view.points.map((p: Point) => p.id)).size : null];
    }),
  );
}

const keptText = (kept: Readonly<Record<string, number | null>>): string => {
  const parts = Object.entries(kept).map(([region, n]) => `${n ?? "an unknown number"} in ${region}`);
  return `Recovery points that stay: ${parts.join(", ")}.`;
};
