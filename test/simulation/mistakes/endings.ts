import type { Announced, Inventory } from "../../../core/model/model.js";
import type { Minds } from "../planner/minds.js";
import { copiesAsIf, isDelete, listed } from "./lenses.js";
import type { Mistake } from "./planner.js";

type Told = (world: Inventory) => readonly Announced[];

const remembering = (world: Inventory, told: Told): Inventory => ({
  ...world,
  memory: { ...world.memory, announced: told(world) },
});

const nothing: Told = () => [];

/** Of all that has points, people have known for ever that it is no more. */
const everything: Told = (world) =>
  listed(world).map(({ region, policy, resource }) => ({ region, policy, resource, since: 0 }));

const withMemory = (told: Told) => (): Minds => ({ see: (worlds) => worlds.map((world) => remembering(world, told)) });

/** A source waits for its copy, also where that has come to its end. */
const waitsForEver = (): Minds => ({
  decide: (worlds, plan) => {
    const copied = new Set(
      worlds.flatMap((world) =>
        listed(world).flatMap(({ home, region, policy, resource }) =>
          home === region ? [] : [`${home} ${policy} ${resource}`],
        ),
      ),
    );
    return plan(worlds).filter(
      (action) =>
        !isDelete(action) ||
        copied.has(`${action.region} ${action.policy} ${action.resource}`) ||
        worlds.every(({ home }) => home !== action.region),
    );
  },
});

/** About the end of what is no more. */
export const ENDING_MISTAKES: readonly Mistake[] = [
  {
    name: "the last point of what is no more goes, and nobody was told",
    breaks: /^1 newest/,
    seed: 6,
    mind: withMemory(everything),
  },
  {
    name: "the last point of what is no more stays for ever",
    breaks: /^1 leak/,
    seed: 6,
    mind: withMemory(nothing),
  },
  {
    name: "what came to its end in DR is copied anew, because home still has it",
    breaks: /^2 copied anew/,
    seed: 6,
    mind: copiesAsIf((worlds) => worlds.map((world) => remembering(world, nothing))),
  },
  {
    name: "home waits for copies of what has come to its end in DR",
    breaks: /^1 leak/,
    seed: 6,
    mind: waitsForEver,
  },
];
