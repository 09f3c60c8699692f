import { join } from "node:path";
import { createInterface } from "node:readline/promises";
import { setTimeout as sleep } from "node:timers/promises";
import type { Progress } from "./cli/progress.js";
import type { Interruption } from "./cli/signals.js";
import type { Deps } from "./estate/deps.js";
import { localSandbox } from "./sandbox.js";

/** The real engine, AWS and sandbox; each library is loaded when a command needs it. */
export function realDeps(
  project: string,
  progress: Progress,
  interruption: Interruption,
  home = join(project, ".lockstep"),
): Deps {
  const places = { project, home };
  const clock = {
    interruption,
    now: () => Date.now(),
    // An interruption ends the pause; the caller looks at the signal itself.
    sleep: (ms: number) => sleep(ms, undefined, { signal: interruption.signal }).catch(() => undefined),
  };
  return {
    ...clock,
    places,
    progress,
    sandbox: localSandbox(places),
    confirm: (question) => ask(question, interruption.signal),
    canAsk,
    account: async (regions) => (await import("./estate/account.js")).lookAtAccount(regions, {}),
    tools: async () => (await import("./tools.js")).lookAtTools(),
    config: async (env, overrides) => (await import("./deploy/config.js")).configOf(places, env, overrides),
    engine: async (variables) => (await import("./deploy/engine.js")).automationEngine(places, variables),
    estate: async (record, variables) => (await import("./estate/estate.js")).awsEstate(record, variables, clock),
  };
}

const canAsk = (): boolean => process.stdin.isTTY === true && process.stderr.isTTY === true;

/** A yes or no of the person at the terminal; no where nobody is. */
async function ask(question: string, signal: AbortSignal): Promise<boolean> {
  if (!canAsk()) return false;
  const lines = createInterface({ input: process.stdin, output: process.stderr });
  // The terminal hands Ctrl-C to whoever reads lines; it is meant for the driver.
  lines.on("SIGINT", () => process.kill(process.pid, "SIGINT"));
  try {
    const answer = await lines.question(`${question}\nType "yes" to do it: `, { signal });
    return answer.trim() === "yes";
  } catch (error) {
    if (signal.aborted) return false;
    throw error;
  } finally {
    lines.close();
  }
}
