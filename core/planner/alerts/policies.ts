import { compare, knownView, unknownBecause } from "../../inventory/lineage.js";
import type { RulesTable, Told } from "../../model/kind.js";
import type { Alert, Policy } from "../../model/model.js";
import { formatNearMisses } from "../../selection/near-miss.js";
import { formatSelect, kindsOf } from "../../selection/select.js";
import type { Chosen, PlanContext } from "../context.js";
import { inOrder } from "./alerts.js";
import { selectionDrift } from "./drift.js";
import { nearQuotas } from "./quotas.js";

const NONE = { policy: "", resource: "", point: "" } as const;

/**
 * What a person should know of policies and regions as a whole, whatever kinds they are about.
 * @param approvals what waits for a person, of each kind by itself
 */
export function aboutPolicies(
  contexts: readonly PlanContext[],
  rules: RulesTable,
  approvals: readonly Told[],
): Alert[] {
  const homes = Map.groupBy(contexts, ({ inventory }) => inventory.home);
  return inOrder([
    ...oneForRegion(approvals),
    ...oneForRegion(contexts.flatMap(nearQuotas)),
    ...[...homes].flatMap(([home, ofHome]): Told[] => {
      const policies = ofHome[0]?.inventory.policies ?? [];
      return [
        ...aboutRegions(ofHome),
        ...policies.flatMap((policy) => {
          const kinds = kindsSeen(policy, ofHome, rules);
          return kinds === undefined ? [] : [...aboutTags(policy, home, kinds), ...selectionDrift(policy, home, kinds)];
        }),
        ...aboutDeleted(ofHome),
      ];
    }),
  ]);
}

/** What is told of a region has one key, whichever homes it is about, and whichever kinds: two would be one trouble, of which nobody hears the other. */
const oneForRegion = (told: readonly Told[]): Told[] =>
  [...Map.groupBy(told, ({ region, kind }) => JSON.stringify([region, kind])).values()].flatMap((found) => {
    const [first] = found;
    return first === undefined ? [] : [{ ...first, reason: found.map(({ reason }) => reason).join(". ") }];
  });

/** The kinds that a policy is about, if the home region of all of them was read whole: else nobody knows what it selects. */
export function kindsSeen(
  policy: Policy,
  contexts: readonly Chosen[],
  rules: RulesTable,
): readonly Chosen[] | undefined {
  const kinds = Object.values(rules).filter((one) =>
    one.resourceKinds.some((resourceKind) => kindsOf(policy, one).includes(resourceKind)),
  );
  const seen = contexts.filter((context) => context.home !== undefined && kinds.includes(context.rules));
  return seen.length === kinds.length ? seen : undefined;
}

/** Regions that could not be read; where it was so of one kind among others, that is said. */
function aboutRegions(contexts: readonly Chosen[]): Told[] {
  const unknown = contexts.flatMap(({ inventory, rules }) =>
    Object.keys(inventory.regions)
      .filter((region) => knownView(inventory, region) === undefined)
      .map((region) => ({ region, kind: rules.words.service, reason: unknownBecause(inventory, region) })),
  );
  return [...Map.groupBy(unknown, ({ region }) => region)].map(([region, found]): Told => {
    const said = contexts.length === 1 ? found : found.map((one) => ({ reason: `${one.kind}: ${one.reason}` }));
    return { ...NONE, region, cause: "region-unknown", reason: said.map(({ reason }) => reason).join("; ") };
  });
}

/** What a policy's selection takes; and what it does not, by a capital or a blank. */
function aboutTags(policy: Policy, home: string, kinds: readonly Chosen[]): Told[] {
  const told = { ...NONE, region: home, policy: policy.name } as const;
  const near = kinds.flatMap(({ inventory, rules, home: view }) => {
    const { policies, tagNames } = inventory;
    const { resources = [] } = view ?? {};
    return formatNearMisses(policy, { policies, resources, rules, tagNames }) ?? [];
  });
  if (kinds.some(({ selected }) => (selected.get(policy.name) ?? []).length > 0)) {
    const wants = `it wants ${formatSelect(policy.select)}`;
    return near.map((one): Told => ({ ...told, cause: "nearly-selected", reason: `${wants}; ${one}` }));
  }
  const what = policy.kinds === undefined ? "resource" : policy.kinds.join(" or ");
  const none = "everything" in policy.select ? `there is no ${what}` : `no ${what} has ${formatSelect(policy.select)}`;
  return [{ ...told, cause: "nothing-selected", reason: [none, ...near].join("; ") }];
}

/** That a policy was deleted is told once, since it may have been a slip. */
function aboutDeleted(contexts: readonly PlanContext[]): Told[] {
  const deleted = contexts.flatMap(({ home, lineages, effective }) =>
    home === undefined
      ? []
      : lineages.all
          .filter((lineage) => effective.policyOf(lineage) === undefined)
          .flatMap(({ policy, regions }) =>
            [...regions.values()].map(({ region, points }) => ({ policy, region, count: points.length })),
          ),
  );
  const byPlace = Map.groupBy(deleted, ({ policy, region }) => JSON.stringify([policy, region]));
  return [...byPlace.values()]
    .flatMap((found) => {
      const [first] = found;
      return first === undefined ? [] : [{ ...first, count: found.reduce((sum, { count }) => sum + count, 0) }];
    })
    .toSorted((a, b) => compare(a.policy, b.policy) || compare(a.region, b.region))
    .map(({ policy, region, count }): Told => {
      const reason = `there is no such policy any more: ${count} point(s) of it expire by the rules that were last recorded on them, but for the last of each resource that is there`;
      return { ...NONE, region, policy, cause: "policy-gone", reason };
    });
}
