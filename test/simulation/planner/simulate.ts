import { type EbsEvent, Frame, type Inhabitants } from "../frame.js";
import { SpeechJudge } from "../promises/speech.js";
import type { Verdict } from "../promises/verdict.js";
import type { Scenario, StackSpec, Trouble, TroubleOf } from "../scenario.js";
import type { Story } from "../story.js";
import { findsByTick } from "../world/snap.js";
import { Controller } from "./controller.js";
import { Listing } from "./listing.js";
import { Loop } from "./loop.js";
import type { Minds } from "./minds.js";

interface Stack {
  readonly controller: Controller;
  readonly loop: Loop;
}

/** Stacks that decide with the real planner and act at once. */
class Planners implements Inhabitants {
  readonly #frame: Frame;
  readonly #stacks = new Map<string, Stack>();

  constructor(frame: Frame, mind: Minds) {
    this.#frame = frame;
    const { cloud, scenario, verdict } = frame;
    const listings = new Map<string, Listing>();
    const listingOf = (region: string): Listing => {
      const listing =
        listings.get(region) ??
        new Listing(cloud.kind, { region, deployment: scenario.stacks[0]?.settings.deployment ?? "" }, mind.read);
      listings.set(region, listing);
      return listing;
    };
    const nothing = (): void => undefined;
    cloud.watchers.push({
      created: nothing,
      copied: nothing,
      takenIn: (_, snap) => {
        for (const { controller, loop } of this.#stacks.values()) if (findsByTick(controller.spec, snap)) loop.ticks();
      },
      doubled: nothing,
      deletes: nothing,
      event: nothing,
      changed: (snap) => listingOf(snap.region).changed(snap),
    });
    const speech = new SpeechJudge(cloud, frame.watch);
    const says = speech.says.bind(speech);
    for (const spec of scenario.stacks) {
      const tell = frame.watch.told.bind(frame.watch);
      const controller = new Controller(spec, { cloud, verdict, tell, says, listings: listingOf, mind });
      this.#stacks.set(spec.name, { controller, loop: new Loop(controller, cloud, mind.ticks) });
    }
  }

  #lower({ policy, approvedAfter, until }: TroubleOf<"lower">, begins: boolean): void {
    const { engine, cloud, watch } = this.#frame;
    for (const { controller, loop } of this.#stacks.values()) {
      controller.config.low[begins ? "add" : "delete"](policy);
      loop.told();
    }
    if (!begins || approvedAfter === undefined) return;
    engine.at(engine.now + approvedAfter, () => {
      for (const { controller, loop } of this.#stacks.values()) {
        if (cloud.weather.isOut(controller.spec.settings.region)) continue;
        for (const approval of controller.approve()) watch.approved(approval, { policy, until });
        loop.told();
      }
    });
  }

  told({ name }: StackSpec, { event }: EbsEvent): void {
    if (event !== "shareSnapshot") this.#stacks.get(name)?.loop.told();
  }

  judge(): void {}

  madeByOthers(region: string | undefined): void {
    for (const { controller, loop } of this.#stacks.values()) {
      const { settings } = controller.spec;
      if (settings.role === "primary" && settings.region === region) loop.ticks();
    }
  }

  befall(trouble: Trouble, begins: boolean): void {
    for (const { loop } of this.#stacks.values()) loop.stirred();
    if (trouble.kind === "lower") this.#lower(trouble, begins);
    const stack = "stack" in trouble ? this.#stacks.get(trouble.stack) : undefined;
    if (stack === undefined) return;
    const { controller, loop } = stack;
    if (trouble.kind === "no-policy") controller.config.lost[begins ? "add" : "delete"](trouble.policy);
    if (!begins) return;
    const { weather } = this.#frame.cloud;
    if (trouble.kind === "overlap" || trouble.kind === "ask" || trouble.kind === "no-policy")
      weather.feel(trouble.kind);
    if (trouble.kind === "kill" || trouble.kind === "stop") controller.kill(trouble.calls % 4);
    if (trouble.kind === "overlap") loop.overlap(trouble.runs);
    if (trouble.kind === "ask") {
      controller.requests.push({ at: this.#frame.engine.now });
      loop.told();
    }
  }
}

/** Runs a scenario with the planner: what is decided is carried out at once, and nothing of the functions is in it. */
export function simulatePlanner(scenario: Scenario, mind: Minds = {}, tell?: (story: Story) => void): Verdict {
  const frame = new Frame(scenario, { tells: tell !== undefined });
  const planners = new Planners(frame, mind);
  frame.begin(planners);
  while (!frame.verdict.isBroken && frame.engine.step(scenario.end));
  frame.end(planners);
  if (frame.story !== undefined) tell?.(frame.story);
  return frame.verdict;
}
