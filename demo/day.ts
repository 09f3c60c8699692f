import { CommandProblem } from "../automation/cli/outcome.js";
import type { Say } from "../automation/cli/progress.js";
import type { Deps, Estate, RunSeen } from "../automation/estate/deps.js";
import { wholeIn } from "../automation/estate/points.js";
import { type Awaited, openIn, type Settling, settle } from "../automation/estate/settling.js";
import type { Inventory, Policy, Resource } from "../core/model/model.js";
import { selects } from "../core/selection/select.js";
import { RULES } from "../kinds/rules.js";
import type { Admin } from "./admin.js";
import type { Contents, Scribe } from "./data.js";
import type { Exposure } from "./exposure.js";

const MINUTE_MS = 60_000;
/** With nothing in flight a controller's tick looks every 15 minutes (functions/trigger/trigger.ts). */
const IDLE_LOOK_MS = 15 * MINUTE_MS;
const TIMEOUT_MS = 180_000;
const LOOK_EVERY_MS = 250;

/** What a day works with. */
export interface Around {
  readonly estate: Estate;
  readonly admin: Admin;
  readonly deps: Deps;
  readonly scribe: Scribe;
  readonly exposure: Exposure;
}

/** A day of the program: its schedule came due, and what became of it. */
export interface Day {
  readonly number: number;
  /** When the schedule was due, in the sandbox's time. */
  readonly due: number;
  /** How many points were to be made. */
  readonly points: number;
  /** Whether EBS's events that they are complete were lost. */
  readonly lost: boolean;
  /** Why the runs that copied were started, in the trigger's words. */
  readonly copiedBecause: readonly string[];
  /** From the due time until every point was whole in all its regions, in the sandbox's time. */
  readonly seconds: number;
  /** Points that retention let go, by region. */
  readonly expired: Readonly<Record<string, number>>;
  /** What the volumes held when the points were made. */
  readonly contents: ReadonlyMap<string, Contents>;
  readonly problems: readonly string[];
}

export interface DayArgs {
  readonly number: number;
  readonly due: number;
  readonly lost: boolean;
}

/**
 * New data, then the clock at the due time, then a look until everything is done. With `lost` the events of the completed
 * points never come: what the tick finds out only a quarter of an hour later.
 */
export async function day({ number, due, lost }: DayArgs, around: Around, say: Say): Promise<Day> {
  const { estate, admin, exposure } = around;
  const contents = await quietBefore(due, around);
  const wanted = wantedAt(due, await estate.world());
  let now = due;
  const onLook = (world: Inventory) => {
    exposure.observe(world);
    now = world.now;
  };
  const problems: string[] = [];
  if (lost) await admin.loseEvents(wanted.length);
  await moveTo(due, admin);
  if (lost) problems.push(...(await untilNobodyKnows({ wanted, onLook, say }, around)));
  if (lost) await moveTo(due + IDLE_LOOK_MS, admin);
  await settled({ wanted, onLook }, around, say);
  const runs = await estate.runs(due);
  const copying = runs.filter(({ copied }) => copied > 0);
  const copiedBecause = [...new Set(copying.map(({ reason }) => reason))];
  if (lost) problems.push(...notByTick(copying));
  problems.push(
    ...runs.filter((r) => r.outcome !== "done").map((r) => `a run in ${r.region} ${r.outcome}: ${r.reason}`),
  );
  const regions = [...new Set(wanted.flatMap((w) => w.regions))];
  return {
    number,
    due,
    points: wanted.length,
    lost,
    copiedBecause,
    seconds: Math.round((now - due) / 1000),
    expired: Object.fromEntries(regions.map((region) => [region, deletedIn(region, runs)])),
    contents,
    problems: problems.map((problem) => `day ${number}: ${problem}`),
  };
}

/** The rest of the time until then, with nothing to do. */
export async function quietUntil(time: number, { estate, admin, deps, exposure }: Around): Promise<void> {
  await moveTo(time, admin);
  const world = await estate.world();
  exposure.observe(world);
  await rested(time, world, { estate, deps });
}

/**
 * A minute before it is due the controllers' ticks have had their look. So at the due time only the schedule starts a run, and
 * in the other region nothing but an event.
 */
