import type { Delete } from "../../core/model/model.js";
import type { Context } from "../../kinds/backend.js";
import { carryOut } from "../execute/answers.js";
import { type ExecutorDeps, makeExecutor } from "../execute/executor.js";
import { isExecution, type Workflows } from "../store/workflows.js";

export interface DeleteDeps extends ExecutorDeps {
  readonly workflows: Pick<Workflows, "forget">;
}

/** Deletes the points that the plan expired, of whatever kind. What AWS protects is kept, what is gone is done. */
export const makeDelete = (deps: DeleteDeps) =>
  makeExecutor(deps, {
    verb: "delete",
    async work(backend, actions, context) {
      const inAws = await Promise.all(actions.map((action) => withoutAttempts(deps, action)));
      return carryOut(backend, inAws, { ...context, ...MAKES_NOTHING });
    },
  });

/** Attempts that left nothing in AWS are rows of our own. */
async function withoutAttempts({ workflows }: DeleteDeps, action: Delete): Promise<Delete> {
  const attempts = action.artifacts.filter((id) => isExecution(id, action.point));
  for (const name of attempts) await workflows.forget(name);
  return { ...action, artifacts: action.artifacts.filter((id) => !attempts.includes(id)) };
}

const MAKES_NOTHING: Pick<Context, "manifestOf" | "begin"> = {
  manifestOf: async () => undefined,
  begin: () => Promise.reject(new Error("a delete makes nothing")),
};
