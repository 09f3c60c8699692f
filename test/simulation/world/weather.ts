import type { Dice } from "../dice.js";
import { HOUR, type Trouble, type TroubleKind, type TroubleOf } from "../scenario.js";

const STIRRED_MS = 12 * HOUR;

/** The troubles of the moment. Whoever makes the world asks what they do to it. */
export class Weather {
  readonly #active = new Map<TroubleKind, Set<Trouble>>();
  readonly #dice: Dice;
  /** How many more each trouble lets hang. */
  readonly #toHang = new Map<string, number>();
  /** How often each kind of trouble was felt by anybody. */
  readonly felt = new Map<string, number>();
  #stirredAt = Number.NEGATIVE_INFINITY;

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  begin(trouble: Trouble, now: number): void {
    this.#stirredAt = now;
    const set = this.#active.get(trouble.kind) ?? new Set<Trouble>();
    this.#active.set(trouble.kind, set);
    set.add(trouble);
  }

  end(trouble: Trouble, now: number): void {
    this.#stirredAt = now;
    this.#active.get(trouble.kind)?.delete(trouble);
  }

  *of<K extends TroubleKind>(kind: K): Generator<TroubleOf<K>> {
    for (const trouble of this.#active.get(kind) ?? []) {
      if (isOf(trouble, kind)) yield trouble;
    }
  }

  /** Whether something began to be wrong, or ended, a short time ago: then there is more to find for whoever looks. */
  isStirred(now: number): boolean {
    return now - this.#stirredAt < STIRRED_MS;
  }

  feel(kind: TroubleKind | "approve" | "take in" | `events ${TroubleOf<"events">["how"]}`): true {
    this.felt.set(kind, (this.felt.get(kind) ?? 0) + 1);
    return true;
  }

  isOut(region: string): boolean {
    for (const one of this.of("outage")) if (one.region === region) return this.feel("outage");
    return false;
  }

  /** Whether a stack can reach a region at all. */
  reaches(stack: string, region: string): boolean {
    if (this.isOut(region)) return false;
    for (const one of this.of("partition"))
      if (one.stack === stack && one.region === region) return !this.feel("partition");
    return true;
  }

  failsPage(stack: string, region: string, page: string): boolean {
    for (const one of this.of("failed-pages"))
      if (one.stack === stack && one.region === region && this.#strikes(one, page)) return true;
    return false;
  }

  throttles(region: string, call: string): boolean {
    for (const one of this.of("throttle")) if (one.region === region && this.#strikes(one, call)) return true;
    return false;
  }

  breaks(region: string, snapshot: string): boolean {
    for (const one of this.of("breaks")) if (one.region === region && this.#strikes(one, snapshot)) return true;
    return false;
  }

  doubles(region: string, call: string): boolean {
    for (const one of this.of("doubles")) if (one.region === region && this.#strikes(one, call)) return true;
    return false;
  }

  /** What becomes of an event. */
  event(region: string, event: string): "sent" | TroubleOf<"events">["how"] {
    for (const one of this.of("events")) {
      if (one.region !== region || !this.#strikes(one, event)) continue;
      this.feel(`events ${one.how}`);
      return one.how;
    }
    return "sent";
  }

  /** How long what is new in a region is not seen, and what is gone still is. */
  lagMs(region: string, what: string): number {
    let longest = 0;
    for (const one of this.of("lag")) {
      if (one.region === region) longest = Math.max(longest, Math.floor(one.ms * this.#dice.roll(one.id, what)));
    }
    if (longest > 0) this.feel("lag");
    return longest;
  }

  slowness(region: string): number {
    let factor = 1;
    for (const one of this.of("slow"))
      if (one.region === region && this.feel("slow")) factor = Math.max(factor, one.factor);
    return factor;
  }

  /** Whether EBS never gets done with a snapshot that begins now. */
  hangs(region: string): boolean {
    for (const { id, count, region: where } of this.of("hang")) {
      const left = this.#toHang.get(id) ?? count;
      if (where !== region || left === 0) continue;
      this.#toHang.set(id, left - 1);
      return this.feel("hang");
    }
    return false;
  }

  /** Copies in progress that are nobody's of ours. */
  crowd(region: string): number {
    let copies = 0;
    for (const one of this.of("crowd")) if (one.region === region && this.feel("crowd")) copies += one.copies;
    return copies;
  }

  atQuota(region: string): boolean {
    for (const one of this.of("quota")) if (one.region === region) return this.feel("quota");
    return false;
  }

  /** Up to which share others have filled what the account may have. */
  filled(region: string, now: number): number {
    let most = 0;
    for (const { region: where, at, until } of this.of("fills"))
      if (where === region && this.feel("fills")) most = Math.max(most, (now - at) / (0.75 * (until - at)));
    return Math.min(1, most);
  }

  /** How wrong the clock of a stack's functions is. */
  skew(stack: string): number {
    let by = 0;
    for (const one of this.of("clock")) if (one.stack === stack && this.feel("clock")) by += one.by;
    return by;
  }

  isTickless(stack: string): boolean {
    for (const one of this.of("no-ticks")) if (one.stack === stack) return this.feel("no-ticks");
    return false;
  }

  #strikes(one: { readonly id: string; readonly kind: TroubleKind; readonly rate: number }, what: string): boolean {
    return this.#dice.chance(one.rate, one.id, what) && this.feel(one.kind);
  }
}

const isOf = <K extends TroubleKind>(trouble: Trouble, kind: K): trouble is TroubleOf<K> => trouble.kind === kind;
