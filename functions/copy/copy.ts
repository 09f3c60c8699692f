import { render } from "../../core/model/labels.js";
import type { Copy, Settings } from "../../core/model/model.js";
import { copyTags } from "../../core/model/point-tags.js";
import { TAG } from "../../core/names/tags.js";
import { ownOf, wantedTags } from "../../core/planner/carried-tags.js";
import { createIdempotently, type IdempotentDeps } from "../execute/create-idempotently.js";
import { type HandDeps, makeHand } from "../execute/executor.js";
import { lockNew, type PutLock } from "../execute/finalize.js";
import { causeOf } from "../lib/errors.js";
import type { Log } from "../lib/log.js";
import type { Bucket } from "../store/bucket.js";
import { type MapDeps, type MappedVolume, makeMaps } from "./maps.js";

export interface CopyDeps extends HandDeps, IdempotentDeps, MapDeps {
  readonly bucket: Bucket;
  /** CopySnapshot into the own region; answers with the new snapshot's id. */
  readonly copySnapshot: (copy: Copy, tags: Readonly<Record<string, string>>) => Promise<readonly string[]>;
  readonly putLock: PutLock;
}

/** The quota of copies in progress is account-wide: others may have taken the slots since the survey. */
const NO_SLOT = "ResourceLimitExceeded";

/** Pulls the planned copies into the own region, each at most once. Without a free slot the rest waits for a later run. */
export const makeCopy = (deps: CopyDeps) =>
  makeHand("copy", deps, async (actions, { runId, settings, log }) => {
    const mapped = makeMaps(deps, log);
    let full: string | undefined;
    const results = await createIdempotently(deps, actions, {
      holder: runId,
      log,
      tag: TAG.source,
      identity: (action) => action.artifact.id,
      make: async (action) => {
        if (full !== undefined) throw named(NO_SLOT, full);
        const known = action.artifact.device !== "" && action.copyTags === undefined && action.labels === undefined;
        const volume = known ? undefined : await mapped(action);
        const device = action.artifact.device || volume?.device || "";
        const name = `${action.policy} ${action.resource} ${device}`.trim();
        const copy = { ...action, artifact: { ...action.artifact, device } };
        const carried = carriedTo(copy, volume, settings, log);
        try {
          const labels = labelsOf(copy, volume);
          const tags = { Name: name, ...carried, ...labels, ...copyTags(settings, copy) };
          const made = await deps.copySnapshot(copy, tags);
          await lockNew(deps.putLock, action.lock, made, log);
          return made;
        } catch (error) {
          if (causeOf(error).code === NO_SLOT) full = causeOf(error).message;
          throw error;
        }
      },
    });
    return { results, ...(full !== undefined && { stop: `no copy slot is free: ${full}` }) };
  });

function named(name: string, message: string): Error {
  const error = new Error(message);
  error.name = name;
  return error;
}

/** What the policy's templates make of the copy. The resource may be no more, or be called otherwise, since the point was made. */
function labelsOf(
  { labels, artifact: part }: Copy,
  mapped: MappedVolume | undefined,
): Readonly<Record<string, string>> {
  if (labels === undefined) return {};
  const name = mapped?.name === undefined ? {} : { name: mapped.name };
  return render(labels, { ...name, "volume-id": part.member, device: part.device });
}

/** The volume's own tags as they were when the point was made. The planner has told what does not fit; the log says it again. */
function carriedTo(copy: Copy, volume: MappedVolume | undefined, settings: Settings, log: Log) {
  const { copyTags: rule, artifact: part, labels } = copy;
  const own = ownOf(settings, labels === undefined ? {} : { pointTags: labels.templates });
  const { tags, left } = wantedTags(volume?.tags ?? {}, rule, own);
  if (left.length > 0) log.warn("tags are left off a copy", { snapshot: part.id, left });
  return tags;
}
