import { CommandProblem, messageOf } from "../cli/outcome.js";
import type { Engine } from "../deploy/engine.js";
import { type EnvRecord, flag, type StackRecord } from "../deploy/envs.js";
import { holds } from "../deploy/locks.js";
import { named } from "../deploy/obstacles.js";
import type { Decisions } from "../deploy/recovery.js";
import type { Estate } from "../estate/deps.js";
import { lockText } from "./cancel.js";

export interface Removal {
  readonly record: EnvRecord;
  readonly engine: Pick<Engine, "locks" | "obstacles">;
  readonly estate: Pick<Estate, "unpurgeable">;
  readonly decisions: Decisions;
  /** Regions whose recovery points are to go too. */
  readonly purge: readonly string[];
}

/** What stands in the way of a removal, and whether it only has to be waited for. */
interface Obstacle {
  readonly busy: boolean;
  readonly text: string;
}

/** Refuses a removal that could not come to its end, before anything is removed, and names all that stands in its way. */
export async function refuseUnlessFree(removal: Removal): Promise<void> {
  const { record, estate } = removal;
  const found = await Promise.all([
    ...record.stacks.map((stack) => ofStack(stack, removal)),
    ...removal.purge.map((region) => ofRegion(region, estate, record)),
  ]);
  const obstacles = found.flat();
  if (obstacles.length === 0) return;
  const ending = obstacles.every(({ busy }) => busy) ? "busy" : "refused";
  throw new CommandProblem(ending, [...obstacles.map(({ text }) => text), UNCHANGED].join("\n"));
}

const UNCHANGED = "Nothing was changed.";

/** Where AWS cannot be asked, nobody knows what stands in the way. */
export function refuseUnseen(error: unknown): never {
  throw new CommandProblem("refused", `${messageOf(error)} ${UNCHANGED}`);
}

async function ofStack(stack: StackRecord, { record, engine, decisions }: Removal): Promise<readonly Obstacle[]> {
  const what = `stack ${stack.id} (${stack.region})`;
  try {
    const locks = ((await engine.locks(stack)) ?? []).filter(holds);
    if (locks.length > 0) {
      const advice = `Wait for it to end; if you know that it was killed, \`lockstep cancel${flag(record.env)}\`.`;
      return [{ busy: true, text: `${what} is ${lockText(locks)}. ${advice}` }];
    }
    const all = await engine.obstacles(record.env, stack, decisions);
    return all.map((text) => ({ busy: false, text: `${what}: ${text}` }));
  } catch (error) {
    return [{ busy: false, text: `${what}: ${messageOf(error)}` }];
  }
}

async function ofRegion(
  region: string,
  estate: Pick<Estate, "unpurgeable">,
  { env }: EnvRecord,
): Promise<readonly Obstacle[]> {
  const what = `recovery points in ${region}`;
  const advice = `Free them, or leave --purge out: \`lockstep down${flag(env)}\`.`;
  try {
    const all = await estate.unpurgeable(region);
    return all.length === 0 ? [] : [{ busy: false, text: `${what}: ${named(all)}. ${advice}` }];
  } catch (error) {
    return [{ busy: false, text: `${what}: ${messageOf(error)}` }];
  }
}
