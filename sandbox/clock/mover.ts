import { setTimeout as pause } from "node:timers/promises";
import type { Firing } from "../scheduler/plane.js";
import type { Clock } from "./clock.js";
import { BadMove, iso, targetOf } from "./move.js";

/** What a move sets in motion. */
export interface Moved {
  /** Tells the emulator how far its clock is ahead, in milliseconds. */
  tellEmulator(offset: number): Promise<void>;
  /** How many functions are running. */
  invocations(): Promise<number>;
  /** Ends what became due in the background. */
  settle(): void;
  nextDue(): number | undefined;
  countUntil(time: number, most: number): number;
  fireDue(): Promise<readonly Firing[]>;
}

/** As the admin API tells it. */
export interface ClockState {
  /** The sandbox's time, ISO 8601. */
  readonly now: string;
  /** How far it is ahead of the machine's, in milliseconds. */
  readonly offsetMs: number;
}

export interface MoveResult extends ClockState {
  /** ARNs of the schedules that fired, and the times they were due, in order. */
  readonly fired: readonly { readonly schedule: string; readonly at: string }[];
}

/** Each firing may run a process for a while. */
const MOST_REPLAYED = 10_000;
const MOST_INVOCATIONS = 8;
const PAUSE_MS = 20;

/** Moves the clock, one move after the other. */
export class Mover {
  readonly #clock: Clock;
  readonly #moved: Moved;
  #last: Promise<unknown> = Promise.resolve();
  #closed = false;

  constructor(clock: Clock, moved: Moved) {
    this.#clock = clock;
    this.#moved = moved;
  }

  state(): ClockState {
    return { now: iso(this.#clock.now()), offsetMs: this.#clock.offset };
  }

  /**
   * Jumps to a time (move.ts), where each schedule that came due fires once, for the latest of its times. With `replay` the
   * clock stops at each of these times in turn; it goes on when the targets have taken it and few functions are running.
   * Throws BadMove, and moves nothing, for a time that it cannot go to.
   */
  move(text: string, replay: boolean): Promise<MoveResult> {
    const moving = this.#last.then(() => this.#move(targetOf(text, this.#clock.now()), replay));
    this.#last = moving.catch(() => undefined);
    return moving;
  }

  /** The machine's time again; for a sandbox that has forgotten everything. */
  async reset(): Promise<void> {
    await this.#moved.tellEmulator(0);
    this.#clock.set(0);
  }

  /** A replay ends early. */
  close(): void {
    this.#closed = true;
  }

  async #move(target: number, replay: boolean): Promise<MoveResult> {
    const fired: Firing[] = [];
    if (replay) {
      if (this.#moved.countUntil(target, MOST_REPLAYED + 1) > MOST_REPLAYED)
        throw new BadMove(
          `${iso(target)}: until then schedules come due more than ${MOST_REPLAYED} times; replay less at once`,
        );
      for (let due = this.#moved.nextDue(); due !== undefined && due <= target; due = this.#moved.nextDue()) {
        fired.push(...(await this.#jump(due)));
        while ((await this.#moved.invocations()) > MOST_INVOCATIONS && !this.#closed) await pause(PAUSE_MS);
        if (this.#closed) throw new Error("the sandbox ends");
      }
    }
    fired.push(...(await this.#jump(target)));
    return { ...this.state(), fired: fired.map(({ schedule, at }) => ({ schedule, at: iso(at) })) };
  }

  /** The emulator first: what fires finds its time moved. */
  async #jump(time: number): Promise<readonly Firing[]> {
    const offset = Math.max(this.#clock.offset, time - Date.now());
    await this.#moved.tellEmulator(offset);
    this.#clock.set(offset);
    this.#moved.settle();
    return this.#moved.fireDue();
  }
}
