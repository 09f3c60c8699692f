import * as v from "valibot";
import type { Memory, RunRequest, Settings, World } from "../../core/model.js";
import { runKeys } from "../../core/names.js";
import { copiesBegun } from "../lib/begun.js";
import type { Bucket } from "../lib/bucket.js";
import { RECENT_MS } from "../lib/claims.js";
import type { ControllerSurvey } from "../lib/controller-survey.js";
import { parseInput } from "../lib/input.js";
import type { Recent } from "../lib/lean.js";
import type { FreeLease } from "../lib/lease.js";
import type { Known, KnownLedger } from "../lib/ledger.js";
import type { Log } from "../lib/log.js";
import { runIdOf } from "../lib/run.js";
import { type FoundStray, readSurvey, type SurveyFile } from "../lib/worldfile.js";

export interface SurveyDeps {
  readonly lease: FreeLease;
  readonly ledger: KnownLedger;
  readonly bucket: Bucket;
  readonly settings: () => Promise<Settings>;
  readonly look: (args: LookArgs) => Promise<ControllerSurvey>;
  readonly now: () => number;
  readonly log: Log;
}

export interface LookArgs {
  readonly settings: Settings;
  readonly requests: readonly RunRequest[];
  readonly memory: Memory;
  readonly now: number;
  readonly recent?: Recent;
  readonly locked?: boolean;
  readonly onStray: (region: string, stray: { readonly snapshot: string; readonly problem: string }) => void;
}

const SurveyEvent = v.strictObject({
  execution: v.pipe(
    v.string(),
    v.check((text) => /^[\w.-]+$/.test(text), "has characters that do not belong into a key"),
  ),
});

/** Takes the lease and reads AWS. With the lease held by another execution there is nothing to do: that one looks again. */
export const makeSurvey = (deps: SurveyDeps) => async (raw: unknown) => {
  const { execution } = parseInput(SurveyEvent, raw, "the event of survey");
  const began = deps.now();
  const runId = runIdOf(began, execution);
  const log = deps.log.child({ runId });
  if (!(await deps.lease.acquire(execution, began))) {
    log.info("coalesced");
    return { held: true, runId };
  }
  // From here on every mark makes this execution look again; what earlier ones told of, maybe of this very moment, is due by now.
  const now = deps.now();
  const settings = await deps.settings();
  const requests = await deps.ledger.requests();
  const memory = await deps.ledger.memory();
  warnOfUnknown(settings, requests, log);
  const { news, points } = await deps.lease.read(now);
  const state = await deps.ledger.state();
  const lately = settings.role === "dr" ? await recentOf(deps, state, { news, points }, now) : undefined;
  const strays: FoundStray[] = [];
  const onStray: LookArgs["onStray"] = (region, stray) => strays.push({ region, ...stray });
  const args = { settings, requests, memory, now, onStray, locked: state.locked === true };
  const { worlds, known, isFollowUp, isLeaning } = await deps.look(
    lately === undefined ? args : { ...args, recent: lately.recent },
  );
  const homes = { run: runId, at: isLeaning && lately ? lately.at : now, news, points };
  const ofDr = settings.role === "dr" && { homes, ...(isFollowUp && { followUp: true }) };
  const file: SurveyFile = { worlds, strays, known, ...ofDr };
  await deps.bucket.write(runKeys(runId).world, file);
  for (const world of worlds) log.info("surveyed", summary(world));
  for (const stray of strays) log.warn("stray snapshot", { ...stray });
  return { held: false, runId };
};

/** What the last run knew, if that is young and nothing but new points and free slots was told of since. */
async function recentOf(
  { bucket }: SurveyDeps,
  { homes }: Known,
  { news, points }: { readonly news: number; readonly points: number },
  now: number,
): Promise<{ readonly at: number; readonly recent: Recent } | undefined> {
  if (homes === undefined || homes.news !== news || now - homes.at > RECENT_MS) return undefined;
  const begun = await copiesBegun(bucket, homes.run);
  if (begun === undefined) return undefined;
  const { worlds } = await readSurvey(bucket, homes.run);
  return { at: homes.at, recent: { worlds, begun, newPoints: homes.points !== points } };
}

function warnOfUnknown(settings: Settings, requests: readonly RunRequest[], log: Log) {
  const known = new Set(settings.policies.map((policy) => policy.name));
  for (const request of requests) {
    if (request.policy !== undefined && !known.has(request.policy))
      log.warn("request for an unknown policy", { ...request });
  }
}

const summary = ({ home, resources, regions }: World) => ({
  home,
  resources: resources.length,
  unknown: Object.keys(regions).filter((region) => !regions[region]?.complete),
});
