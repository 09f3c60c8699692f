import { CommandProblem } from "../automation/cli/outcome.js";
import type { Say } from "../automation/cli/progress.js";
import type { Deps, Estate, RunSeen } from "../automation/estate/deps.js";
import { type Settling, settle } from "../automation/estate/settling.js";
import type { Inventory } from "../core/model/model.js";
import type { Admin } from "./admin.js";
import type { Contents, Scribe } from "./data.js";
import type { Exposure } from "./exposure.js";
import type { FileScribe, Tree } from "./file-data.js";
import { copiesSince, isPending, isToldOf, isWhole, protectedIn, type Wanted, wantedAt } from "./looks.js";

const MINUTE_MS = 60_000;
/** With nothing in flight a controller's tick looks every 15 minutes (functions/trigger/trigger.ts). */
const IDLE_LOOK_MS = 15 * MINUTE_MS;
/** Looks that a kind of which no events tell needs at most: for the points, their copies, and what they let go. */
const MOST_LOOKS = 5;
const TIMEOUT_MS = 180_000;
const LOOK_EVERY_MS = 250;

/** What a day works with. */
export interface Around {
  readonly estate: Pick<Estate, "worlds" | "busy" | "runs">;
  readonly admin: Pick<Admin, "now" | "moveClock" | "loseEvents" | "eventsToLose">;
  readonly deps: Pick<Deps, "now" | "sleep" | "interruption">;
  readonly scribe: Scribe;
  readonly files: FileScribe;
  readonly exposure: Exposure;
}

/** What volumes and file systems hold, by their ids. */
export interface Held {
  readonly volumes: ReadonlyMap<string, Contents>;
  readonly files: ReadonlyMap<string, Tree>;
}

/** A day of the program: its schedule came due, and what became of it. */
export interface Day {
  readonly number: number;
  /** When the schedule was due, in the sandbox's time. */
  readonly due: number;
  /** How many points were to be made. */
  readonly points: number;
  /** How many of them AWS sends events of. */
  readonly told: number;
  /** Whether AWS's events that they are complete were lost. */
  readonly lost: boolean;
  /** Why the runs that copied were started, in the trigger's words. */
  readonly copiedBecause: readonly string[];
  /** From the due time until every point of a kind was whole in all its regions, in the sandbox's time. */
  readonly seconds: Readonly<Record<string, number>>;
  /** Points that retention let go, by region. */
  readonly expired: Readonly<Record<string, number>>;
  /** What was held when the points were made. */
  readonly held: Held;
  readonly problems: readonly string[];
}

export interface DayArgs {
  readonly number: number;
  readonly due: number;
  readonly lost: boolean;
}

/**
 * New data, then the clock at the due time, then a look until everything is done. With `lost` the events of the completed
 * points never come: what the tick finds out only a quarter of an hour later. Of a kind that sends no events it always does.
 */
export async function day({ number, due, lost }: DayArgs, around: Around, say: Say): Promise<Day> {
  const { estate, admin } = around;
  const held = await quietBefore(due, around);
  const wanted = wantedAt(due, await estate.worlds());
  const told = wanted.filter(({ kind }) => isToldOf(kind));
  const problems: string[] = [];
  const watch = new Watch(due, wanted, around.exposure);
  if (lost) await admin.loseEvents(told.length);
  await moveTo(due, admin);
  if (lost) problems.push(...(await untilNobodyKnows(wanted, watch, around, say)));
  else await settled({ wanted: told, onLook: watch.look, evenIfOpen: true }, around, say);
  await untilFoundOut(wanted, watch, around);
  await settled({ wanted, onLook: watch.look }, around, say);
  const runs = await estate.runs(due);
  const copying = runs.filter(({ copied }) => copied > 0);
  if (lost) problems.push(...notByTick(copying));
  problems.push(
    ...runs.filter((r) => r.outcome !== "done").map((r) => `a run in ${r.region} ${r.outcome}: ${r.reason}`),
  );
  const regions = [...new Set(wanted.flatMap((w) => w.regions))];
  return {
    number,
    due,
    points: wanted.length,
    told: told.length,
    lost,
    copiedBecause: [...new Set(copying.map(({ reason }) => reason))],
    seconds: watch.seconds(),
    expired: Object.fromEntries(regions.map((region) => [region, deletedIn(region, runs)])),
    held,
    problems: problems.map((problem) => `day ${number}: ${problem}`),
  };
}

/** The rest of the time until then, with nothing to do. */
export async function quietUntil(time: number, around: Around): Promise<void> {
  await moveTo(time, around.admin);
  const worlds = await around.estate.worlds();
  around.exposure.observe(worlds);
  await rested(time, worlds, around);
}

/**
 * A minute before it is due the controllers' ticks have had their look. So at the due time only the schedule starts a run, and
 * in the other region nothing but an event.
 */
