import { type EffectivePolicy, type Recorded, readRecorded } from "../config/recorded.js";
import type { Lineage, RegionPoints } from "../inventory/lineage.js";
import { APPEAR_MS, knownView } from "../inventory/lineage.js";
import type { CopyRule, Inventory, Point, Policy, Resource, Retain } from "../model/model.js";
import { Calendars } from "../schedule/calendar.js";
import { asRecorded, overridden } from "../selection/overrides.js";
import { copyable, type Knowing } from "../selection/uncopied.js";
import type { Rule } from "./retention.js";

const ORPHAN_AFTER_MS = 90 * 86_400_000;

/** `active`: new points come. `unselected`: its resource is there, and no policy of that name selects it. `deleted`: the resource is no more. */
export type Fate = "active" | "unselected" | "deleted";

/** What holds for the points of a lineage in one region. */
export interface Terms {
  readonly fate: Fate;
  readonly policy: Policy | undefined;
  /** Undefined where nobody knows any more: then everything stays. */
  readonly rule: Rule | undefined;
  /** At home: the regions that must be seen before a point may go. */
  readonly copies: readonly string[];
  /** Of those the ones that must have a copy first: all, until its end. */
  readonly awaited: readonly string[];
  /** Nothing was added for so long that nothing is waited for any more. */
  readonly ended: boolean;
  /** Nor does anybody try to add to it, as where a copy is still wanted. */
  readonly idle: boolean;
}

const ACTIVE = { ended: false, idle: false } as const;

/** What a policy keeps in a region; undefined where it keeps nothing there. */
export const retainIn = (policy: Policy | undefined, region: string, home: string): Retain | undefined =>
  region === home ? policy?.retain : policy?.copy.find((rule) => rule.region === region)?.retain;

/** The rule that the newest completed point was made under: it goes last, so that no delete changes the rule. */
const recordedIn = (points: RegionPoints): Recorded | undefined => readRecorded(newestIn(points)?.recorded);

const newestIn = ({ completed, points }: RegionPoints): Point | undefined => (completed[0] ?? points[0])?.point;

/** What every lineage goes by: its policy while that selects its resource, and after that what was last recorded on its points. */
export class EffectivePolicies {
  readonly orphanAfterMs: number;
  readonly calendars = new Calendars();
  readonly #inventory: Inventory;
  readonly #policies: ReadonlyMap<string, Policy>;
  /** Of each policy the resources that it selects, with what their tags make of it. */
  readonly #selected: ReadonlyMap<string, ReadonlyMap<string, EffectivePolicy>>;
  readonly #present: ReadonlySet<string>;
  readonly #announced: ReadonlyMap<string, number>;
  readonly #knowing: Knowing;

