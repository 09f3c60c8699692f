import type { Delete } from "../../core/model/model.js";
import type { Context } from "../../kinds/backend.js";
import { carryOut } from "../execute/answers.js";
import { type ExecutorDeps, makeExecutor } from "../execute/executor.js";
import type { Result } from "../execute/result.js";
import { isExecution, type Workflows } from "../store/workflows.js";

export interface DeleteDeps extends ExecutorDeps {
  readonly workflows: Pick<Workflows, "beginDelete" | "forget">;
}

/** Deletes the points that the plan expired, of whatever kind. What AWS protects is kept, what is gone is done. */
export const makeDelete = (deps: DeleteDeps) =>
  makeExecutor(deps, {
    verb: "delete",
    async work(backend, actions, context) {
      const inAws = await Promise.all(actions.map((action) => withoutAttempts(deps, action)));
      const begun = new Map<Delete, string>();
      const beginDelete: Context["beginDelete"] = async (action, workflow) => {
        const name = await deps.workflows.beginDelete(action, workflow);
        if (typeof name === "string") begun.set(action, name);
        return name;
      };
      const batch = await carryOut(backend, inAws, { ...context, ...MAKES_NOTHING, beginDelete });
      await forgetUnstarted(deps, begun, inAws, batch.results);
      return batch;
    },
  });

/** Attempts that left nothing in AWS are rows of our own. */
async function withoutAttempts({ workflows }: DeleteDeps, action: Delete): Promise<Delete> {
  const attempts = action.artifacts.filter((id) => isExecution(id, action.point));
  for (const name of attempts) await workflows.forget(name);
  return { ...action, artifacts: action.artifacts.filter((id) => !attempts.includes(id)) };
}

/** What surely did not start may begin again at once. */
async function forgetUnstarted(
  { workflows }: DeleteDeps,
  begun: ReadonlyMap<Delete, string>,
  actions: readonly Delete[],
  results: readonly Result[],
): Promise<void> {
  for (const [i, action] of actions.entries()) {
    const name = begun.get(action);
    const { outcome, unsure } = results[i] ?? {};
    if (name !== undefined && outcome !== "started" && outcome !== "done" && unsure !== true)
      await workflows.forget(name);
  }
}

const MAKES_NOTHING: Pick<Context, "manifestOf" | "begin"> = {
  manifestOf: async () => undefined,
  begin: () => Promise.reject(new Error("a delete makes nothing")),
};
