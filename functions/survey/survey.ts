import * as v from "valibot";
import { knownView, livingIn } from "../../core/inventory/lineage.js";
import type { Inventory, RunRequest, Settings } from "../../core/model/model.js";
import { runKeys } from "../../core/names/names.js";
import { parseInput } from "../../kinds/lib/input.js";
import type { Log } from "../../kinds/lib/log.js";
import { runIdOf } from "../execute/run.js";
import type { SurveyArgs } from "../lib/survey.js";
import type { Bucket } from "../store/bucket.js";
import type { Lease } from "../store/lease.js";
import type { Ledger } from "../store/ledger.js";
import { readRefused } from "../store/refused.js";
import type { FoundStray, SurveyFile } from "../store/survey-file.js";
import type { Workflows } from "../store/workflows.js";
import { type Executions, knownWorkflows } from "./executions.js";
import { kindsToRead } from "./kinds.js";

export interface SurveyDeps {
  readonly lease: Lease;
  readonly ledger: Ledger;
  readonly bucket: Bucket;
  readonly settings: () => Promise<Settings>;
  /** All that the stack looks after. */
  readonly kinds: (settings: Settings) => readonly string[];
  readonly workflows: Pick<Workflows, "end" | "read">;
  readonly executions: Executions;
  /** Those of the stacks at the other end. */
  readonly peerBuckets: (settings: Settings) => readonly Bucket[];
  readonly look: (args: LookArgs) => Promise<readonly Inventory[]>;
  readonly now: () => number;
  readonly log: Log;
}

export type LookArgs = Omit<SurveyArgs, "backends" | "rules" | "deadlineMs">;

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
  const log = deps.log.createChild({ persistentKeys: { runId } });
  if (!(await deps.lease.acquire(execution, began))) {
    log.info("coalesced");
    return { held: true, runId };
  }
  // From here on every mark makes this execution look again; what earlier ones told of, maybe of this very moment, is due by now.
  const now = deps.now();
  const settings = await deps.settings();
  const tidings = await deps.lease.tidings();
  const all = deps.kinds(settings);
  const kinds = kindsToRead(all, { tidings, state: await deps.ledger.state(), now });
  const requests = await deps.ledger.requests();
  const refused = await readRefused([deps.bucket, ...deps.peerBuckets(settings)], (error) =>
    log.warn("what a region refused is not known", { error }),
  );
  const memory = { ...(await deps.ledger.memory()), refused };
  warnOfUnknown(settings, requests, log);
  const strays: FoundStray[] = [];
  const onStray: LookArgs["onStray"] = (stray) => strays.push(stray);
  const workflows = await knownWorkflows(deps, log);
  const inventories = await deps.look({ kinds, workflows, settings, requests, memory, now, onStray });
  const file: SurveyFile = { inventories, strays, kinds, isAll: kinds.length === all.length, tidings };
  await deps.bucket.write(runKeys(runId).survey, file);
  for (const inventory of inventories) log.info("surveyed", summary(inventory));
  for (const stray of strays) log.warn("stray artifact", { ...stray });
  return { held: false, runId };
};

function warnOfUnknown(settings: Settings, requests: readonly RunRequest[], log: Log) {
  const known = new Set(settings.policies.map((policy) => policy.name));
  for (const request of requests) {
    if (request.policy !== undefined && !known.has(request.policy))
      log.warn("request for an unknown policy", { ...request });
  }
}

const summary = (inventory: Inventory) => ({
  kind: inventory.kind,
  home: inventory.home,
  resources: livingIn(inventory)?.length,
  unknown: Object.keys(inventory.regions).filter((region) => knownView(inventory, region) === undefined),
});
