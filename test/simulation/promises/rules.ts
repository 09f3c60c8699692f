import type { CopyRule, Policy, Retain } from "../../../core/model/model.js";
import { ebsOf, ebsOfCopy } from "../../../kinds/ebs/config.js";
import type { Tags } from "../../cloud/snap.js";
import { lowered } from "../config.js";
import type { KindWorld } from "../kinds/kind.js";
import { DAY, policiesOf, type Scenario } from "../scenario.js";
import type { Machine, Machines } from "../world/machines.js";
import type { Mark, Under } from "../world/snap.js";
import { ruleFor } from "./retention.js";

const daysIn = (text: string): number | undefined => (/^[1-9][0-9]*$/.test(text) ? Number(text) : undefined);

type Of = Pick<Mark, "policy" | "home" | "resource">;

/** What the policies and the tags of resources say at the moment: docs/configuration.md, written once more and without core/. */
export class Rules {
  readonly #policies: ReadonlyMap<string, Policy>;
  readonly #regions: ReadonlyMap<string, ReadonlySet<string>>;
  readonly #machines: Machines;
  readonly #never: NonNullable<KindWorld["never"]>;
  readonly #low = new Map<string, number>();
  readonly #lowChanged = new Map<string, number>();

  constructor(scenario: Scenario, machines: Machines, never: KindWorld["never"] = () => undefined) {
    const all = policiesOf(scenario);
    this.#machines = machines;
    this.#never = never;
    this.#policies = new Map(all.map(({ home, policy }) => [`${home} ${policy.name}`, policy]));
    const homes = Map.groupBy(all, ({ home }) => home);
    this.#regions = new Map(
      [...homes].map(([home, of]) => [
        home,
        new Set(of.flatMap(({ policy }) => policy.copy.map(({ region }) => region))),
      ]),
    );
  }

  /** A policy's retention is lowered, or put back. */
  lower(policy: string, begins: boolean, now: number): void {
    this.#low.set(policy, (this.#low.get(policy) ?? 0) + (begins ? 1 : -1));
    this.#lowChanged.set(policy, now);
  }

  isLow(policy: string): boolean {
    return (this.#low.get(policy) ?? 0) > 0;
  }

  /** When what holds for a resource last changed. */
  changedAt({ policy, resource }: Of): number {
    return Math.max(this.#lowChanged.get(policy) ?? 0, this.#machines.get(resource)?.changedAt ?? 0);
  }

  /** Whether new points of it come. */
  grows({ policy, resource }: Of): boolean {
    const machine = this.#machines.get(resource);
    return machine?.selected === true && machine.spec.policy === policy;
  }

  /** The policy as it holds for a resource that it selects. */
  of({ policy: name, home, resource }: Of): Policy | undefined {
    const plain = this.#policies.get(`${home} ${name}`);
    if (plain === undefined) return undefined;
    const policy = this.isLow(name) ? lowered(plain) : plain;
    const tagged = this.#tagged(policy, home, this.#machines.get(resource)?.tags ?? {});
    return this.#never(resource) === undefined ? tagged : { ...tagged, copy: [] };
  }

  /** What AWS never does of a resource. */
  never(resource: string): "create" | "copy" | undefined {
    return this.#never(resource);
  }

  /** Whether a resource's tags say something that nobody can heed. */
  isMistagged({ spec: { region: home }, tags: { Retention, BackupCrossRegion } }: Machine): boolean {
    const isBadDays = Retention !== undefined && daysIn(Retention) === undefined;
    return isBadDays || (BackupCrossRegion !== undefined && this.#regionsIn(BackupCrossRegion, home) === undefined);
  }

  #regionsIn(text: string, home: string): readonly string[] | undefined {
    const named = text.split(", ");
    return named.every((region) => this.#regions.get(home)?.has(region)) ? named : undefined;
  }

  #tagged(policy: Policy, home: string, { Retention = "", BackupCrossRegion = "" }: Tags): Policy {
    const days = daysIn(Retention);
    const own: Retain | undefined = days === undefined ? undefined : { ageMs: days * DAY };
    const kept = policy.copy.map((rule) => ({ ...rule, retain: own ?? rule.retain }));
    const named = this.#regionsIn(BackupCrossRegion, home);
    const rule = (region: string): CopyRule =>
      kept.find((one) => one.region === region) ?? { region, retain: own ?? policy.retain };
    return { ...policy, retain: own ?? policy.retain, copy: named?.map(rule) ?? kept };
  }

  under(mark: Mark, region: string): Under {
    const policy = this.of(mark);
    const rule = policy?.copy.find((one) => one.region === region);
    const lock = region === mark.home ? policy && ebsOf(policy).lock : rule && ebsOfCopy(rule).lock;
    return {
      retain: policy && ruleFor(policy, mark.home, region),
      copies: policy?.copy.map((rule) => rule.region) ?? [],
      lockDays: lock?.days,
    };
  }
}
