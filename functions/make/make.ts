import type { Context } from "../../kinds/backend.js";
import { carryOut } from "../execute/answers.js";
import { createIdempotently, type IdempotentDeps } from "../execute/create-idempotently.js";
import { type BatchContext, type ExecutorDeps, eventOf, type Invocation, makeExecutor } from "../execute/executor.js";
import { bringManifests, type ManifestDeps, makeManifests } from "../execute/manifests.js";
import { writeManifests } from "../store/manifest.js";

export interface MakeDeps extends ExecutorDeps, IdempotentDeps, Omit<ManifestDeps, "bucket"> {}

/**
 * Makes what was planned, of whatever kind: points, each at most once, with a manifest that is written before; copies, likewise, with
 * the manifests of their points in the own region before; and what points that are there still lack.
 */
export function makeMake(deps: MakeDeps) {
  const withManifests = (context: BatchContext): Context => {
    const beginDelete = () => Promise.reject(new Error("what makes deletes nothing"));
    return { ...context, manifestOf: makeManifests(deps, context.log), begin: deps.workflows.begin, beginDelete };
  };
  const executors = {
    create: makeExecutor(deps, {
      verb: "create",
      prepare: (actions, runId) => writeManifests(deps.bucket, runId, actions),
      work: (backend, actions, context) => createIdempotently(deps, backend, actions, withManifests(context)),
    }),
    copy: makeExecutor(deps, {
      verb: "copy",
      prepare: (actions, runId) => bringManifests(deps, actions, deps.log.createChild({ persistentKeys: { runId } })),
      work: (backend, actions, context) => createIdempotently(deps, backend, actions, withManifests(context)),
    }),
    finalize: makeExecutor(deps, {
      verb: "finalize",
      work: (backend, actions, context) => carryOut(backend, actions, withManifests(context)),
    }),
  };
  return async (raw: unknown, invocation: Invocation) =>
    executors[eventOf(raw, "create", "copy", "finalize").verb](raw, invocation);
}
