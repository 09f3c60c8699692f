import type { Action, Announced, Copy, Create, Delete, RunRequest, Settings, World } from "../../../core/model.js";
import { actionsFor, planAll } from "../../../core/planner.js";
import { copyTags, pointTags, TAG } from "../../../core/tags.js";
import { CLAIM_MS } from "../../../functions/lib/claims.js";
import { LIMITS } from "../../../functions/lib/limits.js";
import type { Seen } from "../../../functions/lib/regions.js";
import { regionsOf, worldsFrom } from "../../../functions/lib/survey.js";
import { inFlight } from "../../../functions/plan/plan.js";
import type { Verdict } from "../promises/verdict.js";
import { HOUR, type StackSpec } from "../scenario.js";
import type { Cloud } from "../world/cloud.js";
import { resourceOf } from "../world/machines.js";
import { isListed, type Run, type Snap, type Tags } from "../world/snap.js";
import type { Listing } from "./listing.js";

type Plan = (worlds: readonly World[]) => Action[];

/** What may be replaced to plant a mistake; what is absent is right. */
export interface Minds {
  /** What is made of what a survey saw. */
  readonly see?: (worlds: readonly World[], run: Run) => readonly World[];
  readonly decide?: (worlds: readonly World[], plan: Plan, run: Run) => Action[];
  /** What a snapshot's tags are taken for. */
  readonly read?: (tags: Tags) => Tags;
  /** Whether what is to be made is claimed and looked up first. @default yes */
  readonly asksFirst?: boolean;
  /** Whether it looks without being told by a schedule or an event. @default yes */
  readonly ticks?: boolean;
}

interface Claim {
  readonly until: number;
  /** The first snapshot that came of it. */
  readonly made?: Snap;
}

/** What a look decided. */
interface Decided {
  readonly run: Run;
  readonly settings: Settings;
  readonly now: number;
  readonly actions: readonly Action[];
  readonly open: number;
}

export interface ControllerParts {
  readonly cloud: Cloud;
  readonly verdict: Verdict;
  readonly listings: (region: string) => Listing;
  readonly mind: Minds;
}

/**
 * One stack, as far as it decides: it reads what Describe would list, plans with the real planner, and carries out its own actions at
 * once. Lease, hands and state machine are left out here; the deeper world has them.
 */
export class Controller {
  readonly spec: StackSpec;
  /** Actions after which it is killed. */
  patience = Number.POSITIVE_INFINITY;
  readonly requests: RunRequest[] = [];
  /** Policies that its settings lack. */
  readonly lost = new Set<string>();
  readonly #parts: ControllerParts;
  readonly #claims = new Map<string, Claim>();
  readonly #announced = new Map<string, Announced>();

  constructor(spec: StackSpec, parts: ControllerParts) {
    this.spec = spec;
    this.#parts = parts;
  }