async function quietBefore(due: number, around: Around): Promise<Held> {
  const { estate, admin, scribe, files, exposure } = around;
  await moveTo(due - MINUTE_MS, admin);
  const worlds = await estate.worlds();
  exposure.observe(worlds);
  const held = {
    volumes: await scribe.write(protectedIn(worlds, "ebs")),
    files: await files.write(protectedIn(worlds, "fsx")),
  };
  await rested(due - MINUTE_MS, worlds, around);
  return held;
}

/** Since when the points of each kind are whole. */
class Watch {
  readonly #due: number;
  readonly #wanted: readonly Wanted[];
  readonly #exposure: Exposure;
  readonly #since = new Map<string, number>();

  constructor(due: number, wanted: readonly Wanted[], exposure: Exposure) {
    this.#due = due;
    this.#wanted = wanted;
    this.#exposure = exposure;
  }

  readonly look = (worlds: readonly Inventory[]): void => {
    this.#exposure.observe(worlds);
    for (const world of worlds) {
      const own = this.#wanted.filter(({ kind }) => kind === world.kind);
      if (own.length === 0 || this.#since.has(world.kind)) continue;
      if (isWhole(world, own)) this.#since.set(world.kind, world.now);
    }
  };

  seconds(): Day["seconds"] {
    return Object.fromEntries([...this.#since].map(([kind, at]) => [kind, Math.round((at - this.#due) / 1000)]));
  }
}

/** The controllers' ticks look every quarter of an hour: so often, until there is nothing left that only they find out. */
async function untilFoundOut(wanted: readonly Wanted[], { look: onLook }: Watch, around: Around): Promise<void> {
  const { estate, admin, deps } = around;
  for (let looks = 0; looks < MOST_LOOKS; looks++) {
    await untilNothingPends(around);
    const now = { wanted, onLook, timeoutMs: 0 };
    if ((await settle(now, estate, deps, () => undefined)).length === 0) return;
    const next = (await admin.now()) + IDLE_LOOK_MS;
    await moveTo(next, admin);
    const worlds = await estate.worlds();
    onLook(worlds);
    await rested(next, worlds, around);
  }
}

/** Before the clock moves on: what is in progress ends, and whoever hears of it has had a look. */
async function untilNothingPends({ estate, deps }: Around): Promise<void> {
  const deadline = deps.now() + TIMEOUT_MS;
  while (isPending(await estate.worlds()) || (await estate.busy()).length > 0) {
    deps.interruption.signal.throwIfAborted();
    if (deps.now() > deadline) throw new CommandProblem("failed", "What was begun does not end.");
    await deps.sleep(LOOK_EVERY_MS);
  }
}

/** Until each controller has looked since then, and rests. */
async function rested(since: number, worlds: readonly Inventory[], { estate, deps }: Around): Promise<void> {
  const deadline = deps.now() + TIMEOUT_MS;
  const regions = new Set(worlds.flatMap((world) => Object.keys(world.regions)));
  for (;;) {
    deps.interruption.signal.throwIfAborted();
    const looked = new Set((await estate.runs(since)).map(({ region }) => region));
    const waiting = [...[...regions].filter((region) => !looked.has(region)), ...(await estate.busy())];
    if (waiting.length === 0) return;
    if (deps.now() > deadline) throw new CommandProblem("failed", `No look of the controllers: ${waiting.join(", ")}`);
    await deps.sleep(LOOK_EVERY_MS);
  }
}

async function moveTo(time: number, admin: Pick<Admin, "now" | "moveClock">): Promise<void> {
  if ((await admin.now()) < time) await admin.moveClock(time);
}

async function settled(
  what: Pick<Settling, "wanted" | "onLook" | "evenIfOpen">,
  { estate, deps }: Around,
  say: Say,
): Promise<void> {
  const reasons = await settle({ ...what, timeoutMs: TIMEOUT_MS, everyMs: LOOK_EVERY_MS }, estate, deps, say);
  if (reasons.length > 0) throw new CommandProblem("failed", reasons.join("\n"));
}

/** Until the points are whole at home and everybody rests, because nobody heard of it. Returns what speaks against that. */
async function untilNobodyKnows(
  wanted: readonly Wanted[],
  { look: onLook }: Watch,
  around: Around,
  say: Say,
): Promise<string[]> {
  const atHome = wanted.map((one) => ({ ...one, regions: one.regions.slice(0, 1) }));
  await settled({ wanted: atHome, onLook, evenIfOpen: true }, around, say);
  const { made, open } = copiesSince(await around.estate.worlds(), wanted);
  say(`the events are lost: ${open} copies are to be made, and nobody makes them`);
  const unused = await around.admin.eventsToLose();
  return [
    ...(unused > 0 ? [`${unused} events that were to be lost never came`] : []),
    ...(made > 0 ? [`${made} copies were made although all events were lost`] : []),
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
