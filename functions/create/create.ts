import type { Create } from "../../core/model/model.js";
import { pointTags } from "../../core/model/point-tags.js";
import { TAG } from "../../core/names/tags.js";
import { createIdempotently, type IdempotentDeps } from "../execute/create-idempotently.js";
import { type HandDeps, makeHand, type Prepare } from "../execute/executor.js";
import { lockNew, type PutLock } from "../execute/finalize.js";
import { writePointMaps } from "../store/pointmap.js";

export interface CreateDeps extends HandDeps, IdempotentDeps {
  /** CreateSnapshots of an instance's volumes, or CreateSnapshot of a single one; answers with the snapshots' ids. */
  readonly createSnapshots: (create: Create, tags: Readonly<Record<string, string>>) => Promise<readonly string[]>;
  readonly putLock: PutLock;
}

/** Makes the planned points, each at most once: one crash-consistent set of snapshots per instance, one snapshot per volume. */
export const makeCreate = (deps: CreateDeps) => {
  const prepare: Prepare<"create"> = (actions, runId) => writePointMaps(deps.bucket, runId, actions);
  return makeHand("create", { ...deps, prepare }, async (actions, { runId, settings, log }) => {
    const results = await createIdempotently(deps, actions, {
      holder: runId,
      log,
      tag: TAG.point,
      identity: (action) => action.point,
      make: async (action) => {
        const made = await deps.createSnapshots(action, {
          ...nameOf(action),
          ...action.carried?.tags,
          ...action.labels,
          ...pointTags(settings, action),
        });
        await lockNew(deps.putLock, action.lock, made, log);
        return made;
      },
    });
    return { results };
  });
};

/** A volume's own name, where it comes along, is the better one; the same key twice in one call is not for AWS to judge. */
function nameOf({ policy, resource, carried, members: volumes }: Create): Record<string, string> {
  const named = carried?.fromSource === true && volumes.some((volume) => Object.hasOwn(volume.tags, "Name"));
  return named ? {} : { Name: `${policy} ${resource}` };
}