  #settings(): Settings {
    const { settings } = this.spec;
    if (this.lost.size === 0) return settings;
    return { ...settings, policies: settings.policies.filter(({ name }) => !this.lost.has(name)) };
  }

  /** Looks once, and does what is to be done; says what is in flight, or nothing where it cannot look. */
  look(): number | undefined {
    const decided = this.decide();
    return decided && this.carryOut(decided);
  }

  /** Looks and plans. Two that overlap both do this before either acts. */
  decide(): Decided | undefined {
    const { cloud, verdict, mind } = this.#parts;
    const settings = this.#settings();
    if (cloud.weather.isOut(settings.region)) return undefined;
    verdict.runs += 1;
    const began = cloud.engine.now;
    const policies = new Set(settings.policies.map(({ name }) => name));
    const run: Run = { stack: this.spec, began, unknown: new Set(), policies };
    const seen = this.#survey(settings, run);
    const now = began + cloud.weather.skew(this.spec.name);
    const memory = { announced: [...this.#announced.values()] };
    const plain = worldsFrom({ settings, requests: this.#asked(now), memory, now, limits: LIMITS }, seen);
    const worlds = mind.see?.(plain, run) ?? plain;
    const actions = mind.decide?.(worlds, planAll, run) ?? planAll(worlds);
    return { run, settings, now, actions, open: inFlight(worlds, actions) };
  }

  carryOut({ run, settings, now, actions, open }: Decided): number {
    const own = actionsFor(settings.region, actions);
    this.#announce(own, now, run);
    this.#act(run, own, settings, now);
    // Where a region was not seen there may be something to do, and the deployed tick looks again soon.
    return open + run.unknown.size;
  }

  /** Tells of resources that are no more, as the end of a run does. */
  #announce(actions: readonly Action[], now: number, { unknown }: Run): void {
    const gone = new Map<string, Announced>();
    for (const action of actions) {
      if (action.do !== "alert" || action.cause !== "resource-gone") continue;
      const { region, policy, resource } = action;
      gone.set(`${policy} ${resource}`, { region, policy, resource, since: now });
    }
    for (const [key, one] of gone) if (!this.#announced.has(key)) this.#announced.set(key, one);
    if (unknown.size > 0) return;
    for (const key of this.#announced.keys()) if (!gone.has(key)) this.#announced.delete(key);
  }

  #asked(now: number): readonly RunRequest[] {
    while (this.requests[0] !== undefined && now - this.requests[0].at > HOUR) this.requests.shift();
    return this.requests;
  }

  #survey(settings: Settings, run: Run): ReadonlyMap<string, Seen> {
    const { homes, others } = regionsOf(settings);
    const seen = new Map<string, Seen>();
    for (const region of new Set([...homes, ...others]))
      seen.set(region, this.#read(region, homes.includes(region), run));
    return seen;
  }

  #read(region: string, isHome: boolean, run: Run): Seen {
    const { cloud, listings } = this.#parts;
    const { name } = this.spec;
    const { engine, weather } = cloud;
    if (!weather.reaches(name, region) || weather.failsPage(name, region, `${name} ${region} ${engine.now}`)) {
      run.unknown.add(region);
      return { complete: false, reason: "it cannot be read" };
    }
    const resources = isHome ? [...cloud.machines.in(region)].map(resourceOf) : [];
    return {
      complete: true,
      resources,
      points: listings(region).points(engine.now),
      copiesInFlight: cloud.copiesIn(region),
    };
  }

  #act(run: Run, actions: readonly Action[], settings: Settings, now: number): void {
    const there = new Lookup(this.#parts.cloud.in(settings.region), this.#parts.cloud.engine.now);
    for (const action of actions) {
      if (action.do !== "create" && action.do !== "copy" && action.do !== "delete") continue;
      if (this.patience <= 0 && this.#parts.cloud.weather.feel("kill")) break;
      this.patience -= 1;
      try {
        if (action.do === "delete") this.#delete(run, action);
        else this.#make(run, action, settings, there, now);
      } catch (error) {
        // What AWS says no to is tried again by a later look, as the functions do.
        if (!(error instanceof Error && (error.name === "TimeoutError" || "$metadata" in error))) throw error;
      }
    }
    this.patience = Number.POSITIVE_INFINITY;
  }

  #make(run: Run, action: Create | Copy, settings: Settings, there: Lookup, now: number): void {
    const { cloud, mind } = this.#parts;
    const what = action.do === "create" ? action.point : action.part.snapshot;
    if (mind.asksFirst ?? true) {
      if (there.has(action.do === "create" ? TAG.point : TAG.source, what)) return;
      const claim = this.#claims.get(what);
      if (claim !== undefined && claim.until >= now && claim.made?.state !== "error") return;
    }
    const until = now + CLAIM_MS;
    try {
      if (action.do === "create") {
        const { resource, exclude } = action;
        const excluded = { boot: exclude?.boot ?? false, volumes: exclude?.volumes ?? [] };
        const [made] = cloud.createSet(run, settings.region, { resource, excluded, tags: pointTags(settings, action) });
        this.#claims.set(what, { until, ...(made && { made }) });
      } else {
        const { from, part } = action;
        const made = cloud.copy(run, settings.region, {
          from,
          snapshot: part.snapshot,
          tags: copyTags(settings, action),
        });
        this.#claims.set(what, { until, made });
      }
    } catch (error) {
      // After a lost answer nobody knows whether it was carried out, so the claim stays.
      if (!(error instanceof Error && "$metadata" in error)) this.#claims.set(what, { until });
      throw error;
    }
  }

  /** One snapshot after the other, up to the first that does not go. */
  #delete(run: Run, action: Delete): void {
    for (const snapshot of action.snapshots) {
      try {
        this.#parts.cloud.delete(run, action.region, snapshot);
      } catch (error) {
        if (!(error instanceof Error && error.name === "InvalidSnapshot.NotFound")) throw error;
      }
    }
  }
}

/** The look-up by tag before anything is made; read once, and only if something is to be made. */
class Lookup {
  readonly #snaps: ReadonlyMap<string, Snap>;
  readonly #now: number;
  readonly #found = new Map<string, ReadonlySet<string>>();

  constructor(snaps: ReadonlyMap<string, Snap>, now: number) {
    this.#snaps = snaps;
    this.#now = now;
  }

  has(tag: string, value: string): boolean {
    const values = this.#found.get(tag) ?? this.#read(tag);
    this.#found.set(tag, values);
    return values.has(value);
  }

  #read(tag: string): ReadonlySet<string> {
    const values = new Set<string>();
    for (const snap of this.#snaps.values()) {
      const value = snap.tags[tag];
      if (value !== undefined && snap.state !== "error" && !snap.tampered && isListed(snap, this.#now))
        values.add(value);
    }
    return values;
  }
}
