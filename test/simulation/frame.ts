import { Dice } from "./dice.js";
import { Engine } from "./engine.js";
import { worldOf } from "./kinds/table.js";
import { Calm } from "./promises/calm.js";
import { HealthJudge } from "./promises/health.js";
import { TakenInJudge } from "./promises/taken-in.js";
import type { Verdict } from "./promises/verdict.js";
import { Watch } from "./promises/watch.js";
import { DAY, HOUR, MINUTE, type Scenario, SECOND, type StackSpec, type Trouble } from "./scenario.js";
import { Story } from "./story.js";
import type { Watcher } from "./world/calls.js";
import { Cloud } from "./world/cloud.js";
import { People } from "./world/deeds.js";
import { Weather } from "./world/weather.js";

/** What runs in the world: the stacks, as deep as they are simulated. */
export interface Inhabitants {
  /** A trouble begins or is over. */
  befall(trouble: Trouble, begins: boolean): void;
  /** Others began a snapshot of a volume in a region, of which nothing tells. */
  madeByOthers(region: string | undefined): void;
  /** EBS tells a stack of something that ended; `id` names the event, which may come twice. */
  told(stack: StackSpec, event: EbsEvent): void;
  /** Once in a while: whether they have told what they must. */
  judge(): void;
}

export interface EbsEvent {
  readonly id: string;
  readonly region: string;
  readonly event: Parameters<Watcher["event"]>[1];
  readonly result: "succeeded" | "failed";
}

/** The regions that a stack of a region looks at. */
const regionsWith = ({ stacks }: Scenario, region: string): string[] =>
  stacks.flatMap(({ settings }) => (settings.region === region ? settings.peers : []));

/** The world of a scenario without its stacks: AWS, people, troubles, and those who watch that promises are kept. */
export class Frame {
  readonly scenario: Scenario;
  readonly engine: Engine;
  readonly dice: Dice;
  readonly cloud: Cloud;
  readonly watch: Watch;
  readonly story: Story | undefined;
  readonly calm: Calm;
  readonly #people: People;
  readonly #judge: HealthJudge;

  constructor(scenario: Scenario, { tells = false }: { readonly tells?: boolean } = {}) {
    this.scenario = scenario;
    this.engine = new Engine(scenario.start);
    this.dice = new Dice(scenario.seed);
    const { dice, engine } = this;
    this.cloud = new Cloud({ engine, dice, weather: new Weather(dice), kind: worldOf(scenario.kind) });
    this.watch = new Watch(scenario, this.cloud);
    this.watch.verdict.felt = this.cloud.weather.felt;
    this.story = tells ? new Story(engine) : undefined;
    this.#people = new People(this.cloud, this.watch);
    this.calm = new Calm(scenario, this.cloud.kind.pace);
    this.watch.approvals.isCalm = (from, region) =>
      this.calm.was(from, engine.now, region, ...regionsWith(scenario, region));
    this.#judge = new HealthJudge(scenario, this.cloud, this.watch, this.calm);
    this.cloud.watchers.push(...(this.story ? [this.story] : []), this.watch);
  }

  get verdict(): Verdict {
    return this.watch.verdict;
  }

  /** Everything that will happen by itself. */
  begin(inhabitants: Inhabitants): void {
    const { cloud, engine, scenario } = this;
    cloud.watchers.push({
      created: () => undefined,
      copied: () => undefined,
      takenIn: () => undefined,
      doubled: () => undefined,
      deletes: () => undefined,
      changed: () => undefined,
      event: (region, event, snap) => {
        const result = snap.state === "error" ? "failed" : "succeeded";
        this.#spread({ id: `${event} ${snap.key}`, region, event, result }, inhabitants);
      },
    });
    for (const machine of scenario.machines) {
      engine.at(machine.born, () => cloud.machines.launch(machine, engine.now));
      if (machine.dies !== undefined) engine.at(machine.dies, () => cloud.machines.terminate(machine.id, engine.now));
    }
    for (const trouble of scenario.troubles) this.#befall(trouble, inhabitants);
    const taking = new TakenInJudge(scenario, cloud, this.watch, this.calm);
    this.#each(DAY, () => {
      this.#judge.judgeRpo();
      this.#judge.judgeCopies();
      this.#judge.judgeLocks();
      taking.judge();
      inhabitants.judge();
    });
    this.#each(7 * DAY, () => {
      this.#judge.judgeLeaks();
      this.#judge.judgeTold();
    });
  }

  /** What must be so at the end. */
  end(inhabitants: Inhabitants): void {
    if (!this.verdict.isBroken) this.#judge.judgeRpo();
    if (!this.verdict.isBroken) this.#judge.judgeCopies();
    if (!this.verdict.isBroken) this.#judge.judgeLeaks();
    if (!this.verdict.isBroken) this.#judge.judgeTold();
    if (!this.verdict.isBroken) inhabitants.judge();
  }

  #each(pause: number, look: () => void): void {
    this.engine.at(this.engine.now + pause, () => {
      look();
      this.#each(pause, look);
    });
  }

  #befall(trouble: Trouble, inhabitants: Inhabitants): void {
    const { engine, verdict } = this;
    engine.at(trouble.at, () => {
      verdict.troubles.set(trouble.kind, (verdict.troubles.get(trouble.kind) ?? 0) + 1);
      this.story?.trouble(trouble, false);
      this.#people.begin(trouble);
      // What others do by their schedules stirs nothing up, but the next tick finds it.
      if (trouble.kind === "theirs") {
        inhabitants.madeByOthers(this.cloud.machines.get(trouble.volume)?.spec.region);
        return;
      }
      this.cloud.weather.begin(trouble, engine.now);
      if (trouble.kind === "lower") {
        this.watch.rules.lower(trouble.policy, true, engine.now);
        this.cloud.weather.feel("lower");
      }
      inhabitants.befall(trouble, true);
    });
    if (!("until" in trouble)) return;
    engine.at(trouble.until, () => {
      this.story?.trouble(trouble, true);
      this.#people.end(trouble);
      if (trouble.kind === "theirs") return;
      this.cloud.weather.end(trouble, engine.now);
      if (trouble.kind === "lower") this.watch.rules.lower(trouble.policy, false, engine.now);
      inhabitants.befall(trouble, false);
    });
  }

  /** Events reach the stacks of the region and of its peers, as the weather has it. */
  #spread(event: EbsEvent, inhabitants: Inhabitants): void {
    const { dice, engine } = this;
    const how = this.cloud.weather.event(event.region, event.id);
    const soon = dice.span(SECOND, MINUTE, "event", event.id);
    const deliver = (delay: number): void =>
      engine.at(engine.now + delay, () => {
        for (const stack of this.scenario.stacks) {
          const { region, peers } = stack.settings;
          const concerns = region === event.region || peers.includes(event.region);
          if (concerns && !this.cloud.weather.isOut(region)) inhabitants.told(stack, event);
        }
      });
    if (how === "doubled") deliver(soon * 3);
    if (how === "late") deliver(dice.span(10 * MINUTE, 8 * HOUR, "late", event.id));
    else if (how === "reordered") deliver(dice.int(SECOND, 10 * MINUTE, "reordered", event.id));
    else if (how !== "lost") deliver(soon);
  }
}
