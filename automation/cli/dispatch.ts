import type { Deps } from "../estate/deps.js";
import type { Command } from "./model.js";
import { type Outcome, outcomeOf } from "./outcome.js";

/** Does what was asked. Each command is loaded when it is needed: the engine's library alone takes a second. */
export async function dispatch(command: Command, deps: Deps): Promise<Outcome & { readonly error?: unknown }> {
  try {
    switch (command.name) {
      case "up":
        return await (await import("../commands/up.js")).up(command, deps);
      case "down":
        return await (await import("../commands/down.js")).down(command, deps);
      case "preview":
        return await (await import("../commands/preview.js")).preview(command, deps);
      case "refresh":
        return await (await import("../commands/refresh.js")).refresh(command, deps);
      case "cancel":
        return await (await import("../commands/cancel.js")).cancel(command, deps);
      case "envs":
        return await (await import("../commands/envs.js")).envs(deps);
      case "doctor":
        return await (await import("../commands/doctor.js")).doctor(command, deps);
      case "rights":
        return await (await import("../commands/rights.js")).rights(command, deps);
      case "smoke":
        return await (await import("../commands/smoke.js")).smoke(command, deps);
      case "outputs":
        return await (await import("../commands/outputs.js")).outputs(command, deps);
      case "run":
        return await (await import("../commands/run.js")).run(command, deps);
      case "plan":
        return await (await import("../commands/plan.js")).plan(command, deps);
      case "approve":
        return await (await import("../commands/approve.js")).approve(command, deps);
      case "adopt":
        return await (await import("../commands/adopt.js")).adopt(command, deps);
      case "alarm":
        return await (await import("../commands/alarm.js")).alarm(command, deps);
      case "explain":
        return await (await import("../commands/explain.js")).explain(command, deps);
      case "status":
        return await (await import("../commands/status.js")).status(command, deps);
      case "sandbox":
        return await (await import("../commands/sandbox.js")).sandbox(command, deps);
    }
  } catch (error) {
    return { ...outcomeOf(error), error };
  }
}
