import { kindsInUse } from "../../core/config/kinds.js";
import { type KindRules, rulesOf } from "../../core/model/kind.js";
import type { Inventory, Memory, Point, Policy, RegionView, RunRequest, Settings } from "../../core/model/model.js";
import { drRegionsOf } from "../../core/selection/overrides.js";
import type { Backend, KindView } from "../../kinds/backend.js";
import { causeOf } from "../../kinds/lib/errors.js";
import type { FoundStray } from "../store/survey-file.js";
import { withWorkflows } from "./workflows.js";

/** How long one region may take before it counts as unknown. */
const REGION_DEADLINE_MS = 120_000;

export interface SurveyArgs {
  readonly backends: Readonly<Record<string, Pick<Backend, "list">>>;
  /** Those that are to be read. @default all that the settings have the stack look after */
  readonly kinds?: readonly string[];
  readonly settings: Settings;
  readonly requests: readonly RunRequest[];
  readonly memory?: Memory;
  readonly now: number;
  /** By kind. */
  readonly rules: Readonly<Record<string, Pick<KindRules, "limits" | "resourceKinds" | "config">>>;
  /** Of the region that looks. @default none */
  readonly workflows?: readonly Point[];
  readonly deadlineMs?: number;
  /** Told of each artifact that carries our ownership tag and cannot be placed. */
  readonly onStray?: (stray: FoundStray) => void;
}

/** What was seen of one kind in each region. */
export type KindViews = ReadonlyMap<string, KindView>;

/**
 * Reads AWS, all that there is to know of some kinds, and only reads: one inventory per kind and home region (a DR stack has one
 * per peer, a primary stack one). All regions and kinds are read at the same time, each list of each of them once, and what cannot
 * be read of one kind leaves the others alone.
 */
export async function surveyAll(args: SurveyArgs): Promise<Inventory[]> {
  const { backends, kinds = kindsInUse(args.rules, args.settings) } = args;
  const read = Object.entries(backends).filter(([kind]) => kinds.includes(kind));
  return (await Promise.all(read.map(([kind, backend]) => surveyKind(args, kind, backend)))).flat();
}

async function surveyKind(args: SurveyArgs, kind: string, backend: Pick<Backend, "list">): Promise<Inventory[]> {
  const { homes, others } = regionsOf(args.settings);
  const regions = [...new Set([...homes, ...others])];
  const read = async (region: string) => [region, await viewOf(args, backend, region, homes.includes(region))] as const;
  const seen: KindViews = new Map(await Promise.all(regions.map(read)));
  notifyStrays(args, kind, seen);
  return inventoriesFrom(args, kind, seen);
}

/** A region that could not be read whole, in time, is unknown, never empty. */
async function viewOf(
  { settings, now, deadlineMs: ms = REGION_DEADLINE_MS }: SurveyArgs,
  backend: Pick<Backend, "list">,
  region: string,
  isHome: boolean,
): Promise<KindView> {
  const limit = new AbortController();
  const timer = setTimeout(() => limit.abort(), ms);
  try {
    return await orAborted(limit.signal, backend.list(region, { settings, isHome, now, signal: limit.signal }));
  } catch (error) {
    const { code, message } = causeOf(error);
    const reason = limit.signal.aborted ? `not read within ${ms / 1000} s` : `${code}: ${message}`;
    return { complete: false, reason };
  } finally {
    clearTimeout(timer);
  }
}

/** The SDK ends its request on abort, but not its pauses between attempts. */
function orAborted<T>(signal: AbortSignal, work: Promise<T>): Promise<T> {
  const aborted = new Promise<never>((_, reject) =>
    signal.addEventListener("abort", () => reject(new Error("aborted")), { once: true }),
  );
  return Promise.race([work, aborted]);
}

/** What a stack reads: the homes of resources, and the regions that hold copies. */
export function regionsOf(settings: Settings): {
  readonly homes: readonly string[];
  readonly others: readonly string[];
} {
  return settings.role === "primary"
    ? { homes: [settings.region], others: copyRegions(settings) }
    : { homes: settings.peers, others: [settings.region] };
}

const copyRegions = (settings: Settings): string[] => [
  ...new Set([...settings.peers, ...settings.policies.flatMap((policy) => policy.copy.map((rule) => rule.region))]),
];

function notifyStrays({ onStray }: SurveyArgs, kind: string, seen: KindViews): void {
  for (const [region, found] of seen) {
    for (const stray of (found.complete && found.strays) || []) onStray?.({ ...stray, kind, region });
  }
}

type Read = Pick<SurveyArgs, "settings" | "requests" | "memory" | "now" | "rules" | "workflows">;

/** Puts what was read of each region into one inventory per home. */
export function inventoriesFrom(args: Read, kind: string, seen: KindViews): Inventory[] {
  const { homes, others } = regionsOf(args.settings);
  return homes.map((home) => {
    return inventoryOf(args, { kind, home, regions: [...new Set([home, ...others])] }, seen);
  });
}

interface Scope {
  readonly kind: string;
  readonly home: string;
  readonly regions: readonly string[];
}

function inventoryOf(args: Read, { kind, home, regions }: Scope, seen: KindViews): Inventory {
  const { settings, memory, rules, workflows = [] } = args;
  const { limits, resourceKinds } = rulesOf(rules, kind);
  const view = (region: string): RegionView => {
    const found = seen.get(region);
    if (!found?.complete) return { complete: false, reason: found?.reason ?? "not read" };
    const isOurs = (point: Point) =>
      point.region === region && point.home === home && resourceKinds.includes(point.kind);
    const points = withWorkflows(
      found.points.filter((point) => point.home === home),
      workflows.filter(isOurs),
    );
    const { strays: _, ...all } = found;
    return { ...all, points };
  };
  const { mode, tagNames, orphanAfterMs, approveAbove } = settings;
  const quotas = settings.quotas?.[kind];
  return {
    now: args.now,
    kind,
    home,
    policies: settings.policies.map((policy) => within(policy, regions)),
    regions: Object.fromEntries(regions.map((region) => [region, view(region)])),
    requests: args.requests,
    limits,
    ...(quotas === undefined ? {} : { quotas }),
    tags: settings.tags,
    drRegions: drRegionsOf(settings.policies),
    ...(mode === undefined ? {} : { mode }),
    ...{ tagNames, orphanAfterMs, approveAbove },
    ...(memory === undefined ? {} : { memory }),
  };
}

/** A DR stack looks at its own copies only; those in other DR regions are the business of the primary and of their own stacks. */
const within = (policy: Policy, regions: readonly string[]): Policy => ({
  ...policy,
  copy: policy.copy.filter((rule) => regions.includes(rule.region)),
});
