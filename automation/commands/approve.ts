import type { PendingApproval } from "../../core/model/model.js";
import { APPROVAL_LIFE_MS } from "../../core/planner/guard.js";
import { planAll } from "../../core/planner/planner.js";
import { RULES } from "../../kinds/rules.js";
import { consent } from "../cli/consent.js";
import { CommandProblem, done, type Outcome } from "../cli/outcome.js";
import { table } from "../cli/tables.js";
import { type EnvRecord, flag, requireEnv } from "../deploy/envs.js";
import type { Deps, Estate } from "../estate/deps.js";
import { variablesOf } from "../estate/target.js";
import type { Worlds } from "../estate/worlds.js";

export interface ApproveArgs {
  readonly env: string;
  /** Name of what is held back, or id of the run that held it back. */
  readonly run: string;
  readonly yes: boolean;
}

/** All that waits for approval under one name: deletes of one region. */
export interface Waiting {
  readonly name: string;
  readonly region: string;
  readonly holds: readonly PendingApproval[];
}

/** What the controllers hold back now. */
export function waitingIn(worlds: Worlds): Waiting[] {
  const holds = planAll(worlds, RULES).filter((action) => action.do === "pending-approval");
  return [...Map.groupBy(holds, ({ approval }) => approval)].map(([name, of]) => ({
    name,
    region: of[0]?.region ?? "",
    holds: of,
  }));
}

/**
 * A person's yes to deletes that were held back. It is for exactly the artifacts that are held back now, under the name that they
 * were shown with: what has changed since has another name, and must be looked at again.
 */
export async function approve({ env, run, yes }: ApproveArgs, deps: Deps): Promise<Outcome> {
  const record = await requireEnv(deps.places, env);
  const estate = await deps.estate(record, await variablesOf(record.target, deps));
  const worlds = await estate.worlds();
  const waiting = waitingIn(worlds);
  const wanted = await wantedOf(run, waiting, estate, flag(env));
  refuseUnlessAll(wanted, record);
  const text = wanted.map(waitingText).join("\n");
  if (!yes) {
    const count = wanted.reduce((sum, { holds }) => sum + holds.length, 0);
    const question = `${text}\n${count} recovery point(s) would be deleted for good.`;
    await consent(question, `lockstep approve${flag(env)} ${run} --yes`, deps);
  }
  await approveAll(wanted, worlds, estate);
  return done({ approved: wanted.map(dataOf) }, `${text}\nApproved. The next run deletes them.`);
}

/** Tells the controllers of each region. An approval is for a day: whoever puts a rule back and lowers it again is asked again. */
export async function approveAll(
  waiting: readonly Waiting[],
  [{ now }]: Worlds,
  estate: Pick<Estate, "approve">,
): Promise<void> {
  const until = now + APPROVAL_LIFE_MS;
  for (const { name, region, holds } of waiting) {
    await estate.approve({ name, region, artifacts: holds.flatMap((hold) => hold.artifacts), until });
  }
}

async function wantedOf(run: string, waiting: readonly Waiting[], estate: Estate, flags: string): Promise<Waiting[]> {
  const named = waiting.filter(({ name }) => name === run);
  if (named.length > 0) return named;
  const held = await estate.heldBy(run);
  const still = waiting.filter(({ name }) => held.includes(name));
  if (still.length > 0 && still.length === held.length) return still;
  if (waiting.length === 0) throw new CommandProblem("refused", "Nothing waits for approval.");
  const now = waiting.map(({ name, region, holds }) => `${name}: ${holds.length} recovery point(s) in ${region}`);
  throw new CommandProblem(
    "refused",
    `${run} is not what waits for approval now, or it has changed since it was shown. It is now:\n${now.join("\n")}\n` +
      `Look at \`lockstep plan${flags}\`, then approve that.`,
  );
}

/** Some approved and some not would be neither what was shown nor nothing. */
function refuseUnlessAll(waiting: readonly Waiting[], { stacks }: EnvRecord): void {
  const nowhere = waiting.filter(({ region }) => !stacks.some((s) => s.role !== "workload" && s.region === region));
  if (nowhere.length === 0) return;
  const regions = nowhere.map(({ region }) => region).join(", ");
  throw new CommandProblem("refused", `No stack of this environment is in ${regions}: approve it in the one that is.`);
}

const dataOf = ({ name, region, holds }: Waiting) => ({ name, region, points: holds.map(({ point }) => point) });

/** A line for each resource; there may be thousands of points. */
function waitingText({ name, region, holds }: Waiting): string {
  const groups = Map.groupBy(holds, ({ policy, resource }) => JSON.stringify([resource, policy]));
  const rows = [...groups.values()].map((group) => [
    group[0]?.resource ?? "",
    group[0]?.policy ?? "",
    String(group.length),
    group[0]?.reason ?? "",
  ]);
  return `${name}: would be deleted in ${region}\n${table(["resource", "policy", "points", "reason"], rows)}`;
}
