import { mkdtemp, rm } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { SFNClient, StartExecutionCommand } from "@aws-sdk/client-sfn";
import { dispatch } from "../../automation/cli/dispatch.js";
import type { Outcome } from "../../automation/cli/outcome.js";
import { type Progress, silentProgress } from "../../automation/cli/progress.js";
import { uninterrupted } from "../../automation/cli/signals.js";
import type { Overrides } from "../../automation/deploy/config.js";
import { requireEnv } from "../../automation/deploy/envs.js";
import { clientConfig } from "../../automation/estate/client-config.js";
import type { Deps, Estate } from "../../automation/estate/deps.js";
import { realDeps } from "../../automation/real.js";
import { names } from "../../core/names/names.js";
import { type Admin, adminOf } from "../../demo/admin.js";
import type { Readers } from "../../demo/proof.js";
import { readersOf } from "../../demo/restored.js";
import type { Item } from "../../functions/store/items.js";
import { type Ledger, makeLedger } from "../../functions/store/ledger.js";
import { dynamoTable, type Table } from "../../functions/store/table.js";
import { environment, admin as request, startForTest, type TestSandbox } from "../../sandbox/control.js";
import type { EventFault } from "../../sandbox/faults/events.js";
import { commandOf } from "../support/command.js";

export const PROJECT = resolve(__dirname, "..", "..");
export const PRIMARY = "us-east-1";
export const DR = "us-west-2";
export const DEPLOYMENT = "lockstep";
export const POLICY = "daily";

/** Half a day off, so that it comes due by itself in no test: only where the clock is moved to it. */
export const SCHEDULE = `cron(0 ${(new Date().getUTCHours() + 12) % 24} * * ? *)`;

/** A policy that keeps little, so that a few cycles show what retention does, and maybe others beside it. */
export const configOf = (...others: readonly object[]): Overrides => ({
  // On AWS events are gathered for longer; here nobody wants to wait.
  "lockstep:batchSeconds": 1,
  "lockstep:policies": [
    {
      name: POLICY,
      select: { key: "Backup", value: "daily" },
      schedule: SCHEDULE,
      retain: { count: 2 },
      copy: [{ region: DR, retain: { count: 1 } }],
    },
    ...others,
  ],
});
export const CONFIG = configOf();

/**
 * A sandbox and a driver of their own: nothing of the checkout's `.lockstep` is touched.
 *
 * A case that needs two deployed regions and no more joins a suite that has them: a function in a file of its own that is handed
 * the harness, as whatPeopleAsk (people.ts) is by cycle.test.ts, with a policy and resources that no other case selects.
 */
export class Harness {
  readonly deps: Deps;
  readonly admin: Admin;
  readonly #sandbox: TestSandbox;
  readonly #home: string;

  private constructor(sandbox: TestSandbox, home: string) {
    this.#sandbox = sandbox;
    this.#home = home;
    this.deps = realDeps(PROJECT, silentProgress, uninterrupted(), home);
    this.admin = adminOf(sandbox.info.endpoint);
  }

  static async start(): Promise<Harness> {
    const home = await mkdtemp(join(tmpdir(), "lockstep-e2e-"));
    return new Harness(await startForTest({ stateDir: join(home, "sandbox") }), home);
  }

  async stop(): Promise<void> {
    await this.#sandbox.close();
    await rm(this.#home, { recursive: true, force: true });
  }

  get variables(): Record<string, string> {
    return environment(this.#sandbox.info);
  }

  /** What reads copies back. */
  get readers(): Readers {
    const { admin, deps, variables } = this;
    return readersOf({ admin, deps, config: (region) => clientConfig(region, variables) });
  }

  /** What a shell command of ours does, without the process. */
  command(line: string, progress: Progress = silentProgress): Promise<Outcome> {
    return dispatch(commandOf(...line.split(" ")), { ...this.deps, progress });
  }

  async estate(): Promise<Estate> {
    return this.deps.estate(await requireEnv(this.deps.places, "default"), this.variables);
  }

  /** A client of the test's own: its calls are not counted as the driver's. */
  client<T>(type: new (config: ReturnType<typeof clientConfig>) => T, region: string): T {
    return new type(clientConfig(region, { ...this.variables, AWS_ACCESS_KEY_ID: "harness" }));
  }

  ledger(role: "primary" | "dr"): Ledger {
    return makeLedger(this.#table(role));
  }

  /** What a controller's ledger has of its runs, the oldest first. */
  runs(role: "primary" | "dr"): Promise<readonly Item[]> {
    return this.#table(role).list("run");
  }

  #table(role: "primary" | "dr"): Table {
    const client = this.client(DynamoDBClient, role === "primary" ? PRIMARY : DR);
    return dynamoTable(client, names(DEPLOYMENT, role).table);
  }

  /** The tick of a controller, as if its minute had passed since the last run. */
  async tick(role: "primary" | "dr"): Promise<unknown> {
    const aMinuteAgo = Date.now() - 60_000;
    const { lastRun } = await this.ledger(role).state();
    const state = { pk: "state", sk: "state" };
    if (lastRun > aMinuteAgo) await this.#table(role).update(state, { set: { lastRun: aMinuteAgo } });
    const client = this.client(LambdaClient, role === "primary" ? PRIMARY : DR);
    const FunctionName = names(DEPLOYMENT, role).lambda("trigger");
    const answer = await client.send(new InvokeCommand({ FunctionName, Payload: Buffer.from('{"kind":"tick"}') }));
    const text = Buffer.from(answer.Payload ?? []).toString();
    if (answer.FunctionError !== undefined) throw new Error(`${FunctionName}: ${text}`);
    return JSON.parse(text);
  }

  /** Another execution of a controller's state machine, whatever runs already. */
  async overlap(role: "primary" | "dr"): Promise<void> {
    const region = role === "primary" ? PRIMARY : DR;
    const client = this.client(SFNClient, region);
    const stateMachineArn = `arn:aws:states:${region}:000000000000:stateMachine:${names(DEPLOYMENT, role).stateMachine}`;
    await client.send(new StartExecutionCommand({ stateMachineArn, input: "{}" }));
  }

  /** One request of the sandbox's admin API. */
  request(method: string, path: string, body?: unknown): Promise<unknown> {
    return request(this.#sandbox.info, method, path, body);
  }

  /** Whatever else is to go wrong (docs/sandbox.md, "Faults"); nothing any more with `undefined`. */
  async goesWrong(faults: object | undefined): Promise<void> {
    if (faults) await request(this.#sandbox.info, "POST", "faults", faults);
    else await request(this.#sandbox.info, "DELETE", "faults");
  }

  /** Events of EBS that are lost, late or come twice; none with `undefined`. */
  async faults(events: EventFault | undefined): Promise<void> {
    await request(this.#sandbox.info, "DELETE", "faults");
    if (events) await request(this.#sandbox.info, "POST", "faults", { events });
  }
}

/** How many times longer everything may take beside other work than on two quiet processors. */
const SLACK = 6;

/**
 * Waits for a condition; fails with what is still wrong when the time is up, which is told as it is on quiet processors. Empty
 * means that it is met.
 */
export async function until(what: string, withinMs: number, wrong: () => Promise<readonly string[]>): Promise<void> {
  const most = SLACK * withinMs;
  const deadline = Date.now() + most;
  for (;;) {
    const reasons = await wrong();
    if (reasons.length === 0) return;
    if (Date.now() > deadline) throw new Error(`${what}: not within ${most / 1000} s: ${reasons.join("; ")}`);
    await new Promise((done) => setTimeout(done, 250));
  }
}
