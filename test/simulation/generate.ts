import { readSettings } from "../../core/config/settings.js";
import { Dice } from "./dice.js";
import type { KindWorld, Rhythm } from "./kinds/kind.js";
import { SIMULATED, worldOf } from "./kinds/table.js";
import { snapshotsOfOthers, TAKING, volumesOfOthers } from "./others.js";
import { DAY, HOUR, type MachineSpec, MINUTE, type Scenario, type StackSpec, type TroubleKind } from "./scenario.js";
import { hangOf, troublesOf } from "./troubles.js";

interface Layout {
  /** Each primary region with the regions that it copies to. */
  readonly homes: readonly { readonly region: string; readonly copies: readonly string[] }[];
}

/** A pair; one with two copies; two that are each other's DR; two that share one. */
const layoutsIn = ([first, second, third]: KindWorld["draw"]["regions"]): readonly [Layout, ...Layout[]] => [
  { homes: [{ region: first, copies: [second] }] },
  { homes: [{ region: first, copies: [second, third] }] },
  {
    homes: [
      { region: first, copies: [second] },
      { region: second, copies: [first] },
    ],
  },
  {
    homes: [
      { region: first, copies: [second] },
      { region: third, copies: [second] },
    ],
  },
];

/** Of the real functions, which run with EBS alone. */
const FAST: readonly [Rhythm, ...Rhythm[]] = [
  { schedule: "rate(8 hours)", gap: 8 * HOUR },
  { schedule: "rate(12 hours)", gap: 12 * HOUR },
  { schedule: "cron(0 3 * * ? *)", gap: DAY, timezone: "Europe/Berlin" },
];

export interface Size {
  readonly days: number;
  /** The real functions take longer to simulate: their points come more often, and with more troubles at once. */
  readonly depth: "planner" | "edges";
  /** What all of it is of. @default ebs */
  readonly kind?: string;
  /** Kinds of troubles that come; without it all of them do. */
  readonly only?: readonly TroubleKind[];
  /** Whether a policy takes in what others make; by chance without it. */
  readonly takesIn?: boolean;
}

const START = Date.UTC(2026, 0, 5, 0, 7);

/** A world and its troubles, all drawn from one number. */
export function scenarioOf(seed: number, { days, depth, kind = "ebs", only, takesIn: asked }: Size): Scenario {
  const world = worldOf(kind);
  const dice = new Dice(seed);
  const layout = dice.pick(layoutsIn(world.draw.regions), "layout");
  const rhythms = [0, 1]
    .map((i) => dice.pick(depth === "edges" ? FAST : world.draw.rhythms, "rhythm", i))
    .slice(0, dice.int(1, 2, "policies"));
  const start = START;
  const end = start + days * DAY;
  const orphanAfter = depth === "edges" ? "7d" : dice.pick(["14d", "30d", "90d"], "orphan after");
  const takesIn = world.takeIn !== undefined && (asked ?? dice.chance(0.3, "takes in"));
  const stacks = stacksOf(layout, { world, rhythms, orphanAfter, takesIn: false }, dice);
  const most = depth === "edges" ? 2 : world.draw.most;
  const machines = machinesOf(layout, { world, policies: rhythms.length, most, start, end }, dice);
  const gap = rhythms.reduce((longest, one) => Math.max(longest, one.gap), 0);
  const bare = { seed, kind, start, end, stacks, machines };
  const others = only?.filter((one) => one !== "hang");
  const troubles = troublesOf(bare, { gap, most: depth === "edges" ? 16 : 9, only: others, world }, dice);
  const hangs = !world.spared.includes("hang") && (only?.includes("hang") ?? dice.chance(0.2, "hangs"));
  const plain = { ...bare, troubles: hangs ? [...troubles, hangOf(bare, gap, dice)] : troubles };
  if (!takesIn) return plain;
  const volumes = volumesOfOthers(
    layout.homes.map(({ region }) => region),
    bare,
    dice,
  );
  const scenario = { ...plain, stacks: stacksOf(layout, { world, rhythms, orphanAfter, takesIn }, dice) };
  const all = [...plain.troubles, ...snapshotsOfOthers(scenario, volumes, dice)];
  return { ...scenario, machines: [...machines, ...volumes], troubles: all };
}

