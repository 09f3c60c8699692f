import { TAG } from "../../core/names/tags.js";
import type { Tags } from "../cloud/snap.js";
import type { Dice } from "./dice.js";
import type { KindWorld, Pace } from "./kinds/kind.js";
import {
  DAY,
  endOf,
  HOUR,
  LAG_MAX,
  MINUTE,
  type Scenario,
  SECOND,
  type Trouble,
  type TroubleKind,
  type TroubleOf,
} from "./scenario.js";
import { slotsOf } from "./schedules.js";

type Bare = Omit<Scenario, "troubles">;

/** How often each kind comes, beside the others. */
const WEIGHTS: Readonly<Record<TroubleKind, number>> = {
  outage: 2,
  partition: 2,
  "failed-pages": 3,
  throttle: 2,
  lag: 4,
  breaks: 4,
  doubles: 2,
  slow: 2,
  events: 3,
  "no-ticks": 1,
  kill: 6,
  stop: 4,
  "lost-answer": 4,
  overlap: 4,
  clock: 2,
  crowd: 2,
  quota: 1,
  lower: 2,
  override: 3,
  delete: 4,
  "keep-forever": 2,
  lock: 1,
  image: 2,
  untag: 2,
  retag: 1,
  share: 1,
  foreign: 2,
  "hand-copy": 2,
  unselect: 2,
  attach: 2,
  detach: 1,
  ask: 3,
  "no-policy": 1,
  // Not by chance among the others: by the schedules of those who make them, and at most once in a world.
  theirs: 0,
  hang: 0,
  // Only to kinds that name them.
  fills: 0,
  updating: 0,
};
export const TROUBLE_KINDS = Object.keys(WEIGHTS) as readonly TroubleKind[];
/** Each kind as often as it weighs. */
const KINDS = TROUBLE_KINDS.flatMap((kind) => Array.from({ length: WEIGHTS[kind] }, () => kind));

/** Without any of these a snapshot is no longer one of ours that can be placed. */
const TELLING = Object.values(TAG).filter((key) => key !== TAG.device);

/** A calm is long enough for everything to be made up for, tidied up, and then held against the promises. */
const calmFor = (gap: number, { createAllowance, copyAllowance, deleteMs }: Pace): number =>
  6 * gap + 38 * HOUR + createAllowance + copyAllowance + (deleteMs?.[1] ?? 0);

interface Storms {
  /** The longest time between two points. */
  readonly gap: number;
  /** Troubles in one storm. */
  readonly most: number;
  readonly only?: readonly TroubleKind[] | undefined;
  readonly world: Pick<KindWorld, "often" | "pace" | "spared">;
}

interface Storm {
  readonly at: number;
  readonly length: number;
  readonly gap: number;
  readonly kinds: readonly TroubleKind[];
}

/** Storms of troubles, each with a calm after it, and a calm at the end. */
export function troublesOf(bare: Bare, { gap, most, only, world }: Storms, dice: Dice): Trouble[] {
  const { often = [], pace, spared } = world;
  const drawn = [...(only ?? KINDS), ...often.filter((kind) => only?.includes(kind) ?? true)];
  const kinds = drawn.filter((kind) => !spared.includes(kind));
  if (kinds.length === 0) return [];
  const troubles: Trouble[] = [];
  const last = bare.end - calmFor(gap, pace);
  let at = bare.start + Math.floor(gap * dice.roll("first storm"));
  for (let storm = 0; at < last; storm++) {
    const length = gap * dice.int(2, 10, "storm", storm);
    const count = dice.int(1, most, "troubles", storm);
    const drawn = Array.from({ length: count }, (_, i) =>
      troubleOf(`t${storm}-${i}`, { at, length, gap, kinds }, bare, dice),
    );
    troubles.push(...drawn.filter((trouble) => endOf(trouble) <= last));
    const over = drawn.reduce((latest, trouble) => Math.max(latest, endOf(trouble)), at);
    at = over + calmFor(gap, pace) + Math.floor(gap * 10 * dice.roll("calm", storm));
  }
  return troubles;
}

/** Once EBS stays at something for ever. It takes a slot for as long, so there is never more of it. */
export function hangOf({ start, end, stacks }: Bare, gap: number, dice: Dice): TroubleOf<"hang"> {
  const id = "hang";
  const at = start + Math.floor((dice.roll("at", id) * (end - start)) / 2);
  const until = at + Math.max(gap, DAY);
  const { region } = dice.pick(nonEmpty(stacks), "region", id).settings;
  return { id, kind: "hang", region, at, until, count: dice.int(1, 4, "count", id) };
}

