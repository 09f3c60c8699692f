import { mkdir } from "node:fs/promises";
import {
  ConcurrentUpdateError,
  type EngineEvent,
  LocalWorkspace,
  type OpMap,
  type OutputMap,
  Stack,
  StackNotFoundError,
} from "@pulumi/pulumi/automation/index.js";
import type { EnvConfig, StackConfig } from "./config.js";
import { envFolder, type Places, type StackRecord } from "./envs.js";
import { removeStaleLocks } from "./locks.js";
import { CommandProblem, messageOf } from "./outcome.js";
import type { Interruption } from "./signals.js";

/** What an operation of the engine did to one stack. */
export interface StackResult {
  readonly stack: string;
  readonly region: string;
  /** How many resources were created, updated, deleted, left the same… */
  readonly changes: OpMap;
  readonly outputs: Readonly<Record<string, unknown>>;
}

export interface EngineOptions {
  readonly interruption: Interruption;
  say(line: string): void;
}

/** The Pulumi engine, as far as the driver needs it. */
export interface Engine {
  /** Writes the settings of the environment's stacks; the tracked files stay as they are. */
  prepare(config: EnvConfig): Promise<void>;
  up(env: string, stack: StackRecord, options: EngineOptions): Promise<StackResult>;
  /** Undefined where there was nothing to remove. */
  down(env: string, stack: StackRecord, options: EngineOptions): Promise<StackResult | undefined>;
  /** Undefined where the stack is not deployed. */
  outputs(env: string, stack: StackRecord): Promise<Readonly<Record<string, unknown>> | undefined>;
}

/** Drives the engine through the Automation API, in the environment's own folder. */
export function automationEngine(places: Places, variables: Readonly<Record<string, string>>): Engine {
  const workspace = async (env: string) => {
    const workDir = envFolder(places, env);
    return LocalWorkspace.create({ workDir, envVars: { ...variables } });
  };
  const open = async (env: string, stack: StackRecord) => Stack.select(stack.name, await workspace(env));
  const backend = variables["PULUMI_BACKEND_URL"];
  return {
    prepare: async (config) => {
      await mkdir(envFolder(places, config.env), { recursive: true });
      const ws = await workspace(config.env);
      await ws.saveProjectSettings({ ...config.project, main: places.project });
      // One after the other: `stack select` writes one file for the whole folder.
      for (const stack of config.stacks) await prepareStack(ws, stack);
    },
    up: (env, record, options) =>
      guarded(record, options, backend, async (watch) => {
        const stack = await open(env, record);
        const result = await stack.up({ signal: options.interruption.forward, onEvent: watch, color: "never" });
        return summary(record, result.summary.resourceChanges, plain(result.outputs));
      }),
    down: (env, record, options) =>
      guarded(record, options, backend, async (watch) => {
        const stack = await unlessMissing(open(env, record));
        if (!stack) return undefined;
        const result = await stack.destroy({ signal: options.interruption.forward, onEvent: watch, color: "never" });
        await stack.workspace.removeStack(record.name, { preserveConfig: true });
        return summary(record, result.summary.resourceChanges, {});
      }),
    outputs: async (env, record) => {
      const stack = await unlessMissing(open(env, record));
      return stack && plain(await stack.outputs());
    },
  };
}

async function prepareStack(workspace: LocalWorkspace, { record, settings }: StackConfig): Promise<void> {
  const before = await workspace.stackSettings(record.name).catch(() => undefined);
  // The salt belongs to the secrets in the state: it outlives each new writing of the settings.
  const salt = before?.encryptionSalt ?? settings.encryptionSalt;
  await workspace.saveStackSettings(record.name, {
    ...settings,
    ...(salt === undefined ? {} : { encryptionSalt: salt }),
  });
  await Stack.createOrSelect(record.name, workspace);
}

const unlessMissing = async (stack: Promise<Stack>): Promise<Stack | undefined> =>
  stack.catch((error: unknown) => {
    if (error instanceof StackNotFoundError) return undefined;
    throw error;
  });

const summary = (
  { id, region }: StackRecord,
  changes: OpMap | undefined,
  outputs: StackResult["outputs"],
): StackResult => ({ stack: id, region, changes: changes ?? {}, outputs });

const plain = (outputs: OutputMap) =>
  Object.fromEntries(Object.entries(outputs).flatMap(([key, o]) => (o.secret ? [] : [[key, o.value]])));

/** Runs an operation; once more when what locked the stack is a process that no longer lives. */
async function guarded<T>(
  record: StackRecord,
  { interruption: { signal }, say }: EngineOptions,
  backend: string | undefined,
  operation: (watch: (event: EngineEvent) => void) => Promise<T>,
): Promise<T> {
  const problems: string[] = [];
  const attempt = async () => {
    signal.throwIfAborted();
    problems.length = 0;
    return operation(watcher(say, problems));
  };
  try {
    return await attempt().catch(async (error: unknown) => {
      if (!(error instanceof ConcurrentUpdateError) || !backend) throw error;
      const removed = await removeStaleLocks(backend, record.name);
      if (removed === 0) throw error;
      say(`removed ${removed} lock(s) of a driver that no longer runs`);
      return attempt();
    });
  } catch (error) {
    throw problemOf(error, record, problems, signal);
  }
}

function problemOf(error: unknown, record: StackRecord, problems: readonly string[], signal: AbortSignal): Error {
  const cause = { cause: error };
  if (error instanceof ConcurrentUpdateError) {
    const who = /created by .*/.exec(error.message)?.[0] ?? "another update is in progress";
    const advice = `Wait for it to end; if it was killed, \`pulumi cancel --stack ${record.name}\` in its folder.`;
    return new CommandProblem("busy", `stack ${record.id} is locked: ${who}. ${advice}`, cause);
  }
  if (signal.aborted)
    return new CommandProblem("failed", `stack ${record.id}: interrupted; run it again to go on.`, cause);
  const why = problems.length > 0 ? problems.join("\n") : messageOf(error);
  return new CommandProblem("failed", `stack ${record.id}: ${why}${leftByKilled(why)}`, cause);
}

/** An engine that was killed cannot write down what it was making; the next one then finds the name taken. */
const leftByKilled = (why: string): string =>
  /already ?(exists|owned)|ResourceConflict/i.test(why)
    ? "\nA run that was killed may have left it. In the sandbox, `lockstep sandbox reset` forgets everything; " +
      "on AWS, delete it or take it over with `pulumi import`."
    : "";

/** Tells of each change, and keeps the errors of the engine's diagnostics. */
const watcher = (say: (line: string) => void, problems: string[]) => (event: EngineEvent) => {
  const step = event.resourcePreEvent?.metadata;
  if (step && step.op !== "same") say(`${step.op} ${step.type} ${step.urn.split("::").at(-1)}`);
  const diagnostic = event.diagnosticEvent;
  if (diagnostic?.severity === "error") problems.push(readable(diagnostic.message));
};

/** Without the engine's colour directives, which look like <{%fg 1%}>, and without the stacks of the program's errors. */
const readable = (message: string): string =>
  message
    .replaceAll(/<\{%.*?%\}>/g, "")
    .split("\n")
    .filter((line) => !/^\s+at /.test(line))
    .join("\n")
    .trim();
