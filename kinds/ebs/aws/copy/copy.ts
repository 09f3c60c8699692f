import { CopySnapshotCommand, type EC2Client } from "@aws-sdk/client-ec2";
import { render } from "../../../../core/model/labels.js";
import type { Manifest } from "../../../../core/model/manifest.js";
import type { Copy, Settings } from "../../../../core/model/model.js";
import { ownOf, wantedTags } from "../../../../core/model/own-tags.js";
import type { Answer, Context, Later } from "../../../backend.js";
import { causeOf } from "../../../lib/errors.js";
import type { Log } from "../../../lib/log.js";
import { copiedTags } from "../../copy-tags.js";
import { artifactDetail, copyDetail, memberDetail } from "../../details.js";
import { idsOf } from "../describe.js";
import { notMade } from "../errors.js";
import { lockNew } from "../finalize.js";
import type { PutLock } from "../puts.js";
import { copySnapshotInput } from "./request.js";

interface CopyingDeps {
  /** For calls that nobody may repeat. */
  readonly ec2: EC2Client;
  readonly putLock: PutLock;
}

/** A volume as it was when the point was made. */
type MappedVolume = Pick<Manifest["members"][number], "detail" | "tags"> & Pick<Manifest, "name">;

/** The quota of copies in progress is account-wide: others may have taken the slots since the survey. */
const NO_SLOT = "ResourceLimitExceeded";

/** Pulls planned copies into the own region; once no slot is free, no more of the same batch. */
export function makeCopying({ ec2, putLock }: CopyingDeps) {
  let full: Later | undefined;
  return async (planned: Copy, context: Context): Promise<Answer> => {
    if (full !== undefined) return full;
    const { settings, log } = context;
    const volume = await volumeOf(planned, context);
    const own = artifactDetail(planned.artifact);
    const device = own.device || (volume ? memberDetail(volume).device : "");
    const copy = { ...planned, artifact: { ...planned.artifact, detail: { ...own, device } } };
    try {
      const tags = { ...nameOf(copy), ...carriedTo(copy, volume, settings, log), ...labelsOf(copy, volume) };
      const input = copySnapshotInput(copy, { ...tags, ...copiedTags(settings, copy) });
      const { SnapshotId } = await ec2.send(new CopySnapshotCommand(input));
      const made = idsOf([{ SnapshotId }]);
      await lockNew(putLock, copyDetail(copy).lock, made, log);
      return { is: "done", artifacts: made };
    } catch (error) {
      const why = causeOf(error);
      if (why.code !== NO_SLOT) return notMade(error);
      full = { is: "later", why, stop: `no copy slot is free: ${why.message}` };
      return full;
    }
  };
}

const nameOf = ({ policy, resource, artifact }: Copy) => ({
  Name: `${policy} ${resource} ${artifactDetail(artifact).device}`.trim(),
});

/** Only where something of it is wanted and the artifact does not tell. */
async function volumeOf(copy: Copy, { manifestOf }: Context): Promise<MappedVolume | undefined> {
  const { copyTags, labels } = copyDetail(copy);
  if (artifactDetail(copy.artifact).device !== "" && copyTags === undefined && labels === undefined) return undefined;
  const manifest = await manifestOf(copy);
  const volume = manifest?.members.find(({ id }) => id === copy.artifact.member);
  return volume && { ...volume, ...(manifest?.name !== undefined && { name: manifest.name }) };
}

/** What the policy's templates make of the copy. The resource may be no more, or be called otherwise, since the point was made. */
function labelsOf(copy: Copy, mapped: MappedVolume | undefined): Readonly<Record<string, string>> {
  const { artifact: part } = copy;
  const { labels } = copyDetail(copy);
  if (labels === undefined) return {};
  const name = mapped?.name === undefined ? {} : { name: mapped.name };
  return render(labels, { ...name, "volume-id": part.member, device: artifactDetail(part).device });
}

/** The volume's own tags as they were when the point was made. The planner has told what does not fit; the log says it again. */
function carriedTo(copy: Copy, volume: MappedVolume | undefined, settings: Settings, log: Log) {
  const { artifact: part } = copy;
  const { copyTags: rule, labels } = copyDetail(copy);
  const own = ownOf(settings, labels === undefined ? {} : { pointTags: labels.templates });
  const { tags, left } = wantedTags(volume?.tags ?? {}, rule, own);
  if (left.length > 0) log.warn("tags are left off a copy", { snapshot: part.id, left });
  return tags;
}
