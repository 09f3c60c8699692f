import type { Create, Settings } from "../../core/model.js";
import { pointTags, TAG } from "../../core/tags.js";
import { type HandDeps, makeHand } from "../lib/hand.js";
import { makeOnce, type OnceDeps } from "../lib/once.js";
import { writePointMap } from "../lib/pointmap.js";

export interface CreateDeps extends HandDeps, OnceDeps {
  readonly settings: () => Promise<Settings>;
  /** CreateSnapshots of all volumes of an instance; answers with the snapshots' ids. */
  readonly createSnapshots: (create: Create, tags: Readonly<Record<string, string>>) => Promise<readonly string[]>;
}

/** Makes the planned points: one crash-consistent set of snapshots per instance, each at most once. */
export const makeCreate = (deps: CreateDeps) =>
  makeHand("create", deps, async (actions, { runId }) => {
    const settings = await deps.settings();
    const results = await makeOnce(deps, actions, {
      holder: runId,
      tag: TAG.point,
      identity: (action) => action.point,
      make: async (action) => {
        await writePointMap(deps.bucket, action);
        const name = `${action.policy} ${action.resource}`;
        return deps.createSnapshots(action, { Name: name, ...pointTags(settings, action) });
      },
    });
    return { results };
  });
