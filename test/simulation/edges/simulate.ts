import type { Role } from "../../../core/model/model.js";
import { type EbsEvent, Frame, type Inhabitants } from "../frame.js";
import type { Verdict } from "../promises/verdict.js";
import { Voices } from "../promises/voices.js";
import type { Scenario, StackSpec, Trouble, TroubleOf } from "../scenario.js";
import type { Story } from "../story.js";
import type { Cloud } from "../world/cloud.js";
import { findsByTick, type Snap } from "../world/snap.js";
import type { Habits } from "./functions.js";
import { approveWaiting } from "./person.js";
import { Stack } from "./stack.js";

/** Stacks that run the real functions. */
class Deployed implements Inhabitants {
  readonly #stacks: ReadonlyMap<string, Stack>;
  readonly #voices: Voices;
  readonly #cloud: Cloud;
  readonly #frame: Frame;
  readonly #wake: () => void;

  constructor(frame: Frame, habits: Habits, wake: () => void) {
    const stacks = new Map<string, Stack>();
    this.#stacks = stacks;
    const { calm, cloud, scenario, watch } = frame;
    const voices = new Voices(scenario, cloud, calm, watch);
    this.#voices = voices;
    this.#cloud = cloud;
    this.#frame = frame;
    this.#wake = wake;
    const nothing = (): void => undefined;
    const changed = (snap: Snap): void => {
      if (snap.state === "error" && snap.endedAt === frame.engine.now) voices.failed(snap);
    };
    cloud.watchers.push({
      created: nothing,
      copied: nothing,
      takenIn: (_, snap) => {
        for (const { spec, callers } of stacks.values()) if (findsByTick(spec, snap)) callers.ticks();
      },
      doubled: nothing,
      deletes: nothing,
      event: nothing,
      changed,
    });
    const bucketIn = (region: string, role: Role) => {
      for (const { spec, bucket } of stacks.values()) {
        if (spec.settings.region === region && spec.settings.role === role) return bucket;
      }
      throw new Error(`there is no ${role} in ${region}`);
    };
    for (const spec of scenario.stacks) {
      stacks.set(spec.name, new Stack(spec, { frame, habits, wake, bucketIn, voices }));
    }
  }

  #lower(slip: TroubleOf<"lower">, begins: boolean): void {
    for (const stack of this.#stacks.values()) {
      stack.config.low[begins ? "add" : "delete"](slip.policy);
      stack.deploy();
    }
    if (!begins || slip.approvedAfter === undefined) return;
    const { engine } = this.#frame;
    engine.at(engine.now + slip.approvedAfter, () => {
      const stacks = [...this.#stacks.values()];
      const desk = { frame: this.#frame, stacks, wake: this.#wake };
      for (const stack of stacks) {
        if (stack.spec.settings.role === "primary") void approveWaiting(stack, slip, desk);
      }
      this.#wake();
    });
  }

  judge(): void {
    this.#voices.judge();
  }

  drop(): void {
    for (const stack of this.#stacks.values()) stack.drop();
  }

  told({ name }: StackSpec, event: EbsEvent): void {
    this.#stacks.get(name)?.callers.told(event);
  }

  madeByOthers(region: string | undefined): void {
    for (const { spec, callers } of this.#stacks.values())
      if (spec.settings.role === "primary" && spec.settings.region === region) callers.ticks();
  }

  befall(trouble: Trouble, begins: boolean): void {
    for (const stack of this.#stacks.values()) stack.callers.stirred();
    if (trouble.kind === "outage" && begins) {
      for (const stack of this.#stacks.values()) if (stack.spec.settings.region === trouble.region) stack.halt();
    }
    if (trouble.kind === "lower") this.#lower(trouble, begins);
    if (trouble.kind === "override" && begins) this.#voices.tagged(trouble);
    if (!begins && "region" in trouble && (trouble.kind === "outage" || trouble.kind === "partition")) {
      for (const { spec } of this.#stacks.values()) {
        if (trouble.kind === "outage" || trouble.stack === spec.name) this.#voices.wasUnknown(spec, trouble);
      }
    }
    const stack = "stack" in trouble ? this.#stacks.get(trouble.stack) : undefined;
    if (stack === undefined) return;
    if (trouble.kind === "no-policy") {
      stack.config.lost[begins ? "add" : "delete"](trouble.policy);
      stack.deploy();
    }
    if (!begins) return;
    const { kind } = trouble;
    if (kind === "kill" || kind === "stop")
      stack.fate.doom({ kind, calls: trouble.calls, carriedOut: trouble.carriedOut });
    if (kind === "lost-answer") stack.fate.loseAnswer(trouble.calls);
    if (kind === "overlap" || kind === "ask" || kind === "no-policy") this.#cloud.weather.feel(kind);
    if (kind === "overlap") for (let i = 0; i < trouble.runs; i++) stack.start();
    if (kind === "ask") stack.callers.ask();
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
  deployed.drop();
  if (frame.story !== undefined) tell?.(frame.story);
  return frame.verdict;
}
