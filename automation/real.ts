import { join } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import type { Deps } from "./deps.js";
import type { Progress } from "./progress.js";
import { localSandbox } from "./sandbox.js";
import type { Interruption } from "./signals.js";

/** The real engine, AWS and sandbox; each library is loaded when a command needs it. */
export function realDeps(
  project: string,
  progress: Progress,
  interruption: Interruption,
  home = join(project, ".lockstep"),
): Deps {
  const places = { project, home };
  return {
    places,
    progress,
    interruption,
    sandbox: localSandbox(places),
    now: () => Date.now(),
    // An interruption ends the pause; the caller looks at the signal itself.
    sleep: (ms) => sleep(ms, undefined, { signal: interruption.signal }).catch(() => undefined),
    config: async (env, overrides) => (await import("./config.js")).configOf(places, env, overrides),
    engine: async (variables) => (await import("./engine.js")).automationEngine(places, variables),
    estate: async (record, variables) => (await import("./estate.js")).awsEstate(record, variables),
  };
}
