import type {
  Action,
  Alert,
  Announced,
  Approval,
  Inventory,
  PendingApproval,
  RunRequest,
  Settings,
} from "../../../core/model/model.js";
import { APPROVAL_LIFE_MS } from "../../../core/planner/guard.js";
import { actionsFor, planAll } from "../../../core/planner/planner.js";
import { inventoriesFrom, type KindViews, regionsOf } from "../../../functions/lib/survey.js";
import { inFlight } from "../../../functions/plan/plan.js";
import type { KindView } from "../../../kinds/backend.js";
import { Config } from "../config.js";
import { SIMULATED } from "../kinds/table.js";
import type { Verdict } from "../promises/verdict.js";
import { HOUR, type StackSpec } from "../scenario.js";
import type { Cloud } from "../world/cloud.js";
import type { Run } from "../world/snap.js";
import { Hands } from "./hands.js";
import type { Listing } from "./listing.js";
import type { Minds } from "./minds.js";
import { takeInFirst } from "./taking.js";

const sum = (counts: Readonly<Record<string, number>>): number =>
  Object.values(counts).reduce((all, count) => all + count, 0);

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
  /** People are told that a resource is no more, or that this is over. */
  readonly tell: (one: Announced, isOpen: boolean) => void;
  /** What a look tells people. */
  readonly says: (run: Run, alerts: readonly Alert[]) => void;
  readonly listings: (region: string) => Listing;
  readonly mind: Minds;
}

const decide = (inventories: readonly Inventory[]): Action[] => planAll(inventories, SIMULATED);

/**
 * One stack, as far as it decides: it reads what Describe would list, plans with the real planner, and carries out its own actions at
 * once. Lease, hands and state machine are left out here; the deeper world has them.
 */
export class Controller {
  readonly spec: StackSpec;
  readonly requests: RunRequest[] = [];
  readonly config: Config;
  readonly #approved: Approval[] = [];
  #held: readonly PendingApproval[] = [];
  readonly #parts: ControllerParts;
  readonly #hands: Hands;
  readonly #announced = new Map<string, Announced>();

  constructor(spec: StackSpec, parts: ControllerParts) {
    this.spec = spec;
    this.config = new Config(spec.settings);
    this.#parts = parts;
    this.#hands = new Hands(parts.cloud, parts.mind);
  }

  /** It is killed after so many calls. */
  kill(calls: number): void {
    this.#hands.patience = calls;
  }

  /** A person approves what waits for that since the last look. */
  approve(): Approval[] {
    const until = this.#parts.cloud.engine.now + APPROVAL_LIFE_MS;
    const waiting = Map.groupBy(this.#held, ({ approval }) => approval).values();
    const approved = [...waiting].map(
      (holds): Approval => ({
        region: holds[0]?.region ?? "",
        artifacts: holds.flatMap(({ artifacts }) => artifacts),
        until,
      }),
    );
    this.#approved.push(...approved);
    return approved;
  }

  /** Looks once, and does what is to be done; says what is in flight, or nothing where it cannot look. */
  look(): number | undefined {
    const decided = this.decide();
    return decided && this.carryOut(decided);
  }

  /** Looks and plans. Two that overlap both do this before either acts. */
  decide(): Decided | undefined {
    const { cloud, verdict, mind } = this.#parts;
    const { kind } = cloud;
    const settings = this.config.now;
    if (cloud.weather.isOut(settings.region)) return undefined;
    verdict.runs += 1;
    const began = cloud.engine.now;
    const policies = new Set(settings.policies.map(({ name }) => name));
    const run: Run = { stack: this.spec, began, unknown: new Set(), policies };
    const now = began + cloud.weather.skew(this.spec.name);
    takeInFirst({ cloud, settings, run, now, as: mind.take });
    const seen = this.#survey(settings, run, now);
    const memory = { announced: [...this.#announced.values()], approved: this.#approved };
    const plain = inventoriesFrom(
      { settings, requests: this.#asked(now), memory, now, rules: SIMULATED },
      kind.rules.kind,
      seen,
    );
    const worlds = mind.see?.(plain, run) ?? plain;
    const actions = mind.decide?.(worlds, decide, run) ?? decide(worlds);
    return { run, settings, now, actions, open: sum(inFlight(worlds, actions, SIMULATED)) };
  }

  carryOut({ run, settings, now, actions, open }: Decided): number {
    const own = actionsFor(settings.region, actions);
    this.#held = own.filter((action) => action.do === "pending-approval");
    this.#parts.says(
      run,
      own.filter((action) => action.do === "alert"),
    );
    this.#announce(own, now, run);
    this.#hands.act(run, own, { settings, now });
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
    for (const [key, one] of gone) {
      if (this.#announced.has(key)) continue;
      this.#announced.set(key, one);
      this.#parts.tell(one, true);
    }
    if (unknown.size > 0) return;
    for (const [key, one] of this.#announced) {
      if (gone.has(key)) continue;
      this.#announced.delete(key);
      this.#parts.tell(one, false);
    }
  }

  #asked(now: number): readonly RunRequest[] {
    while (this.requests[0] !== undefined && now - this.requests[0].at > HOUR) this.requests.shift();
    return this.requests;
  }

  #survey(settings: Settings, run: Run, now: number): KindViews {
    const { homes, others } = regionsOf(settings);
    const seen = new Map<string, KindView>();
    for (const region of new Set([...homes, ...others]))
      seen.set(region, this.#read(region, homes.includes(region), run, now));
    return seen;
  }

  #read(region: string, isHome: boolean, run: Run, asOf: number): KindView {
    const { cloud, listings } = this.#parts;
    const { name } = this.spec;
    const { engine, kind, machines, weather } = cloud;
    if (!weather.reaches(name, region) || weather.failsPage(name, region, `${name} ${region} ${engine.now}`)) {
      run.unknown.add(region);
      return { complete: false, reason: "it cannot be read" };
    }
    const listing = listings(region);
    const usage = kind.usage?.(listing.snaps(engine.now), weather.filled(region, engine.now));
    const resources = isHome ? [...machines.in(region)].map((one) => kind.resourceOf(one)) : [];
    return {
      complete: true,
      asOf,
      resources,
      points: listing.points(engine.now),
      copiesInFlight: cloud.copiesIn(region),
      ...(usage !== undefined && { usage }),
    };
  }
}
