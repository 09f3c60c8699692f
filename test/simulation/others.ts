import type { Dice } from "./dice.js";
import { DAY, HOUR, MAKERS, type MachineSpec, type Scenario, type Trouble, type TroubleOf } from "./scenario.js";

/** The policy that takes in what others make, and what its volumes say to be under it. */
export const TAKING = "any";

interface Span {
  readonly start: number;
  readonly end: number;
}

/** In each home region a volume that somebody makes snapshots of; some are deleted one day. */
export function volumesOfOthers(homes: readonly string[], { start, end }: Span, dice: Dice): MachineSpec[] {
  return homes.map((region, i) => {
    const isMortal = dice.chance(0.3, "others' volume dies", region);
    const dies = start + Math.floor((0.3 + dice.roll("others' volume's end", region) / 2) * (end - start));
    const id = `vol-${(0xa0 + i).toString(16)}`;
    return { id, kind: "volume", region, policy: TAKING, volumes: 1, born: start, ...(isMortal && { dies }) };
  });
}

/**
 * What others make of those volumes: by a schedule of their own, mostly one maker for each, and now and then what fails or what
 * somebody else makes. Beside it people take the volume out of its policy, tag it, or lose that policy, while the first storm rages.
 */
export function snapshotsOfOthers(scenario: Scenario, volumes: readonly MachineSpec[], dice: Dice): Trouble[] {
  return volumes.flatMap((volume) => [...scheduled(scenario, volume, dice), ...meddled(scenario, volume, dice)]);
}

function scheduled({ start, end }: Scenario, { id: volume }: MachineSpec, dice: Dice): TroubleOf<"theirs">[] {
  const isShort = end - start < 30 * DAY;
  const gap = isShort ? dice.pick([8 * HOUR, 12 * HOUR], "others", volume) : dice.int(2, 5, "others", volume) * DAY;
  const usual = dice.pick(["script", "dlm", "aws-backup"] as const, "maker", volume);
  const count = Math.floor((end - start) / gap);
  return Array.from({ length: count }, (_, i) => {
    const id = `${volume} ${i}`;
    const at = start + i * gap + dice.int(0, gap / 2, "others at", id);
    const maker = dice.chance(0.2, "other maker", id) ? dice.pick(MAKERS, "other maker's", id) : usual;
    const fails = dice.chance(0.15, "others fail", id);
    return { id, kind: "theirs", volume, maker, fails, at, until: at + dice.int(3, 12, "others keep", id) * gap };
  });
}

function meddled({ stacks, troubles }: Scenario, { id: machine, region }: MachineSpec, dice: Dice): Trouble[] {
  const at = troubles[0]?.at;
  const stack = stacks.find(({ settings }) => settings.role === "primary" && settings.region === region)?.name;
  if (at === undefined || stack === undefined) return [];
  const until = at + dice.int(2, 30, "meddled", machine) * HOUR;
  const deeds: readonly Trouble[] = [
    { id: `${machine} unselected`, kind: "unselect", machine, at, until },
    { id: `${machine} tagged`, kind: "override", machine, tags: { Retention: "2" }, bad: false, at, until },
    { id: `${machine} lost`, kind: "no-policy", stack, policy: TAKING, at, until },
  ];
  return deeds.filter(({ id }) => dice.chance(0.4, id));
}
