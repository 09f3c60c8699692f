import { DAY, HOUR, hearsLater, MINUTE, TICK_MS } from "../scenario.js";
import { slotsOf } from "../schedules.js";
import type { Cloud } from "../world/cloud.js";
import type { Controller } from "./controller.js";

/** While anything is in flight a tick looks so often; the deployed one does each minute, which finds nothing more. */
const BUSY_MS = 2 * HOUR;
/** At rest the deployed tick looks each quarter of an hour; where nothing was wrong lately, that finds nothing. */
const IDLE_MS = { stirred: 4 * HOUR, calm: 3 * DAY };
/** What comes within it is one look. */
const TOGETHER_MS = 20 * MINUTE;

/** When a stack looks: at each slot, when told by an event, and by the tick. */
export class Loop {
  readonly #controller: Controller;
  readonly #cloud: Cloud;
  readonly #ticks: boolean;
  #wake = Number.POSITIVE_INFINITY;

  constructor(controller: Controller, cloud: Cloud, ticks = true) {
    this.#ticks = ticks;
    this.#controller = controller;
    this.#cloud = cloud;
    const { engine } = cloud;
    if (controller.spec.settings.role === "primary") {
      for (const { schedule, ...policy } of controller.spec.settings.policies)
        if (schedule !== undefined) this.#schedule(slotsOf({ ...policy, schedule }).next);
    }
    this.#wakeAt(engine.now);
  }

  #schedule(next: (after: number) => number): void {
    const { engine, weather } = this.#cloud;
    engine.at(next(engine.now), () => {
      if (!weather.isTickless(this.#controller.spec.name)) this.look();
      this.#schedule(next);
    });
  }

  /** An event arrived. */
  told(): void {
    this.#wakeAt(this.#cloud.engine.now + TOGETHER_MS + hearsLater(this.#controller.spec));
  }

  /** Something began to be wrong, or ended: the tick, which is left out in a calm, comes again. */
  stirred(): void {
    if (this.#ticks) this.#wakeAt(this.#cloud.engine.now + IDLE_MS.stirred);
  }

  /** There is something that only a tick finds: the deployed one comes this often. */
  ticks(): void {
    if (this.#ticks) this.#wakeAt(this.#cloud.engine.now + TICK_MS);
  }

  #wakeAt(at: number): void {
    if (at >= this.#wake) return;
    this.#wake = at;
    this.#cloud.engine.at(at, () => {
      if (this.#wake === at) this.#tick();
    });
  }

  #tick(): void {
    const { engine, weather } = this.#cloud;
    this.#wake = Number.POSITIVE_INFINITY;
    if (weather.isTickless(this.#controller.spec.name)) this.#wakeAt(engine.now + HOUR);
    else this.look();
  }

  /** Several look at the same time, and then all of them act. */
  overlap(runs: number): void {
    const decided = Array.from({ length: runs }, () => this.#controller.decide());
    for (const one of decided) if (one !== undefined) this.#controller.carryOut(one);
    this.told();
  }

  look(): void {
    const inFlight = this.#controller.look();
    // A region that is out has no tick; the first one after it is back looks.
    const { engine, weather } = this.#cloud;
    const idle = weather.isStirred(engine.now) ? IDLE_MS.stirred : IDLE_MS.calm;
    const pause = inFlight === undefined ? HOUR : inFlight > 0 ? BUSY_MS : idle;
    if (this.#ticks) this.#wakeAt(engine.now + pause);
  }
}