/** Some of them make points of their own too. */
function takingPolicy([{ schedule, gap } = FAST[0]]: readonly Rhythm[], copies: readonly string[], dice: Dice): object {
  const where = `${copies.join()} ${TAKING}`;
  return {
    name: TAKING,
    select: { key: "Backup", value: TAKING },
    kinds: ["volume"],
    ebs: { source: "any" },
    ...(dice.chance(0.4, "schedule", where) ? { schedule } : {}),
    retain: retainOf(dice, gap, where),
    copy: copies.map((region) => ({ region, retain: retainOf(dice, gap, `${where} ${region}`) })),
  };
}

function retainOf(dice: Dice, gap: number, where: string): object {
  const count = dice.int(1, 5, "count", where);
  const age = `${Math.max(1, Math.round((dice.int(1, 12, "age", where) * gap) / (2 * HOUR)))}h`;
  const tiers = gap < DAY ? { hourly: 4, daily: 3 } : { daily: 4, weekly: dice.int(1, 4, "weeks", where), monthly: 3 };
  return dice.pick<object>([{ count }, { age }, { count, age }, { count, ...tiers }, tiers], "retain", where);
}

interface Rules {
  readonly world: KindWorld;
  readonly rhythms: readonly Rhythm[];
  readonly orphanAfter: string;
  /** Whether a policy takes in what others make. */
  readonly takesIn: boolean;
}

function stacksOf({ homes }: Layout, { world, rhythms, orphanAfter, takesIn }: Rules, dice: Dice): StackSpec[] {
  // What copies to the same regions has the same policies: stacks of one deployment read one list.
  const policies = (copies: readonly string[]): object[] => [
    ...rhythms.map(({ schedule, timezone, gap }, i) => ({
      name: `p${i}`,
      select: { key: "Backup", value: `p${i}` },
      schedule,
      ...(timezone === undefined ? {} : { timezone }),
      ...world.draw.policy(i, copies.join(), dice),
      retain: retainOf(dice, gap, `${copies.join()} ${i}`),
      copy: copies.map((region) => ({
        region,
        retain: retainOf(dice, gap, `${copies.join()} ${i} ${region}`),
        ...world.draw.copyRule(`${copies.join()} ${i} ${region}`, dice),
      })),
    })),
    ...(takesIn ? [takingPolicy(rhythms, copies, dice)] : []),
  ];
  const common = { deployment: "sim", tags: { stage: "simulation" }, orphanAfter };
  const primaries = homes.map(({ region, copies }) => ({
    name: `primary ${region}`,
    settings: readSettings(
      { ...common, role: "primary", region, peers: copies, policies: policies(copies) },
      SIMULATED,
    ),
  }));
  const sinks = [...new Set(homes.flatMap(({ copies }) => copies))];
  const drs = sinks.map((region) => {
    const sources = homes.filter(({ copies }) => copies.includes(region));
    const own = policies(sources[0]?.copies ?? []);
    const peers = sources.map((source) => source.region);
    return {
      name: `dr ${region}`,
      settings: readSettings({ ...common, role: "dr", region, peers, policies: own }, SIMULATED),
    };
  });
  return [...primaries, ...drs];
}

interface Population {
  readonly world: KindWorld;
  readonly policies: number;
  /** In each home. */
  readonly most: number;
  readonly start: number;
  readonly end: number;
}

function machinesOf({ homes }: Layout, { world, policies, most, start, end }: Population, dice: Dice): MachineSpec[] {
  return homes.flatMap(({ region }) =>
    Array.from({ length: dice.int(1, most, "machines", region) }, (_, i): MachineSpec => {
      const about = `${region} ${i}`;
      const policy = dice.int(0, policies - 1, "machine's policy", about);
      const isOld = i === 0 || dice.chance(0.5, "old", about);
      const born = isOld ? start : start + Math.floor(dice.roll("born", about) * (end - start) * 0.7) + MINUTE;
      const dies = born + Math.floor((0.1 + dice.roll("dies", about)) * (end - start));
      const mortal = i > 0 && dice.chance(0.5, "mortal", about) && dies < end;
      return {
        ...world.draw.resource({ region, n: i, policy }, dice),
        region,
        policy: `p${policy}`,
        born,
        ...(mortal ? { dies } : {}),
      };
    }),
  );
}
