import { Dice } from "../dice.js";
import { Engine } from "../engine.js";
import { Calm } from "../promises/calm.js";
import { HealthJudge } from "../promises/health.js";
import type { Verdict } from "../promises/verdict.js";
import { Watch } from "../promises/watch.js";
import { DAY, HOUR, MINUTE, type Scenario, SECOND, type Trouble } from "../scenario.js";
import { Story } from "../story.js";
import { Cloud, type Watcher } from "../world/cloud.js";
import { People } from "../world/deeds.js";
import { Weather } from "../world/weather.js";
import { Controller, type Minds, RIGHT_MIND } from "./controller.js";
import { Listing } from "./listing.js";
import { Loop } from "./loop.js";

interface Stack {
  readonly controller: Controller;
  readonly loop: Loop;
}

/** Runs a scenario with the planner: what is decided is carried out at once, and nothing of the functions is in it. */
export function simulatePlanner(scenario: Scenario, mind: Minds = RIGHT_MIND, tell?: (story: Story) => void): Verdict {
  const engine = new Engine(scenario.start);
  const dice = new Dice(scenario.seed);
  const cloud = new Cloud({ engine, dice, weather: new Weather(dice) });
  const watch = new Watch(scenario, cloud);
  const people = new People(cloud, watch);
  const listings = new Map<string, Listing>();
  const listingOf = (region: string): Listing => {
    const listing = listings.get(region) ?? new Listing(region, scenario.stacks[0]?.settings.deployment ?? "");
    listings.set(region, listing);
    return listing;
  };
  const stacks = new Map<string, Stack>();
  const story = tell && new Story(engine);
  cloud.watchers.push(...(story ? [story] : []), watch, listen(cloud, stacks, listingOf));
  for (const machine of scenario.machines) {
    engine.at(machine.born, () => cloud.machines.launch(machine, engine.now));
    if (machine.dies !== undefined) engine.at(machine.dies, () => cloud.machines.terminate(machine.id, engine.now));
  }
  for (const spec of scenario.stacks) {
    const controller = new Controller(spec, { cloud, verdict: watch.verdict, listings: listingOf, mind });
    stacks.set(spec.name, { controller, loop: new Loop(controller, cloud) });
  }
  for (const trouble of scenario.troubles) befall(trouble, cloud, people, stacks, watch.verdict, story);
  const judge = new HealthJudge(scenario, cloud, watch, new Calm(scenario));
  const each = (pause: number, look: () => void): void =>
    engine.at(engine.now + pause, () => {
      look();
      each(pause, look);
    });
  each(DAY, () => judge.judgeRpo());
  each(7 * DAY, () => judge.judgeLeaks());
  while (!watch.verdict.isBroken && engine.step(scenario.end));
  if (!watch.verdict.isBroken) judge.judgeRpo();
  if (!watch.verdict.isBroken) judge.judgeLeaks();
  if (story !== undefined) tell?.(story);
  return watch.verdict;
}

function befall(
  trouble: Trouble,
  cloud: Cloud,
  people: People,
  stacks: ReadonlyMap<string, Stack>,
  verdict: Verdict,
  story: Story | undefined,
): void {
  const { engine, weather } = cloud;
  const stack = "stack" in trouble ? stacks.get(trouble.stack) : undefined;
  engine.at(trouble.at, () => {
    verdict.troubles.set(trouble.kind, (verdict.troubles.get(trouble.kind) ?? 0) + 1);
    story?.trouble(trouble, false);
    weather.begin(trouble);
    people.begin(trouble);
    if (stack !== undefined) upset(trouble, stack, cloud);
  });
  if (!("until" in trouble)) return;
  engine.at(trouble.until, () => {
    story?.trouble(trouble, true);
    weather.end(trouble);
    people.end(trouble);
    if (trouble.kind === "no-policy") stack?.controller.lost.delete(trouble.policy);
  });
}

function upset(trouble: Trouble, { controller, loop }: Stack, cloud: Cloud): void {
  if (trouble.kind === "kill" || trouble.kind === "stop") controller.patience = trouble.calls % 4;
  if (trouble.kind === "overlap") for (let i = 0; i < trouble.runs; i++) loop.look();
  if (trouble.kind === "no-policy") controller.lost.add(trouble.policy);
  if (trouble.kind === "ask") {
    controller.requests.push({ at: cloud.engine.now });
    loop.told();
  }
}

/** Listings learn of every change; events reach the stacks of the region and of its peers, as the weather has it. */
function listen(cloud: Cloud, stacks: ReadonlyMap<string, Stack>, listingOf: (region: string) => Listing): Watcher {
  const { dice, engine, weather } = cloud;
  const deliver = (region: string, delay: number): void =>
    engine.at(engine.now + delay, () => {
      for (const { controller, loop } of stacks.values()) {
        const { settings } = controller.spec;
        if ((settings.region === region || settings.peers.includes(region)) && !weather.isOut(settings.region))
          loop.told();
      }
    });
  return {
    created: () => undefined,
    copied: () => undefined,
    deletes: () => undefined,
    changed: (snap) => listingOf(snap.region).changed(snap),
    event: (region, event, snap) => {
      if (event === "shareSnapshot") return;
      const how = weather.event(region, `${event} ${snap.key}`);
      const soon = dice.span(SECOND, MINUTE, "event", snap.key);
      if (how === "doubled") deliver(region, soon * 3);
      if (how !== "lost") deliver(region, how === "late" ? dice.span(10 * MINUTE, 8 * HOUR, "late", snap.key) : soon);
    },
  };
}
