import type { RulesTable } from "../../core/model/kind.js";
import type { Action, Inventory, Settings } from "../../core/model/model.js";
import { runKeys, type Verb } from "../../core/names/names.js";
import { actionsFor, planAll } from "../../core/planner/planner.js";
import { makeDelete } from "../../functions/delete/delete.js";
import { readResults } from "../../functions/execute/result.js";
import { runIdOf } from "../../functions/execute/run.js";
import { surveyAll } from "../../functions/lib/survey.js";
import { makeMake } from "../../functions/make/make.js";
import { makeClaims } from "../../functions/store/claims.js";
import { makeLease } from "../../functions/store/lease.js";
import { makeWorkflows, type Workflows } from "../../functions/store/workflows.js";
import { type Executions, knownWorkflows } from "../../functions/survey/executions.js";
import type { Backend } from "../../kinds/backend.js";
import { MemoryBucket, MemoryTable, memoryLog } from "../functions/fakes.js";

const LONG = { remainingMs: 300_000 };
const VERBS: readonly Verb[] = ["create", "copy", "delete"];

/** What a stack has of one kind. */
export interface Having {
  readonly kind: string;
  readonly rules: RulesTable;
  readonly workshop: Executions;
  backendIn(region: string): Backend;
}

/** One stack, which runs its functions after each other: survey, plan, make and delete, as they are. */
export class KindStack {
  readonly bucket = new MemoryBucket();
  readonly settings: Settings;
  readonly #table = new MemoryTable();
  readonly #lease = makeLease(this.#table);
  readonly #workflows: Workflows;
  readonly #having: Having;
  readonly #now: () => number;
  readonly #peer: () => KindStack;
  #runs = 0;

  constructor(settings: Settings, having: Having, now: () => number, peer: () => KindStack) {
    this.settings = settings;
    this.#having = having;
    this.#now = now;
    this.#workflows = makeWorkflows(this.#table, now);
    this.#peer = peer;
  }

  /** One run; says what it saw, what was planned for the own region, and what became of that. */
  async run() {
    const { inventories, actions, own } = await this.look();
    return { inventories, actions, own, results: await this.carryOut(own) };
  }

  async look(): Promise<{ inventories: Inventory[]; actions: Action[]; own: Action[] }> {
    const { settings } = this;
    const backends = { [this.#having.kind]: this.#having.backendIn(settings.region) };
    const flows = { workflows: this.#workflows, executions: this.#having.workshop, now: this.#now };
    const workflows = await knownWorkflows(flows, memoryLog());
    const seen = { backends, rules: this.#having.rules, settings, requests: [], workflows, now: this.#now() };
    const inventories = await surveyAll(seen);
    const actions = planAll(inventories, this.#having.rules);
    return { inventories, actions, own: actionsFor(settings.region, actions) };
  }

  async carryOut(own: readonly Action[]) {
    const { bucket, settings } = this;
    this.#runs += 1;
    const execution = `execution-${this.#runs}`;
    const runId = runIdOf(this.#now(), execution);
    await this.#lease.acquire(execution, this.#now());
    const backend = this.#having.backendIn(settings.region);
    const deps = {
      ...{ bucket, lease: this.#lease, log: memoryLog(), now: this.#now, region: settings.region },
      backendOf: () => backend,
      peerBucket: () => this.#peer().bucket,
      claims: makeClaims(this.#table, (writes) => this.#table.transact(writes)),
      workflows: this.#workflows,
      settings: async () => settings,
    };
    const functions = { make: makeMake(deps), delete: makeDelete(deps) };
    const results = [];
    for (const verb of VERBS) {
      const mine = own.filter((action) => action.do === verb);
      await bucket.writeLines(runKeys(runId).actions(verb), mine);
      const execute = verb === "delete" ? functions.delete : functions.make;
      await execute({ runId, offset: 0, do: verb }, LONG);
      results.push(...(await readResults(bucket, runId, verb, mine.length)));
    }
    await this.#lease.abandon(execution);
    return results;
  }
}
