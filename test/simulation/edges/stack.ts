import type { Role } from "../../../core/model/model.js";
import { FUNCTIONS, type FunctionName, names, SETTINGS_KEY } from "../../../core/names/names.js";
import { runIdOf } from "../../../functions/execute/run.js";
import { reconcile, type StateMachine } from "../../../machines/reconcile.asl.js";
import { LAMBDA_SECONDS } from "../../../machines/timeouts.js";
import { awsError } from "../../cloud/errors.js";
import { MemoryBucket, MemoryTable } from "../../functions/fakes.js";
import { asConfig } from "../../support/settings.js";
import { Config } from "../config.js";
import type { Frame } from "../frame.js";
import type { Voices } from "../promises/voices.js";
import { SECOND, type StackSpec } from "../scenario.js";
import type { Run } from "../world/snap.js";
import { arnsOf } from "./arns.js";
import { Callers } from "./callers.js";
import { Fate } from "./fate.js";
import { type Deps, type Habits, handlerOf } from "./functions.js";
import { type Blow, Invocation, type Kind } from "./invocation.js";
import { Aborted, execute } from "./machine.js";
import { bucketOf, tableOf, transactOf } from "./stores.js";

/** What stacks share. */
export interface Land {
  readonly frame: Frame;
  readonly habits: Habits;
  readonly wake: () => void;
  readonly bucketIn: (region: string, role: Role) => MemoryBucket;
  readonly voices: Voices;
}

interface Execution {
  readonly name: string;
  isAborted: boolean;
  running: Invocation | undefined;
}

const RUNS_KEPT = 12;

/** A deployed stack: table, bucket, functions, state machine, schedules and queue. */
export class Stack {
  readonly spec: StackSpec;
  readonly bucket = new MemoryBucket();
  readonly table = new MemoryTable();
  readonly fate = new Fate();
  readonly config: Config;
  readonly #land: Land;
  readonly #machine: StateMachine;
  readonly #executions = new Set<Execution>();
  readonly #invocations = new Set<Invocation>();
  readonly #runs = new Map<string, Run>();
  /** Who calls it: schedules, the tick, events and people. */
  readonly callers: Callers;
  #serial = 0;

  constructor(spec: StackSpec, land: Land) {
    this.spec = spec;
    this.config = new Config(spec.settings);
    this.#land = land;
    this.#machine = reconcile(arnsOf(spec));
    this.deploy();
    const trigger = (event: unknown): Promise<unknown> => this.#invoke("trigger", event, undefined);
    this.callers = new Callers(this, land.frame, trigger);
  }

  /** Writes the settings as they are now. */
  deploy(): void {
    this.bucket.objects.set(SETTINGS_KEY, JSON.stringify(asConfig(this.config.now)));
  }

