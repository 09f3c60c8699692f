import { defaultKinds } from "../../core/config/kinds.js";
import { knownView } from "../../core/inventory/lineage.js";
import type { Trouble } from "../../core/model/causes.js";
import { type RulesTable, rulesOf } from "../../core/model/kind.js";
import type { Inventory, Role } from "../../core/model/model.js";
import { type Dimensions, stackDimensions } from "../../core/names/metrics.js";
import { type Health, health, type PolicyHealth, type ResourceHealth } from "../../core/report/health.js";
import { kindsOf } from "../../core/selection/select.js";
import type { Measure } from "../lib/emf.js";
import type { SurveyFile } from "../store/survey-file.js";
import { refusedBy } from "./troubles.js";

/** Which stack is measured. */
export interface Place {
  readonly deployment: string;
  readonly role: Role;
  readonly region: string;
}

/** What a run says of its own region in numbers; nothing about what it could not see. */
export function measuresOf(
  place: Place,
  { inventories, isAll }: Pick<SurveyFile, "inventories" | "isAll">,
  troubles: readonly Trouble[],
  rules: RulesTable,
): Measure[] {
  const stack = stackDimensions(place.deployment, place.role, place.region);
  const copies = {
    dimensions: stack,
    values: { CopiesInFlight: isAll ? copiesInFlight(place, inventories) : undefined, ...failed(troubles) },
  };
  const succeeded = { dimensions: stack, values: { RunSucceeded: 1, RunFailed: 0 } };
  const seen = inventories.map((inventory) => healthOf(inventory, place.region, rules));
  const resources = Map.groupBy(
    seen.flatMap((one) => one.resources),
    ({ policy }) => policy,
  );
  const policies = Map.groupBy(
    seen.flatMap((one) => one.policies).filter(({ policy }) => isWhole(policy, place.region, inventories, rules)),
    ({ policy }) => policy,
  );
  return [
    copies,
    ...[...policies].map(([policy, parts]) => policyMeasure(stack, policy, parts, resources.get(policy) ?? [])),
    ...[...resources.values()].flat().map(({ policy, resource, ageSeconds }) => ({
      dimensions: { ...stack, Policy: policy, Resource: resource },
      values: { RpoAge: ageSeconds },
    })),
    succeeded,
  ];
}

/** Of a policy that is about other kinds there may be points from before; it selects nothing, whatever is unknown. */
function healthOf(inventory: Inventory, region: string, rules: RulesTable): Health {
  const kind = rulesOf(rules, inventory.kind);
  const about = new Set(
    inventory.policies.flatMap((policy) =>
      kindsOf(policy, kind).some((one) => kind.resourceKinds.includes(one)) ? [policy.name] : [],
    ),
  );
  const { resources, policies } = health(inventory, region, rules);
  return { resources, policies: policies.map((one) => (about.has(one.policy) ? one : { ...one, selected: 0 })) };
}

/** Whether all kinds that a policy is about were read, and the region is known of each: of a part of them no sum is right. */
function isWhole(name: string, region: string, inventories: readonly Inventory[], rules: RulesTable): boolean {
  const read = inventories
    .filter((inventory) => knownView(inventory, region) !== undefined)
    .flatMap(({ kind }) => rulesOf(rules, kind).resourceKinds);
  const policy = inventories[0]?.policies.find((one) => one.name === name);
  return policy === undefined || (policy.kinds ?? defaultKinds(rules)).every((kind) => read.includes(kind));
}

/** A run that stopped before its end. */
export const failureMeasures = ({ deployment, role, region }: Place): Measure[] => [
  { dimensions: stackDimensions(deployment, role, region), values: { RunSucceeded: 0, RunFailed: 1 } },
];

/** Somebody tries whether alarms reach people. */
export const testMeasures = ({ deployment, role, region }: Place): Measure[] => [
  { dimensions: stackDimensions(deployment, role, region), values: { TestAlarm: 1 } },
];

/** Sums over home regions, of which a DR region may have several; unknown where one is. */
function policyMeasure(
  stack: Dimensions,
  policy: string,
  parts: readonly PolicyHealth[],
  resources: readonly ResourceHealth[],
): Measure {
  const sum = (of: (part: PolicyHealth) => number | undefined) =>
    parts.map(of).reduce((a, b) => (a === undefined || b === undefined ? undefined : a + b), 0);
  const ages = resources.flatMap(({ ageSeconds }) => ageSeconds ?? []);
  const overdue = parts.flatMap(({ overdueSeconds }) => overdueSeconds ?? []);
  return {
    dimensions: { ...stack, Policy: policy },
    values: {
      RpoMaxAge: ages.length === 0 ? undefined : ages.reduce((worst, age) => Math.max(worst, age)),
      RpoOverdue: overdue.length === 0 ? undefined : Math.max(...overdue),
      Selected: sum(({ selected }) => selected),
      PointsCompleted: sum(({ completed }) => completed),
      PointsPending: sum(({ pending }) => pending),
      PointsFailed: sum(({ failed: count }) => count),
    },
  };
}

/** Our own copies into a DR stack's region; a primary has none. */
function copiesInFlight({ role, region }: Place, inventories: readonly Inventory[]): number | undefined {
  if (role === "primary") return undefined;
  const views = inventories.flatMap((inventory) => inventory.regions[region] ?? []);
  if (views.some((view) => !view.complete)) return undefined;
  const parts = views.flatMap((view) => (view.complete ? view.points.flatMap((point) => point.artifacts) : []));
  return parts.filter((part) => part.state === "pending").length;
}

function failed(troubles: readonly Trouble[]) {
  const count = (...causes: string[]) => troubles.filter(({ cause }) => causes.includes(cause)).length;
  return {
    CreatesFailed: count("point-failed", refusedBy("create")),
    CopiesFailed: count("copy-failed", refusedBy("copy")),
    DeletesFailed: count(refusedBy("delete")),
  };
}