function troubleOf(id: string, { at: storm, length, gap, kinds }: Storm, bare: Bare, dice: Dice): Trouble {
  const kind = dice.pick(nonEmpty(kinds), "kind", id);
  const drawn = storm + Math.floor(length * dice.roll("at", id));
  // Half of them come when there is something to disturb: soon after a point is due.
  const [first] = bare.stacks.flatMap((one) => one.settings.policies);
  const isSoon = first !== undefined && dice.chance(0.5, "soon", id);
  const at = isSoon ? slotsOf(first).next(drawn) + dice.span(SECOND, 2 * HOUR, "soon", id) : drawn;
  const until = at + dice.span(10 * MINUTE, 4 * gap, "until", id);
  const regions = [...new Set(bare.stacks.map(({ settings }) => settings.region))];
  const region = dice.pick(nonEmpty(regions), "region", id);
  const { name: stack, settings } = dice.pick(nonEmpty(bare.stacks), "stack", id);
  const machine = dice.pick(nonEmpty(bare.machines), "machine", id).id;
  const rate = dice.pick([0.1, 0.5, 0.9, 1], "rate", id);
  const nth = dice.pick([0, 0, 1, dice.int(0, 50, "n", id)], "nth", id);
  const calls = dice.int(1, 60, "calls", id);
  const carriedOut = dice.chance(0.5, "carried out", id);
  switch (kind) {
    case "outage":
      // Hours, or weeks that are longer than any retention.
      return {
        id,
        kind,
        region,
        at,
        until: dice.chance(0.4, "weeks", id) ? at + dice.int(8, 20, "weeks", id) * gap : until,
      };
    case "partition":
      return { id, kind, stack, region, at, until };
    case "failed-pages":
      return { id, kind, stack, region, at, until, rate };
    case "throttle":
    case "breaks":
    case "doubles":
      return { id, kind, region, at, until, rate };
    case "lag":
      return { id, kind, region, at, until, ms: dice.int(1, LAG_MAX - 2 * MINUTE, "ms", id) };
    case "slow":
      return { id, kind, region, at, until: Math.min(until, at + DAY), factor: dice.int(2, 6, "factor", id) };
    case "hang":
      return { id, kind, region, at, until, count: 1 };
    case "events":
      return {
        id,
        kind,
        region,
        at,
        until,
        rate,
        how: dice.pick(["lost", "doubled", "late", "reordered"] as const, "how", id),
      };
    case "no-ticks":
      return { id, kind, stack, at, until };
    case "kill":
    case "stop":
      return { id, kind, stack, at, calls, carriedOut };
    case "lost-answer":
      return { id, kind, stack, at, calls: dice.int(1, 24, "calls", id) };
    case "overlap":
      return { id, kind, stack, at, runs: dice.int(2, 4, "runs", id) };
    case "clock":
      return { id, kind, stack, at, until, by: dice.int(-2 * MINUTE, 2 * MINUTE, "by", id) };
    case "crowd":
      return { id, kind, region, at, until, copies: dice.int(10, 20, "copies", id) };
    case "quota":
      return { id, kind, region, at, until };
    case "fills":
      return { id, kind, region, at, until: at + dice.int(12, 30, "fills", id) * Math.max(gap, DAY) };
    case "delete":
    case "share":
    case "foreign":
      return { id, kind, region, nth, at };
    case "hand-copy":
      return { id, kind, region, nth, at, tags: isHomeOnly(region, bare) && dice.chance(0.5, "tags", id) };
    case "keep-forever":
    case "lock":
    case "image":
      return { id, kind, region, nth, at, until: at + dice.int(1, 8, "held", id) * gap };
    case "untag":
    case "retag":
      return { id, kind, region, nth, at, until, key: dice.pick(nonEmpty(TELLING), "key", id) };
    case "unselect":
      return { id, kind, machine, at, until };
    case "updating":
      return { id, kind, machine, at, until: Math.min(until, at + 2 * DAY), seen: dice.chance(0.5, "seen", id) };
    case "lower": {
      const approvedAfter = dice.int(2 * HOUR, 30 * HOUR, "approved", id);
      const { name } = dice.pick(nonEmpty(settings.policies), "policy", id);
      const approved = dice.chance(0.5, "approved", id) ? { approvedAfter } : {};
      return { id, kind, at, until: at + dice.int(2, 8, "low", id) * gap, policy: name, ...approved };
    }
    case "override":
      return {
        id,
        kind,
        machine,
        at,
        until: at + dice.int(3, 20, "override", id) * gap,
        ...overrideOf(machine, bare, dice, id),
      };
    case "attach":
    case "detach":
      return { id, kind, machine, at };
    case "theirs":
      return { id, kind, volume: machine, maker: "script", fails: false, at, until };
    case "ask":
      return { id, kind, stack, at };
    case "no-policy":
      return { id, kind, stack, at, until, policy: dice.pick(nonEmpty(settings.policies), "policy", id).name };
  }
}

const GOOD_DAYS = ["1", "2", "5", "14", "40"] as const;
const BAD_DAYS = ["0", "-3", "7d", "2.5", "seven", "", "1e3", "1; rm -rf /"] as const;

/** Tags that say how long and where, rightly or not. */
function overrideOf(machine: string, { machines, stacks }: Bare, dice: Dice, id: string): { tags: Tags; bad: boolean } {
  const home = machines.find((one) => one.id === machine)?.region;
  const copies = stacks.flatMap(({ settings }) =>
    settings.role === "primary" && settings.region === home ? settings.policies.flatMap(({ copy }) => copy) : [],
  );
  const region = dice.pick(nonEmpty(copies), "copied to", id).region;
  const bad = dice.chance(0.4, "bad", id);
  if (dice.chance(0.6, "days", id))
    return { tags: { Retention: dice.pick(bad ? BAD_DAYS : GOOD_DAYS, "days", id) }, bad };
  const wrong = dice.pick(["mars-north-1", `${region}, mars-north-1`, "$(reboot)", home ?? ""], "wrong", id);
  return { tags: { BackupCrossRegion: bad ? wrong : region }, bad };
}

/** A copy by hand of a copy, with all its tags, is a double of ours; of a source it is nobody's. */
const isHomeOnly = (region: string, { stacks }: Bare): boolean =>
  stacks.every(({ settings }) => settings.region !== region || settings.role === "primary");

function nonEmpty<T>(list: readonly T[]): readonly [T, ...T[]] {
  const [first, ...rest] = list;
  if (first === undefined) throw new Error("nothing to choose from");
  return [first, ...rest];
}