  /** StartExecution: answers at once, whatever becomes of it. */
  start(): string {
    const execution: Execution = { name: `e${++this.#serial}`, isAborted: false, running: undefined };
    const { dice, engine, story, verdict } = this.#land.frame;
    verdict.runs += 1;
    this.#executions.add(execution);
    const sleep = async (ms: number): Promise<void> => {
      await new Promise<void>((resolve) =>
        engine.at(engine.now + ms, () => {
          this.#land.wake();
          resolve();
        }),
      );
      if (execution.isAborted) throw new Aborted();
    };
    const id = `${this.spec.name} ${execution.name}`;
    const invoke = (arn: string, payload: unknown): Promise<unknown> => this.#step(arn, payload, execution);
    const roll = (what: string): number => dice.roll(id, what, engine.now);
    execute(this.#machine, { name: execution.name, invoke, sleep, roll })
      .then(
        (outcome) => story?.say(`${id} ${outcome}`),
        (error: unknown) => {
          if (!(error instanceof Aborted)) throw error;
          story?.say(`${id} is stopped`);
        },
      )
      .finally(() => this.#executions.delete(execution));
    return `arn:aws:states:::execution:${execution.name}`;
  }

  async #step(arn: string, payload: unknown, execution: Execution): Promise<unknown> {
    const fn = FUNCTIONS.find((name) =>
      arn.endsWith(names(this.spec.settings.deployment, this.spec.settings.role).lambda(name)),
    );
    if (fn === undefined) throw new Error(`the state machine calls ${arn}, which is none of ours`);
    try {
      const answer = await this.#invoke(fn, payload, execution);
      if (this.fate.losesAnswer("again")) {
        this.#struck(`${this.spec.name} ${execution.name}: the answer of ${fn} is lost`);
        throw awsError("Lambda.SdkClientException", "the answer was lost");
      }
      return answer;
    } catch (error) {
      if (execution.isAborted) throw new Aborted();
      throw error;
    }
  }

  #invoke(fn: FunctionName, event: unknown, execution: Execution | undefined): Promise<unknown> {
    const { cloud, dice, engine, story } = this.#land.frame;
    const id = `${this.spec.name} ${fn} ${++this.#serial}`;
    const blow = (kind: Kind): Blow | undefined => this.#blow(kind, execution, id);
    const invocation = new Invocation(id, { engine, dice, blow, wake: this.#land.wake });
    this.#invocations.add(invocation);
    if (execution !== undefined) execution.running = invocation;
    engine.at(engine.now + LAMBDA_SECONDS[fn] * SECOND, () =>
      invocation.die(() => awsError("Sandbox.Timedout", `${fn} timed out`)),
    );
    const peerRole = this.spec.settings.role === "primary" ? "dr" : "primary";
    const deps: Deps = {
      spec: this.spec,
      cloud,
      invocation,
      run: this.#runOf(fn, event, execution),
      table: tableOf(this.table, invocation),
      transact: transactOf(this.table, invocation),
      bucket: bucketOf(this.bucket, invocation),
      peerBucket: (region) => bucketOf(this.#land.bucketIn(region, peerRole), invocation, this.#reach(region)),
      start: () => this.start(),
      publish: (message) => {
        story?.say(`${this.spec.name} says: ${message.subject}`);
        this.#land.voices.says(this.spec, message);
      },
      habits: this.#land.habits,
    };
    // Events travel as JSON.
    const sent: unknown = JSON.parse(JSON.stringify(event));
    return invocation.run(() => handlerOf(fn, deps)(sent)).finally(() => this.#invocations.delete(invocation));
  }

  #reach = (region: string) => (): void => {
    if (!this.#land.frame.cloud.weather.reaches(this.spec.name, region))
      throw awsError("TimeoutError", `no answer from ${region}`);
  };

  /** What an invocation may know: a survey begins a look, the others go on with it. */
  #runOf(fn: FunctionName, event: unknown, execution: Execution | undefined): Run {
    const runId = typeof event === "object" && event !== null && "runId" in event ? String(event.runId) : "";
    const known = this.#runs.get(runId);
    if (known !== undefined) return known;
    const { cloud, engine } = this.#land.frame;
    const policies = new Set(this.config.now.policies.map(({ name }) => name));
    const holds = (): boolean =>
      this.table.items.get(JSON.stringify(["lease", "lease"]))?.["holder"] === execution?.name;
    const run: Run = { stack: this.spec, began: engine.now, unknown: new Set(), policies, holds };
    if (fn === "survey" && execution !== undefined) {
      this.#runs.set(runIdOf(engine.now + cloud.weather.skew(this.spec.name), execution.name), run);
      this.#forget();
    }
    return run;
  }

  /** Old runs' objects are gone, as by the bucket's lifecycle. */
  #forget(): void {
    const [oldest] = this.#runs.keys();
    if (oldest === undefined || this.#runs.size <= RUNS_KEPT) return;
    this.#runs.delete(oldest);
    for (const key of this.bucket.objects.keys())
      if (key.startsWith(`runs/${oldest}/`)) this.bucket.objects.delete(key);
  }

  #blow(kind: Kind, execution: Execution | undefined, id: string): Blow | undefined {
    const next = this.fate.next(kind);
    if (next === undefined) return undefined;
    if (next.kind === "stop" && execution !== undefined) execution.isAborted = true;
    this.#land.frame.cloud.weather.feel(next.kind);
    this.#struck(`${id}: ${next.blow}`);
    return next.blow;
  }

  #struck(what: string): void {
    const { frame, voices } = this.#land;
    voices.blow(this.spec);
    frame.story?.say(what);
  }

  /** The world ends in the middle of what runs: timers of the functions, which are real, must not outlive it. */
  drop(): void {
    for (const invocation of this.#invocations) invocation.drop();
  }

  /** The region is gone, and everything that ran there. */
  halt(): void {
    this.#land.voices.blow(this.spec);
    for (const execution of this.#executions) execution.isAborted = true;
    for (const invocation of this.#invocations)
      invocation.die(() => awsError("Lambda.ServiceException", "the region is gone"));
    this.callers.forget();
  }
}
