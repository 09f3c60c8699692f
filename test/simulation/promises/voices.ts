import type { Message } from "../../../functions/store/alerts.js";
import {
  DAY,
  HOUR,
  type Scenario,
  type StackSpec,
  type Trouble,
  type TroubleKind,
  type TroubleOf,
} from "../scenario.js";
import type { Cloud } from "../world/cloud.js";
import type { Snap } from "../world/snap.js";
import type { Calm } from "./calm.js";
import { HANGS, TooLong } from "./too-long.js";
import type { Watch } from "./watch.js";

/** A cause that was told of. */
interface Told {
  readonly cause: string;
  readonly resource: string;
  readonly openedAt: number;
  closedAt?: number;
}

/** After a blow a message may be repeated, or wait for the next run. */
const BLOW_MS = 12 * HOUR;
/** What a run has read may have changed until it says it. */
const LOOK_MS = HOUR;
/** In an undisturbed world somebody has been told by then, and what is over is closed. */
const SOON_MS = DAY;
/** What goes on for so long without its end is no trouble that passes: tags of people, a policy that selects nothing. */
const LASTING = new Set([
  "nothing-selected",
  "stray-artifact",
  "everything-excluded",
  "too-many-excluded",
  "tags-left-off",
  "resource-gone",
  "approval-needed",
  "policy-gone",
]);

/** What can keep a stack from telling for longer than a run. */
const SILENCING: ReadonlySet<TroubleKind> = new Set([
  "outage",
  "partition",
  "failed-pages",
  "throttle",
  "no-ticks",
  "kill",
  "stop",
  "lost-answer",
  "no-policy",
]);

const sayTime = (at: number): string => new Date(at).toISOString();

/** A line of a message, like `Resource: i-1`. */
const fieldIn = (body: string, name: string): string =>
  body
    .split("\n")
    .find((line) => line.startsWith(`${name}: `))
    ?.slice(name.length + 2) ?? "";

/** Promise 5: every failure reaches a person, once, and is closed when it is over. */
export class Voices {
  readonly #scenario: Scenario;
  readonly #cloud: Cloud;
  readonly #calm: Calm;
  readonly #watch: Watch;
  readonly #tooLong: TooLong;
  readonly #told = new Map<string, Map<string, Told>>();
  readonly #blows = new Map<string, number>();

  constructor(scenario: Scenario, cloud: Cloud, calm: Calm, watch: Watch) {
    this.#scenario = scenario;
    this.#cloud = cloud;
    this.#calm = calm;
    this.#watch = watch;
    this.#tooLong = new TooLong(scenario, cloud, watch);
  }

  /** Something of the stack was killed, or an answer was lost. */
  blow({ name }: StackSpec): void {
    this.#blows.set(name, this.#cloud.engine.now);
  }

  #isHit({ name }: StackSpec): boolean {
    return (this.#blows.get(name) ?? Number.NEGATIVE_INFINITY) > this.#cloud.engine.now - BLOW_MS;
  }

  says(stack: StackSpec, { attributes, subject, body }: Message): void {
    const { now } = this.#cloud.engine;
    const told = this.#told.get(stack.name) ?? new Map<string, Told>();
    this.#told.set(stack.name, told);
    const about = subject.replace("resolved: ", "");
    const open = told.get(about);
    const isOpen = open !== undefined && open.closedAt === undefined;
    if (attributes["cause"] === "resource-gone") {
      const of = {
        region: attributes["region"] ?? "",
        policy: fieldIn(body, "Policy"),
        resource: fieldIn(body, "Resource"),
      };
      this.#watch.told(of, attributes["state"] !== "resolved");
    }
    if (attributes["state"] === "resolved") {
      if (open !== undefined) open.closedAt = now;
      return;
    }
    if (isOpen && !this.#isHit(stack)) this.#broken(`${stack.name} says twice: ${subject}`);
    const resource = fieldIn(body, "Resource");
    if (this.#isUntrue(stack, attributes["cause"] ?? "", resource))
      this.#broken(`${stack.name} says what is not so: ${subject}`);
    told.set(about, { cause: attributes["cause"] ?? "", resource, openedAt: now });
  }

  #isUntrue(stack: StackSpec, cause: string, resource: string): boolean {
    if (cause === "bad-tag") return this.#isWellTagged(resource, LOOK_MS);
    if (HANGS.has(cause)) return !this.#tooLong.isStuck(stack, resource, LOOK_MS);
    return cause === "point-overdue" && this.#tooLong.isMet(stack, resource, LOOK_MS);
  }

  /** Whether what the tags of a resource say could be heeded for so long, or there is no such resource. */
  #isWellTagged(resource: string, forMs: number): boolean {
    const { engine, machines } = this.#cloud;
    const machine = machines.get(resource);
    if (machine === undefined) return (machines.lastSeen(resource, engine.now) ?? 0) < engine.now - forMs;
    return machine.changedAt < engine.now - forMs && !this.#watch.rules.isMistagged(machine);
  }