async function quietBefore(due: number, { estate, admin, deps, scribe, exposure }: Around) {
  await moveTo(due - MINUTE_MS, admin);
  const world = await estate.world();
  exposure.observe(world);
  const contents = await scribe.write(protectedBy(world));
  await rested(due - MINUTE_MS, world, { estate, deps });
  return contents;
}

/** Until each controller has looked since then, and rests. */
async function rested(since: number, world: Inventory, { estate, deps }: Pick<Around, "estate" | "deps">) {
  const deadline = deps.now() + TIMEOUT_MS;
  const regions = Object.keys(world.regions);
  for (;;) {
    deps.interruption.signal.throwIfAborted();
    const looked = new Set((await estate.runs(since)).map(({ region }) => region));
    const waiting = [...regions.filter((region) => !looked.has(region)), ...(await estate.busy())];
    if (waiting.length === 0) return;
    if (deps.now() > deadline) throw new CommandProblem("failed", `No look of the controllers: ${waiting.join(", ")}`);
    await deps.sleep(LOOK_EVERY_MS);
  }
}

async function moveTo(time: number, admin: Admin): Promise<void> {
  if ((await admin.now()) < time) await admin.moveClock(time);
}

const protectedBy = (world: Inventory): Resource[] =>
  world.resources.filter((resource) => world.policies.some((policy) => selects(policy, resource, RULES.ebs)));

/** A point of every resource by each policy that selects it, in all its regions. */
const wantedAt = (due: number, world: Inventory): Awaited[] =>
  world.policies.flatMap((policy: Policy) =>
    world.resources
      .filter((resource) => selects(policy, resource, RULES.ebs))
      .map(({ id }) => ({
        resource: id,
        policy: policy.name,
        regions: [world.home, ...policy.copy.map(({ region }) => region)],
        since: due,
      })),
  );

async function settled(
  what: Pick<Settling, "wanted" | "onLook" | "evenIfOpen">,
  { estate, deps }: Around,
  say: Say,
): Promise<void> {
  const reasons = await settle({ ...what, timeoutMs: TIMEOUT_MS, everyMs: LOOK_EVERY_MS }, estate, deps, say);
  if (reasons.length > 0) throw new CommandProblem("failed", reasons.join("\n"));
}

interface Unknown {
  readonly wanted: readonly Awaited[];
  readonly onLook: (world: Inventory) => void;
  readonly say: Say;
}

/** Until the points are whole at home and everybody rests, because nobody heard of it. Returns what speaks against that. */
async function untilNobodyKnows({ wanted, onLook, say }: Unknown, around: Around): Promise<string[]> {
  const atHome = wanted.map((one) => ({ ...one, regions: one.regions.slice(0, 1) }));
  await settled({ wanted: atHome, onLook, evenIfOpen: true }, around, say);
  const world = await around.estate.world();
  const copies = wanted.flatMap(({ resource, policy, regions, since }) =>
    regions.slice(1).flatMap((region) => wholeIn(world, region, policy, resource).filter((p) => p.scheduled >= since)),
  );
  const open = openIn(world).filter((a) => a.do === "copy").length;
  say(`the events are lost: ${open} copies are to be made, and nobody makes them`);
  const unused = await around.admin.eventsToLose();
  return [
    ...(unused > 0 ? [`${unused} events that were to be lost never came`] : []),
    ...(copies.length > 0 ? [`${copies.length} copies were made although all events were lost`] : []),
    ...(open === 0 ? ["nothing was left to repair"] : []),
  ];
}

/** What speaks against it that the tick repaired it. */
function notByTick(copying: readonly RunSeen[]): string[] {
  if (copying.length === 0) return ["no run made the copies"];
  const others = copying.filter(({ reason }) => !reason.startsWith("tick"));
  return others.map(
    ({ region, reason }) => `the run that copied into ${region} was not started by the tick: ${reason}`,
  );
}

const deletedIn = (region: string, runs: readonly RunSeen[]): number =>
  runs.filter((run) => run.region === region).reduce((sum, run) => sum + run.deleted, 0);
