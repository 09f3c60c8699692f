import type { Purged } from "../../kinds/purger.js";
import { consent } from "../cli/consent.js";
import { CommandProblem, done, failed, type Outcome } from "../cli/outcome.js";
import { allOf } from "../cli/progress.js";
import { type EnvRecord, flag, readEnv, removeEnv } from "../deploy/envs.js";
import type { Deps, Estate } from "../estate/deps.js";
import { pointsIn, unreadIn } from "../estate/points.js";
import { variablesOf } from "../estate/target.js";
import { refuseUnlessFree, refuseUnseen } from "./free-to-go.js";
import { changesText } from "./results.js";
import { decisionsOf, onStacks, type Pending } from "./stacks.js";

export interface DownArgs extends Pending {
  readonly env: string;
  readonly yes: boolean;
  /** Also the recovery points. */
  readonly purge?: boolean;
}

/** Removes the stacks of an environment, side by side. Recovery points stay: they are what all this is for. */
export async function down(args: DownArgs, deps: Deps): Promise<Outcome> {
  const record = await readEnv(deps.places, args.env);
  if (!record) return done({ env: args.env, stacks: {}, pointsKept: {} }, `There is no environment "${args.env}".`);
  refuseProtected(record);
  const variables = await variablesOf(record.target, deps);
  const engine = await deps.engine(variables);
  const decisions = decisionsOf(args, record.stacks);
  const estate = await deps.estate(record, variables).catch(refuseUnseen);
  await refuseUnlessFree({ record, engine, estate, decisions, purge: args.purge ? regionsOf(record) : [] });
  await askFirst(args, record, deps);
  const pointsKept = args.purge ? {} : await pointsLeft(record, estate);
  const ended = await onStacks(record.stacks, deps, (stack, options) => engine.down(args.env, stack, options), args);
  if ("failure" in ended) return ended.failure;
  // Only now: controllers that still ran would make new ones.
  const purged = args.purge ? await purge(record, estate, deps) : undefined;
  const kept = Object.values(purged ?? {}).flatMap((p) => p.kept);
  if (kept.length > 0) {
    const text = `The stacks are gone, but not all recovery points: ${kept.join("; ")}. Run the same command again.`;
    return failed({ env: args.env, purged }, text);
  }
  await removeEnv(deps.places, args.env);
  const results = ended.results.flatMap((result) => (result ? [result] : []));
  const stacks = Object.fromEntries(results.map(({ stack, region, changes }) => [stack, { region, changes }]));
  const data = { env: args.env, stacks, pointsKept, ...(purged ? { purged } : {}) };
  const last = purged ? purgedText(purged) : keptText(pointsKept);
  return done(data, [...results.map(changesText), last].join("\n"));
}

function refuseProtected(record: EnvRecord): void {
  if (!record.protected) return;
  throw new CommandProblem(
    "refused",
    `The stacks of "${record.env}" are protected. Set lockstep:protect to false in Pulumi.yaml, run ` +
      `\`lockstep up${flag(record.env)}\`, then \`lockstep down\` again.`,
  );
}

/** What cannot be had back is asked for. */
async function askFirst({ env, yes, purge = false }: DownArgs, record: EnvRecord, deps: Deps): Promise<void> {
  if (yes || (record.target !== "aws" && !purge)) return;
  const stacks = record.stacks.map((s) => `${s.name} (${s.region})`).join(" and ");
  const what =
    `This removes ${stacks} from ${record.target === "aws" ? "AWS" : "the sandbox"}: protection ends there.` +
    (purge
      ? ` It also deletes every recovery point of "${record.deployment}" in ${regionsOf(record).join(", ")}.`
      : "");
  await consent(what, `lockstep down${flag(env)}${purge ? " --purge" : ""} --yes`, deps);
}

const regionsOf = (record: EnvRecord): string[] => [
  ...new Set(record.stacks.filter((s) => s.role !== "workload").map((s) => s.region)),
];

async function purge(record: EnvRecord, estate: Estate, deps: Deps): Promise<Readonly<Record<string, Purged>>> {
  const jobs = regionsOf(record).map((region) => ({
    title: `recovery points in ${region}`,
    run: async () => [region, await estate.purge(region)] as const,
  }));
  return Object.fromEntries(allOf(await deps.progress.together(jobs)));
}

/** How many recovery points stay in each region; null where that could not be read, which must not stop a removal. */
async function pointsLeft(record: EnvRecord, estate: Estate): Promise<Readonly<Record<string, number | null>>> {
  const worlds = await estate.worlds().catch(() => undefined);
  return Object.fromEntries(
    regionsOf(record).map((region) => {
      if (worlds === undefined || unreadIn(worlds, region) !== undefined) return [region, null];
      return [region, new Set(pointsIn(worlds, region).map(({ id }) => id)).size];
    }),
  );
}

const keptText = (kept: Readonly<Record<string, number | null>>): string => {
  const parts = Object.entries(kept).map(([region, n]) => `${n ?? "an unknown number"} in ${region}`);
  return `Recovery points that stay: ${parts.join(", ")}.`;
};

const purgedText = (purged: Readonly<Record<string, Purged>>): string => {
  const parts = Object.entries(purged).map(([region, { deleted }]) => `${deleted} in ${region}`);
  return `Deleted: ${parts.join(", ")}. No recovery point is left.`;
};
