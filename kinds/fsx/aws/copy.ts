import { CopyBackupCommand, type FSxClient } from "@aws-sdk/client-fsx";
import { render } from "../../../core/model/labels.js";
import type { Manifest } from "../../../core/model/manifest.js";
import type { Copy, Settings } from "../../../core/model/model.js";
import { ownOf, wantedTags } from "../../../core/model/own-tags.js";
import { copyTags } from "../../../core/model/point-tags.js";
import type { Answer, Context, Later } from "../../backend.js";
import { copyDetail } from "../details.js";
import { taken, takes } from "../tags.js";
import { fsxTags } from "./describe.js";
import { limitOf, notMade } from "./errors.js";
import { askFor } from "./fresh.js";

/** Pulls planned copies into the own region; once no slot is free, no more of the same batch. */
export function makeCopying(fsx: FSxClient, now: () => number) {
  let full: Later | undefined;
  return async (copy: Copy, context: Context): Promise<Answer> => {
    if (full !== undefined) return full;
    const { settings } = context;
    const { artifact, from, kmsKey, region, point, after = "" } = copy;
    const manifest = await manifestOf(copy, context);
    const own = { Name: `${copy.policy} ${copy.resource}`, ...ownTags(copy, manifest, settings) };
    try {
      const parts = [region, point, artifact.id, after];
      const id = await askFor({ deployment: settings.deployment, point, parts, now: now() }, async (token) => {
        const input = {
          ...{ SourceBackupId: artifact.id, SourceRegion: from, ClientRequestToken: token },
          // All that it needs is given here: of the source's tags some say what is true of that alone.
          CopyTags: false,
          Tags: fsxTags({ ...own, ...copyTags(settings, copy) }),
          ...(kmsKey === undefined ? {} : { KmsKeyId: kmsKey }),
        };
        return (await fsx.send(new CopyBackupCommand(input))).Backup;
      });
      return { is: "done", artifacts: [id] };
    } catch (error) {
      const answer = notMade(error);
      if (limitOf(error) !== "TOTAL_IN_PROGRESS_COPY_BACKUPS") return answer;
      full = { is: "later", why: answer.why, stop: `no copy slot is free: ${answer.why.message}` };
      return full;
    }
  };
}

/** Only where something of it is wanted. */
async function manifestOf(copy: Copy, context: Context): Promise<Manifest | undefined> {
  const { copyTags: rule, labels } = copyDetail(copy);
  return rule === undefined && labels === undefined ? undefined : context.manifestOf(copy);
}

/** The resource's own tags as they were when the point was made, and what the policy's templates make of the copy. */
function ownTags(copy: Copy, manifest: Manifest | undefined, settings: Settings): Readonly<Record<string, string>> {
  const { copyTags: rule, labels } = copyDetail(copy);
  const [member] = manifest?.members ?? [];
  const own = { ...ownOf(settings, labels === undefined ? {} : { pointTags: labels.templates }), takes };
  const name = manifest?.name === undefined ? {} : { name: manifest.name };
  return {
    ...wantedTags(member?.tags ?? {}, rule, own).tags,
    ...(labels === undefined ? {} : taken(render(labels, name)).tags),
  };
}
