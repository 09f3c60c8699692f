import { ConcurrentUpdateError, type EngineEvent } from "@pulumi/pulumi/automation/index.js";
import { CommandProblem, messageOf } from "../cli/outcome.js";
import type { Say } from "../cli/progress.js";
import type { Interruption } from "../cli/signals.js";
import type { StackRecord } from "./envs.js";
import { removeStaleLocks } from "./locks.js";

export interface GuardOptions {
  readonly interruption: Interruption;
  readonly say: Say;
}

/** What is done to a stack; `watch` takes the engine's events. */
type Operation<T> = (watch: (event: EngineEvent) => void) => Promise<T>;

/** Runs an operation; once more when what locked the stack is a process that no longer lives. */
export async function guarded<T>(
  record: StackRecord,
  { interruption: { signal }, say }: GuardOptions,
  backend: string | undefined,
  operation: Operation<T>,
): Promise<T> {
  const problems: string[] = [];
  const attempt = async () => {
    signal.throwIfAborted();
    problems.length = 0;
    return operation(watcher(say, problems));
  };
  try {
    return await attempt().catch(async (error: unknown) => {
      if (!isLocked(error) || !backend) throw error;
      const removed = await removeStaleLocks(backend, record.name, signal);
      if (removed === 0) throw error;
      say(`removed ${removed} lock(s) of a driver that no longer runs`);
      return attempt();
    });
  } catch (error) {
    throw problemOf(error, record, problems, signal);
  }
}

/** The Automation API knows the error only of its own operations. */
const isLocked = (error: unknown): boolean =>
  error instanceof ConcurrentUpdateError || /the stack is currently locked by/.test(messageOf(error));

function problemOf(error: unknown, record: StackRecord, problems: readonly string[], signal: AbortSignal): Error {
  const cause = { cause: error };
  if (error instanceof CommandProblem)
    return new CommandProblem(error.ending, `stack ${record.id}: ${error.message}`, cause);
  if (isLocked(error)) {
    const who = /created by .*/.exec(messageOf(error))?.[0] ?? "another update is in progress";
    const env = record.name === record.id ? "" : ` --env ${record.name.slice(record.id.length + 1)}`;
    const advice = `Wait for it to end; if you know that it was killed, \`lockstep cancel${env}\` takes the lock away.`;
    return new CommandProblem("busy", `stack ${record.id} is locked: ${who}. ${advice}`, cause);
  }
  if (signal.aborted)
    return new CommandProblem("failed", `stack ${record.id}: interrupted; run it again to go on.`, cause);
  const why = problems.length > 0 ? problems.join("\n") : messageOf(error);
  return new CommandProblem("failed", `stack ${record.id}: ${why}${namesTaken(why) ? TAKEN : ""}`, cause);
}

/** Whether AWS says that something is there already. */
export const namesTaken = (why: string): boolean =>
  /already ?(exists|owned)|ResourceConflict|ResourceInUse|VolumeInUse/i.test(why);

const TAKEN =
  "\nIt is not in the stack's state, so something else made it: delete it, or take it over with `pulumi import`.";

/** Tells of each change and sums them up; keeps the errors of the engine's diagnostics. */
function watcher(say: Say, problems: string[]): (event: EngineEvent) => void {
  const counts = new Map<string, number>();
  const sum = () => [...counts].map(([op, n]) => `${n} ${DONE[op] ?? op}`).join(", ");
  return (event) => {
    const began = event.resourcePreEvent?.metadata;
    if (began && began.op !== "same" && isReal(began.type)) {
      const line = `${began.op} ${began.type} ${began.urn.split("::").at(-1)}`;
      say(line, [sum(), line].filter((part) => part !== "").join("; now "));
    }
    const ended = event.resOutputsEvent?.metadata;
    if (ended && isReal(ended.type)) counts.set(ended.op, (counts.get(ended.op) ?? 0) + 1);
    const diagnostic = event.diagnosticEvent;
    if (diagnostic?.severity === "error") problems.push(readable(diagnostic.message));
  };
}

/** Components, stacks and providers are nothing in AWS. */
const isReal = (type: string): boolean => /^aws:/.test(type);

const DONE: Readonly<Record<string, string>> = {
  create: "created",
  update: "updated",
  delete: "deleted",
  replace: "replaced",
  refresh: "refreshed",
  same: "unchanged",
};

/** Without the engine's colour directives, which look like <{%fg 1%}>, and without the stacks of the program's errors. */
const readable = (message: string): string =>
  message
    .replaceAll(/<\{%.*?%\}>/g, "")
    .split("\n")
    .filter((line) => !/^\s+at /.test(line))
    .join("\n")
    .trim();
