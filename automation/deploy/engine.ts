import { mkdir } from "node:fs/promises";
import { join } from "node:path";
import {
  type EngineEvent,
  type LocalWorkspace,
  type OpMap,
  type OutputMap,
  Stack,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import { uninterrupted } from "../cli/signals.js";
import { clientConfig } from "../estate/client-config.js";
import type { EnvConfig, StackConfig } from "./config.js";
import { envFolder, type Places, type StackRecord } from "./envs.js";
import { type GuardOptions, guarded } from "./guard.js";
import { type Lock, locksOf } from "./locks.js";
import { obstaclesTo } from "./obstacles.js";
import { openIn } from "./pending.js";
import { type Decisions, recovering } from "./recovery.js";
import { mendSidecars } from "./sidecars.js";
import { recoverable } from "./stack-state.js";
import { openWorkspace, withoutHistory } from "./workspace.js";

/** One thing that an operation would do, did or found. */
export interface Step {
  readonly op: string;
  readonly type: string;
  readonly name: string;
  /** The properties that differ. */
  readonly differs: readonly string[];
}

/** What an operation of the engine did to one stack. */
export interface StackResult {
  readonly stack: string;
  readonly region: string;
  /** How many resources were created, updated, deleted, left the same… */
  readonly changes: OpMap;
  readonly outputs: Readonly<Record<string, unknown>>;
}

/** What an operation of the engine would change in one stack, or found changed. */
export interface StackChanges extends Omit<StackResult, "outputs"> {
  readonly steps: readonly Step[];
}

export interface EngineOptions extends GuardOptions {
  /** What a person knows of resources whose making was interrupted. */
  readonly decisions?: Decisions;
}

/** The Pulumi engine, as far as the driver needs it. Whatever an interrupted run left is made right before a change. */
export interface Engine {
  /** Writes the settings of the environment's stacks; the tracked files stay as they are. */
  prepare(config: EnvConfig): Promise<void>;
  up(env: string, stack: StackRecord, options: EngineOptions): Promise<StackResult>;
  /** What `up` would change. */
  preview(env: string, stack: StackRecord, options: EngineOptions): Promise<StackChanges>;
  /** Brings the state to what is there; says what had changed. */
  refresh(env: string, stack: StackRecord, options: EngineOptions): Promise<StackChanges>;
  /** Undefined where there was nothing to remove. */
  down(env: string, stack: StackRecord, options: EngineOptions): Promise<StackResult | undefined>;
  /** Undefined where the stack is not deployed. */
  outputs(env: string, stack: StackRecord): Promise<Readonly<Record<string, unknown>> | undefined>;
  /** Who has the stack to himself; undefined in a backend that does not tell. */
  locks(stack: StackRecord): Promise<readonly Lock[] | undefined>;
  /** Takes a stack's lock away, whoever has it. */
  cancel(env: string, stack: StackRecord): Promise<void>;
  /** Forgets a stack that was prepared and holds nothing. */
  discard(env: string, stack: StackRecord): Promise<void>;
  /** What an interrupted run left open, for people. */
  interrupted(env: string, stack: StackRecord): Promise<readonly string[]>;
  /** What would stop `down` half-way, for people. Fails where that cannot be known. */
  obstacles(env: string, stack: StackRecord, decisions: Decisions): Promise<readonly string[]>;
}

/** Drives the engine through the Automation API, in the environment's own folder. */
export function automationEngine(places: Places, variables: Readonly<Record<string, string>>): Engine {
  const backend = variables["PULUMI_BACKEND_URL"] ?? process.env["PULUMI_BACKEND_URL"];
  // Selecting a stack starts the engine's program: those that were prepared are selected already.
  const prepared = new Map<string, Stack>();
  const workspace = async (env: string, secretsProvider?: string) => {
    await mendSidecars(backend);
    const workDir = envFolder(places, env);
    const own = secretsProvider === undefined ? {} : { secretsProvider };
    return openWorkspace({ workDir, envVars: { ...variables }, ...own });
  };
  const open = async (env: string, { name }: StackRecord) =>
    prepared.get(join(env, name)) ?? withoutHistory(await Stack.select(name, await workspace(env)));
  const run = <T>(record: StackRecord, options: EngineOptions, operation: Operation<T>) =>
    guarded(record, options, backend, (watch) => watched(options, watch, operation));
  /** Runs an operation on a state in which nothing is left open. */
  const changing = <T>(stack: Stack, record: StackRecord, options: EngineOptions, change: () => Promise<T>) =>
    recovering(recoverable(stack, record.region, variables, options.interruption), options, change);
  return {
    prepare: async (config) => {
      await mkdir(envFolder(places, config.env), { recursive: true });
      await (await workspace(config.env)).saveProjectSettings({ ...config.project, main: places.project });
      // One after the other: `stack select` writes one file for the whole folder.
      for (const stack of config.stacks) {
        const provider = providerOf(stack, variables);
        const own = await workspace(config.env, provider);
        prepared.set(join(config.env, stack.record.name), await prepareStack(own, stack, provider));
      }
    },
    up: (env, record, options) =>
      run(record, options, async (operation, told) => {
        const stack = await open(env, record);
        const result = await changing(stack, record, options, () => stack.up(operation));
        return { ...summary(record, told), outputs: plain(result.outputs) };
      }),
    preview: (env, record, options) =>
      run(record, options, async (operation, told) => {
        await (await open(env, record)).preview(operation);
        return { ...summary(record, told), steps: told.steps };
      }),
    refresh: (env, record, options) =>
      run(record, options, async (operation, told) => {
        const stack = await open(env, record);
        await changing(stack, record, options, () => stack.refresh(operation));
        return { ...summary(record, told), steps: told.steps };
      }),
    down: (env, record, options) =>
      run(record, options, async (operation, told) => {
        const stack = await unlessMissing(open(env, record));
        if (!stack) return undefined;
        await changing(stack, record, options, () => stack.destroy(operation));
        prepared.delete(join(env, record.name));
        await stack.workspace.removeStack(record.name, { preserveConfig: true });
        return { ...summary(record, told), outputs: {} };
      }),
    outputs: async (env, record) => {
      const stack = await unlessMissing(open(env, record));
      return stack && plain(await stack.outputs());
    },
    locks: async (record) => (backend === undefined ? undefined : locksOf(backend, record.name)),
    cancel: async (env, record) => {
      await (await unlessMissing(open(env, record)))?.cancel();
    },
    discard: async (env, record) => {
      prepared.delete(join(env, record.name));
      await (await workspace(env)).removeStack(record.name, { preserveConfig: true });
    },
    interrupted: async (env, record) => {
      const stack = await unlessMissing(open(env, record));
      return stack ? openIn(await recoverable(stack, record.region, variables, uninterrupted()).read()) : [];
    },
    obstacles: async (env, record, decisions) => {
      const stack = await unlessMissing(open(env, record));
      if (!stack) return [];
      const state = recoverable(stack, record.region, variables, uninterrupted());
      return obstaclesTo(state, { env, decisions, config: clientConfig(record.region, variables) });
    },
  };
}

interface ApiOptions {
  readonly signal: AbortSignal;
  readonly onEvent: (event: EngineEvent) => void;
  readonly color: "never";
}

type Operation<T> = (options: ApiOptions, told: Told) => Promise<T>;

/** Runs an operation of the Automation API and gathers what its events tell, beside whoever else watches. */
function watched<T>({ interruption }: GuardOptions, watch: ApiOptions["onEvent"], operation: Operation<T>) {
  const told = new Told();
  const onEvent = (event: EngineEvent) => {
    watch(event);
    told.take(event);
  };
  return operation({ signal: interruption.forward, onEvent, color: "never" }, told);
}

/** Who encrypts a stack's secrets; the sandbox brings a passphrase of its own, and has none of AWS's keys. */
const providerOf = ({ settings }: StackConfig, variables: Readonly<Record<string, string>>): string | undefined =>
  variables["PULUMI_CONFIG_PASSPHRASE"] === undefined ? settings.secretsProvider : undefined;

/** What a stack's secrets are encrypted with. */
interface Secrets {
  readonly encryptionSalt?: string | undefined;
  readonly encryptedKey?: string | undefined;
  readonly secretsProvider?: string | undefined;
}

async function prepareStack(workspace: LocalWorkspace, stack: StackConfig, provider?: string): Promise<Stack> {
  const { name } = stack.record;
  const { encryptionSalt, encryptedKey, secretsProvider, ...settings } = stack.settings;
  const before = await workspace.stackSettings(name).catch(() => undefined);
  const isKnown = before?.encryptionSalt !== undefined || before?.encryptedKey !== undefined;
  // What the secrets in the state are encrypted with outlives each new writing of the settings.
  const secrets: Secrets = isKnown
    ? before
    : provider === undefined
      ? { encryptionSalt }
      : { encryptedKey, secretsProvider };
  await workspace.saveStackSettings(name, {
    ...settings,
    ...defined("encryptionSalt", secrets.encryptionSalt),
    ...defined("encryptedKey", secrets.encryptedKey),
    ...defined("secretsProvider", secrets.secretsProvider),
  });
  return withoutHistory(await Stack.createOrSelect(name, workspace));
}

const defined = <K extends string>(key: K, value: string | undefined): Partial<Record<K, string>> =>
  // A computed key makes TypeScript forget which one it is.
  value === undefined ? {} : ({ [key]: value } as Record<K, string>);

const unlessMissing = async (stack: Promise<Stack>): Promise<Stack | undefined> =>
  stack.catch((error: unknown) => {
    if (error instanceof StackNotFoundError) return undefined;
    throw error;
  });

const summary = ({ id, region }: StackRecord, { changes }: Told) => ({ stack: id, region, changes });

const plain = (outputs: OutputMap) =>
  Object.fromEntries(Object.entries(outputs).flatMap(([key, o]) => (o.secret ? [] : [[key, o.value]])));

/** What the engine's events tell of an operation. */
class Told {
  readonly steps: Step[] = [];
  changes: OpMap = {};

  take({ resOutputsEvent, summaryEvent }: EngineEvent): void {
    if (summaryEvent) this.changes = summaryEvent.resourceChanges;
    // A preview says what it would do before it "does" it, a refresh what it found after it did.
    const step = resOutputsEvent?.metadata;
    if (!step || ["same", "read", "refresh"].includes(step.op) || step.type === "pulumi:pulumi:Stack") return;
    const differs = Object.keys(step.detailedDiff ?? {});
    const name = step.urn.split("::").at(-1) ?? step.urn;
    this.steps.push({ op: step.op, type: step.type, name, differs: differs.length > 0 ? differs : (step.diffs ?? []) });
  }
}
