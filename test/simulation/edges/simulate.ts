import { type EbsEvent, Frame, type Inhabitants } from "../frame.js";
import type { Verdict } from "../promises/verdict.js";
import { Voices } from "../promises/voices.js";
import type { Scenario, StackSpec, Trouble } from "../scenario.js";
import type { Story } from "../story.js";
import type { Cloud } from "../world/cloud.js";
import type { Snap } from "../world/snap.js";
import type { Habits } from "./functions.js";
import { Stack } from "./stack.js";

/** Stacks that run the real functions. */
class Deployed implements Inhabitants {
  readonly #stacks: ReadonlyMap<string, Stack>;
  readonly #voices: Voices;
  readonly #cloud: Cloud;

  constructor(frame: Frame, habits: Habits, wake: () => void) {
    const stacks = new Map<string, Stack>();
    this.#stacks = stacks;
    const { calm, cloud, scenario, verdict } = frame;
    const voices = new Voices(scenario, cloud, calm, verdict);
    this.#voices = voices;
    this.#cloud = cloud;
    const nothing = (): void => undefined;
    const changed = (snap: Snap): void => {
      if (snap.state === "error" && snap.endedAt === frame.engine.now) voices.failed(snap);
    };
    cloud.watchers.push({
      created: nothing,
      copied: nothing,
      doubled: nothing,
      deletes: nothing,
      event: nothing,
      changed,
    });
    const bucketIn = (region: string) => {
      for (const { spec, bucket } of stacks.values()) {
        if (spec.settings.region === region && spec.settings.role === "primary") return bucket;
      }
      throw new Error(`there is no primary in ${region}`);
    };
    for (const spec of scenario.stacks) {
      stacks.set(spec.name, new Stack(spec, { frame, habits, wake, bucketIn, voices }));
    }
  }

  judge(): void {
    this.#voices.judge();
  }

  told({ name }: StackSpec, event: EbsEvent): void {
    this.#stacks.get(name)?.told(event);
  }

  befall(trouble: Trouble, begins: boolean): void {
    for (const stack of this.#stacks.values()) stack.stirred();
    if (trouble.kind === "outage" && begins) {
      for (const stack of this.#stacks.values()) if (stack.spec.settings.region === trouble.region) stack.halt();
    }
    if (!begins && "region" in trouble && (trouble.kind === "outage" || trouble.kind === "partition")) {
      for (const { spec } of this.#stacks.values()) {
        if (trouble.kind === "outage" || trouble.stack === spec.name) this.#voices.wasUnknown(spec, trouble);
      }
    }
    const stack = "stack" in trouble ? this.#stacks.get(trouble.stack) : undefined;
    if (stack === undefined) return;
    if (trouble.kind === "no-policy") {
      stack.lost[begins ? "add" : "delete"](trouble.policy);
      stack.deploy();
    }
    if (!begins) return;
    const { kind } = trouble;
    if (kind === "kill" || kind === "stop")
      stack.fate.doom({ kind, calls: trouble.calls, carriedOut: trouble.carriedOut });
    if (kind === "lost-answer") stack.fate.loseAnswer(trouble.calls);
    if (kind === "overlap" || kind === "ask" || kind === "no-policy") this.#cloud.weather.feel(kind);
    if (kind === "overlap") for (let i = 0; i < trouble.runs; i++) stack.start();
    if (kind === "ask") stack.ask();
  }
}

/** Runs a scenario with the real functions, state machine, lease, claims and ledger; only AWS is a model. */
export async function simulateEdges(
  scenario: Scenario,
  habits: Habits = {},
  tell?: (story: Story) => void,
): Promise<Verdict> {
  const frame = new Frame(scenario, { tells: tell !== undefined });
  let isAwake = false;
  const deployed = new Deployed(frame, habits, () => {
    isAwake = true;
  });
  frame.begin(deployed);
  while (!frame.verdict.isBroken && frame.engine.step(scenario.end)) {
    if (!isAwake) continue;
    isAwake = false;
    // Everybody who was woken comes to their next call before the clock moves: promises are all settled before an immediate.
    await new Promise((resolve) => setImmediate(resolve));
  }
  frame.end(deployed);
  if (frame.story !== undefined) tell?.(frame.story);
  return frame.verdict;
}