  constructor(inventory: Inventory, selected: ReadonlyMap<string, readonly Resource[]>, knowing: Knowing) {
    this.#knowing = knowing;
    this.orphanAfterMs = inventory.orphanAfterMs ?? ORPHAN_AFTER_MS;
    this.#inventory = inventory;
    this.#policies = new Map(inventory.policies.map((policy) => [policy.name, policy]));
    const { home } = inventory;
    const ruled = (policy: Policy, resources: readonly Resource[]) =>
      new Map(
        resources.map((one) => [
          one.id,
          copyable(overridden(policy, one, inventory).policy, { ...one, home }, knowing),
        ]),
      );
    this.#selected = new Map(inventory.policies.map((one) => [one.name, ruled(one, selected.get(one.name) ?? [])]));
    const { resources = [], otherMembers = [] } = knownView(inventory, home) ?? {};
    const there = resources.flatMap(({ id, members }) => [id, ...members.map((member) => member.id)]);
    this.#present = new Set([...there, ...otherMembers]);
    this.#announced = new Map(
      (inventory.memory?.announced ?? []).map(({ region, policy, resource, since }) => [
        keyOf(region, policy, resource),
        since,
      ]),
    );
  }

  /**
   * Where the home region is unknown, nothing is known to have left. A list that is older than a resource's newest point, or so
   * little younger that it may not show what is new, does not say that the resource is no more.
   */
  fateOf({ policy, resource, regions }: Pick<Lineage, "policy" | "resource" | "regions">): Fate {
    const home = knownView(this.#inventory, this.#inventory.home);
    if (home === undefined) return "active";
    if (this.#selected.get(policy)?.has(resource)) return "active";
    if (this.#present.has(resource)) return "unselected";
    const made = regions.get(this.#inventory.home)?.points ?? [];
    return made.some(({ start }) => start > home.asOf - APPEAR_MS) ? "active" : "deleted";
  }

  /** The policy as it holds for a resource that it selects. */
  ofSelected(policy: Policy, resource: string): EffectivePolicy {
    return this.#selected.get(policy.name)?.get(resource) ?? policy;
  }

  /** The policy as it holds for a resource; of one that it does not select, as its newest point at home tells it. */
  policyOf(lineage: Pick<Lineage, "policy" | "resource"> & Partial<Lineage>): EffectivePolicy | undefined {
    const { policy, resource, kind, regions } = lineage;
    const selected = this.#selected.get(policy)?.get(resource);
    if (selected !== undefined) return selected;
    const plain = this.#policies.get(policy);
    const { home } = this.#inventory;
    const atHome = regions?.get(home);
    if (plain === undefined || atHome === undefined || kind === undefined) return plain;
    const detail = newestIn(atHome)?.artifacts[0]?.detail;
    return copyable(
      asRecorded(plain, recordedIn(atHome), this.#inventory),
      { id: resource, kind, home, detail },
      this.#knowing,
    );
  }

  termsOf(lineage: Lineage, holding: RegionPoints): Terms {
    const { home } = this.#inventory;
    const policy = this.policyOf(lineage);
    const fate = this.fateOf(lineage);
    const retain = retainIn(policy, holding.region, home);
    const atHome = holding.region === home;
    const copies = atHome ? copyRegions(policy?.copy ?? [], home) : [];
    if (fate === "active" && retain !== undefined) {
      return {
        fate,
        policy,
        rule: { retain, calendar: this.calendars.of(policy?.timezone) },
        copies,
        awaited: copies,
        ...ACTIVE,
      };
    }
    const recorded = recordedIn(holding);
    const ended = this.#ended(holding);
    const known = recorded ?? (retain === undefined ? undefined : { retain, timezone: policy?.timezone });
    const rule = known && {
      ...this.#rest(lineage, holding, ended),
      retain: known.retain,
      calendar: this.calendars.of(known.timezone),
    };
    // Nobody makes the copies that a policy which is no more asked for; for so long they may still come.
    const required = atHome ? (policy === undefined && !ended ? (recorded?.copies ?? []) : copies).toSorted() : [];
    const isOver = (region: string): boolean => this.isOver(lineage, region);
    const awaited = isOver(home) ? [] : required.filter((region) => !isOver(region));
    const idle = ended && !this.#isCopiedTo(lineage, holding, policy);
    return { fate, policy, rule, copies: required, awaited, ended, idle };
  }

  /** Its resource is no more, and nothing was added to it in any region for so long that nobody waits for it any more. */
  isSpent(lineage: Lineage): boolean {
    return this.fateOf(lineage) === "deleted" && [...lineage.regions.values()].every((one) => this.#ended(one));
  }

  /**
   * It has come to its end in a region, and people were told there long ago: its last point may go. From then on neither region
   * waits for the other, nor is it copied anew, so that whichever was told first may go first.
   */
  isOver(lineage: Lineage, region: string): boolean {
    const told = this.#announced.get(keyOf(region, lineage.policy, lineage.resource));
    return told !== undefined && told + this.orphanAfterMs <= this.#inventory.now && this.isSpent(lineage);
  }

  /** Whether home holds what is newer than anything that is whole there, and it is to be copied. */
  #isCopiedTo(lineage: Lineage, { region, completed }: RegionPoints, policy: Policy | undefined): boolean {
    const { home } = this.#inventory;
    const source = lineage.regions.get(home)?.completed[0]?.point.scheduled ?? Number.NEGATIVE_INFINITY;
    if (region === home || source <= (completed[0]?.point.scheduled ?? Number.NEGATIVE_INFINITY)) return false;
    const isWanted = policy?.copy.some((rule) => rule.region === region) === true;
    return isWanted && ![home, region].some((one) => this.isOver(lineage, one));
  }

  /** How a lineage that gets no more points comes to its end. */
  #rest(lineage: Lineage, { region }: RegionPoints, ended: boolean): Pick<Rule, "asOf" | "keepNewest"> {
    return ended ? { asOf: this.#inventory.now, keepNewest: !this.isOver(lineage, region) } : {};
  }

  /** Tries that failed were additions too: whoever tried has not given up. */
  #ended({ points }: RegionPoints): boolean {
    const newest = points.reduce((latest, { start }) => Math.max(latest, start), Number.NEGATIVE_INFINITY);
    return newest + this.orphanAfterMs <= this.#inventory.now;
  }
}

const keyOf = (...parts: readonly string[]): string => JSON.stringify(parts);

const copyRegions = (rules: readonly CopyRule[], home: string): string[] =>
  rules
    .map((rule) => rule.region)
    .filter((region) => region !== home)
    .toSorted();
