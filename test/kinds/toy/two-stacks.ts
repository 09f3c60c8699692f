import type { Settings } from "../../../core/model/model.js";
import { DR, HOME, NOW, policy } from "../../core/worlds.js";
import { settings as plain } from "../../functions/executors.js";
import { Clock } from "../../functions/fakes.js";
import { KindStack } from "../kind-stack.js";
import { mould } from "./moulds.js";
import { type Luck, Works } from "./works.js";

export const daily = policy({
  ...{ name: "daily", kinds: ["mould"], schedule: "rate(4 days)" },
  ...{ retain: { count: 2 }, copy: [{ region: DR, retain: { count: 2 } }] },
});

export const settingsIn = (region: string): Settings => ({
  ...plain,
  policies: [daily],
  ...(region === HOME ? { role: "primary", region, peers: [DR] } : { role: "dr", region, peers: [HOME] }),
});

/** Two stacks with Toyworks between them, and a clock. */
export function setUp(luck: Luck = {}, ids: readonly string[] = ["toy:m-1"]) {
  const clock = new Clock(NOW);
  const works = new Works(
    ids.map((id) => mould(id)),
    clock.now,
    luck,
  );
  const home: KindStack = new KindStack(settingsIn(HOME), works, clock.now, () => dr);
  const dr: KindStack = new KindStack(settingsIn(DR), works, clock.now, () => home);
  const later = (ms: number): void => {
    clock.time += ms;
  };
  return { clock, works, home, dr, later };
}

export const outcomes = (results: readonly { readonly outcome: string }[]): string[] =>
  results.map(({ outcome }) => outcome);
