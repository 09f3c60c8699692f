import { sayLeftOff } from "./carried-tags.js";
import { planDrops } from "./drops.js";
import { covered } from "./exclude.js";
import { compare, type Entry, type Holding, known, type Seen, unknownBecause } from "./lineage.js";
import type { Alert, Policy, Resource, World } from "./model.js";
import { overdueCopies } from "./overdue-copies.js";
import { asksFor, overridden, quoteTag } from "./overrides.js";
import { planEndings } from "./plan-endings.js";
import { sayUnusable } from "./plan-prune.js";
import { saySelect } from "./select.js";
import { TAG_NAMES } from "./tags.js";
import type { Book } from "./terms.js";

type Told = Omit<Alert, "do">;

const NONE = { policy: "", resource: "", point: "" } as const;

function aboutRegions(world: World): Told[] {
  return Object.keys(world.regions)
    .filter((region) => known(world, region) === undefined)
    .map((region) => ({ ...NONE, region, cause: "region-unknown", reason: unknownBecause(world, region) }));
}

function aboutSelection(world: World, selected: ReadonlyMap<string, readonly Resource[]>): Told[] {
  if (known(world, world.home) === undefined) return [];
  return [
    ...aboutUnselected(world, selected),
    ...world.policies.flatMap((policy): Told[] => {
      const told = { ...NONE, region: world.home, policy: policy.name, cause: "nothing-selected" } as const;
      const resources = selected.get(policy.name) ?? [];
      if (resources.length > 0) return resources.flatMap((resource) => aboutResource(world, policy, resource));
      const what = policy.kinds === undefined ? "resource" : policy.kinds.join(" or ");
      const all = "everything" in policy.select;
      return [{ ...told, reason: all ? `there is no ${what}` : `no ${what} has ${saySelect(policy.select)}` }];
    }),
  ];
}

/** What asks for points by its own tag, and gets none: no policy selects it, nor the instance that a volume belongs to. */
function aboutUnselected(world: World, selected: ReadonlyMap<string, readonly Resource[]>): Told[] {
  const chosen = [...selected.values()].flat();
  const served = new Set(chosen.flatMap(({ id, volumes }) => [id, ...volumes.map((volume) => volume.id)]));
  const { backup = "" } = world.tagNames ?? TAG_NAMES;
  return world.resources
    .filter(({ id, tags }) => !served.has(id) && asksFor(tags, world.tagNames) === true)
    .map(({ id, tags }) => {
      const reason = `it has the tag ${backup}=${quoteTag(tags[backup] ?? "")}, and no policy selects it`;
      return { ...NONE, region: world.home, resource: id, cause: "nothing-selected", reason };
    });
}

/** What keeps a selected resource, or a part of what is wanted of it, out of its points. */
function aboutResource(world: World, policy: Policy, resource: Resource): Told[] {
  const told = { ...NONE, region: world.home, policy: policy.name, resource: resource.id };
  if (resource.volumes.length === 0) {
    return [{ ...told, cause: "nothing-selected", reason: "it has no volumes to protect" }];
  }
  const found: Told[] = [];
  const { problems } = overridden(policy, resource, world);
  if (problems.length > 0) {
    const reason = `${problems.join("; ")}: the policy's own value holds`;
    found.push({ ...told, cause: "bad-tag", reason });
  }
  const { volumes, problem } = covered(policy, resource);
  const leftOff = problem === undefined ? sayLeftOff(volumes, policy.copyTags, world) : undefined;
  if (problem !== undefined) found.push({ ...told, ...problem });
  if (leftOff !== undefined) found.push({ ...told, cause: "tags-left-off", reason: leftOff });
  return found;
}

/** What is wrong with an entry; a copy that merely is not whole yet is in progress, not in trouble. */
function trouble(entry: Entry, holding: Holding, home: boolean): { cause: Alert["cause"]; reason: string }[] {
  const found: { cause: Alert["cause"]; reason: string }[] = [];
  const failed = entry.parts.filter((part) => part.state === "error");
  const causes = failed.map((part) => `${part.volume}: ${part.cause ?? "no cause given"}`).join(", ");
  if (failed.length > 0) found.push({ cause: home ? "point-failed" : "copy-failed", reason: causes });
  if (home && entry.state === "incomplete" && (holding.completed[0]?.point.scheduled ?? 0) < entry.point.scheduled) {
    found.push({ cause: "point-failed", reason: sayUnusable(entry) });
  }
  if (entry.doubled) {
    const ids = entry.point.parts.filter((part) => part.state !== "error").map((part) => part.snapshot);
    found.push({ cause: "duplicate-point", reason: `made more than once: ${ids.toSorted().join(", ")}` });
  }
  return found;
}

function aboutPoints(world: World, seen: Seen): Told[] {
  const told: Told[] = [];
  for (const { policy, resource, holdings } of seen.lineages) {
    for (const [region, holding] of holdings) {
      for (const entry of holding.entries) {
        for (const found of trouble(entry, holding, region === world.home)) {
          told.push({ region, policy, resource, point: entry.point.id, ...found });
        }
      }
    }
  }
  return told;
}

/** What a person should know, each once, in a stable order. */
export function planAlerts(
  world: World,
  seen: Seen,
  selected: ReadonlyMap<string, readonly Resource[]>,
  book: Book,
): Alert[] {
  return [
    ...aboutRegions(world),
    ...aboutSelection(world, selected),
    ...planDrops(world, selected),
    ...aboutPoints(world, seen),
    ...overdueCopies(world, seen, book),
    ...planEndings(world, seen, book),
  ]
    .map((told): Alert => ({ do: "alert", ...told }))
    .toSorted(
      (a, b) =>
        compare(a.region, b.region) ||
        compare(a.cause, b.cause) ||
        compare(a.policy, b.policy) ||
        compare(a.resource, b.resource) ||
        compare(a.point, b.point),
    );
}