  /** Somebody put tags on a resource: of those that nobody can heed somebody knows soon. */
  tagged({ machine: resource, at }: TroubleOf<"override">): void {
    const { engine, machines } = this.#cloud;
    engine.at(at + SOON_MS, () => {
      const machine = machines.get(resource);
      // What changed meanwhile may have been over before anybody looked.
      if (machine === undefined || machine.changedAt > at || !machine.selected) return;
      if (!this.#watch.rules.isMistagged(machine)) return;
      const stack = this.#scenario.stacks.find(
        ({ settings: { region, role } }) => region === machine.spec.region && role === "primary",
      );
      if (stack === undefined || (this.#blows.get(stack.name) ?? 0) > at - BLOW_MS) return;
      const { region, peers } = stack.settings;
      if (!this.#wasFree(at, region, ...peers)) return;
      const isOpen = [...(this.#told.get(stack.name)?.values() ?? [])].some(
        (one) => one.cause === "bad-tag" && one.resource === resource && one.closedAt === undefined,
      );
      if (!isOpen) this.#broken(`${stack.name} never said that ${resource} has bad tags since ${sayTime(at)}`);
    });
  }

  /** EBS failed a snapshot or a copy of Lockstep's: soon somebody knows. */
  failed({ mark, region, id }: Snap): void {
    if (mark === undefined) return;
    const { engine } = this.#cloud;
    const at = engine.now;
    const role = region === mark.home ? "primary" : "dr";
    const stack = this.#scenario.stacks.find(({ settings }) => settings.region === region && settings.role === role);
    if (stack === undefined) return;
    engine.at(at + SOON_MS, () => {
      const { region: own, peers } = stack.settings;
      if ((this.#blows.get(stack.name) ?? 0) > at - BLOW_MS || !this.#wasFree(at, own, ...peers)) return;
      const cause = role === "primary" ? "point-failed" : "copy-failed";
      const told = [...(this.#told.get(stack.name) ?? [])].some(
        ([about, one]) => one.cause === cause && about.includes(mark.resource) && (one.closedAt ?? at) >= at,
      );
      if (!told) this.#broken(`${stack.name} never said that ${id} of ${mark.resource} failed at ${sayTime(at)}`);
    });
  }

  /** Of what takes for too long a stack that could tell since then has told. */
  #judgeSilence(): void {
    const { now } = this.#cloud.engine;
    for (const { stack, resource, causes, since, what } of this.#tooLong.all()) {
      const { region, peers } = stack.settings;
      const isHit = (this.#blows.get(stack.name) ?? Number.NEGATIVE_INFINITY) > since - BLOW_MS;
      if (now - since < SOON_MS || isHit || !this.#wasFree(since, region, ...peers)) continue;
      const isTold = [...(this.#told.get(stack.name)?.values() ?? [])].some(
        (one) => causes.has(one.cause) && one.resource === resource && one.closedAt === undefined,
      );
      if (!isTold) this.#broken(`${stack.name} does not say that ${what} since ${sayTime(since)}`);
    }
  }

  /** Whether nothing has kept the stacks of these regions from telling since. */
  #wasFree(from: number, ...regions: readonly string[]): boolean {
    const { now } = this.#cloud.engine;
    return this.#scenario.troubles.every(
      (trouble) =>
        !SILENCING.has(trouble.kind) ||
        trouble.at > now ||
        !this.#calm.reaches(trouble, from) ||
        !this.#calm.concerns(trouble, regions),
    );
  }

  /** A region was unknown to a stack until now. */
  wasUnknown(stack: StackSpec, trouble: Trouble & { readonly region: string }): void {
    const { now } = this.#cloud.engine;
    const { region: own, peers } = stack.settings;
    if (own === trouble.region || !peers.includes(trouble.region) || now - trouble.at < SOON_MS) return;
    const others = this.#scenario.troubles.filter((one) => one.id !== trouble.id && one.at <= now);
    const isFree = others.every(
      (one) => !this.#calm.reaches(one, trouble.at) || !this.#calm.concerns(one, [own, ...peers]),
    );
    if (!isFree || this.#isHit(stack)) return;
    const open = [...(this.#told.get(stack.name) ?? [])].some(
      ([about, one]) => one.cause === "region-unknown" && about.endsWith(trouble.region) && one.closedAt === undefined,
    );
    if (!open) this.#broken(`${stack.name} never said that ${trouble.region} is unknown since ${sayTime(trouble.at)}`);
  }

  /** What goes on must be told, and what was told and is over must be closed. */
  judge(): void {
    this.#judgeSilence();
    const { now } = this.#cloud.engine;
    for (const stack of this.#scenario.stacks) {
      const { region, peers } = stack.settings;
      if (!this.#calm.was(now - 3 * SOON_MS, now, region, ...peers)) continue;
      for (const [about, { cause, resource, openedAt, closedAt }] of this.#told.get(stack.name) ?? []) {
        if (closedAt !== undefined || LASTING.has(cause) || openedAt > now - 3 * SOON_MS) continue;
        if (HANGS.has(cause) && this.#tooLong.isStuck(stack, resource, LOOK_MS)) continue;
        // Tags stay for as long as people leave them there.
        if (cause === "bad-tag" && !this.#isWellTagged(resource, 3 * SOON_MS)) continue;
        this.#broken(`${stack.name} has not closed since ${sayTime(openedAt)}: ${about}`);
      }
    }
  }

  #broken(what: string): void {
    this.#watch.verdict.add({ promise: "5 told once", at: this.#cloud.engine.now, what });
  }
}
