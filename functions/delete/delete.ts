import { carryOut } from "../execute/answers.js";
import { type ExecutorDeps, makeExecutor } from "../execute/executor.js";

/** Deletes the points that the plan expired, of whatever kind. What AWS protects is kept, what is gone is done. */
export const makeDelete = (deps: ExecutorDeps) =>
  makeExecutor(deps, {
    verb: "delete",
    work: (backend, actions, context) => carryOut(backend, actions, { ...context, manifestOf: async () => undefined }),
  });
