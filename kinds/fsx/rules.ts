import type { Copying, KindRules, Making, Protection } from "../../core/model/kind.js";
import { valuesOf } from "../../core/model/labels.js";
import type { Artifact, Policy, Resource } from "../../core/model/model.js";
import { ADVICE } from "./advice.js";
import { FSX_CONFIG, fsxOf } from "./config.js";
import { type CopyDetail, type CreateDetail, natureOf, resourceDetail } from "./details.js";
import { LIMITS } from "./limits.js";
import { quotaOf } from "./quotas.js";
import { aboutSelection, madeTags } from "./tags.js";
import { FSX } from "./words.js";

/** AWS says of no copy how long it takes; this is a guess, for estimates. */
const COPY_MIB_PER_S = 50;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What every backup gets, however small: one that is asked for in a maintenance window or an update is queued. */
const HANGS_LEAST_MS = 36 * HOUR_MS;

/** Backups of FSx file systems (Windows File Server, Lustre, OpenZFS) and of volumes of FSx for ONTAP. */
export const fsx: KindRules = {
  kind: "fsx",
  ...FSX,
  advice: ADVICE,
  config: FSX_CONFIG,
  lookAgainMs: 5 * MINUTE_MS,
  limits: LIMITS,
  quotaOf: ({ detail }) => quotaOf(natureOf(detail)),
  // "Amazon FSx pricing", backup storage; "Amazon EC2 On-Demand Pricing", data transfer out to another region.
  costs: { storageGbMonth: 0.05, transferGb: 0.02, copyMibPerS: COPY_MIB_PER_S },
  // A day and a half, and twice as long as all of the file system takes.
  hangsAfterMs: ({ sizeGiB }: Pick<Artifact, "sizeGiB">): number =>
    HANGS_LEAST_MS + ((2 * sizeGiB * 1024) / COPY_MIB_PER_S) * 1000,
  // An ONTAP file system is told of as a mistake only where its volumes are not meant as well.
  takes: (policy: Policy, resource: Resource): boolean =>
    resourceDetail(resource).type !== "ONTAP" ||
    resource.kind === "ontap-volume" ||
    policy.kinds?.includes("ontap-volume") !== true,
  leftOut: () => [],
  protects: (_policy: Policy, resource: Resource): Protection => {
    const { members } = resource;
    const { problem } = resourceDetail(resource);
    return problem === undefined ? { members } : { members, problem: { cause: "cannot-protect", reason: problem } };
  },
  aboutSelection,
  standIns: () => () => [],
  createDetail,
  copyDetail,
  finishing: () => undefined,
};

/** AWS's words for file systems and volumes that a backup can be made of. */
const READY: ReadonlySet<string> = new Set(["AVAILABLE", "CREATED"]);

function createDetail(making: Making): CreateDetail {
  const { lifecycle } = resourceDetail(making.resource);
  const tags = madeTags(making);
  return READY.has(lifecycle) ? { tags } : { tags, waits: `it is ${lifecycle}: a backup is made when it is AVAILABLE` };
}

/** What a copy's tags are made of; what the file system was called is known where it is made. */
function copyDetail({ policy, resource, point, region, home }: Copying): CopyDetail {
  const { pointTags: templates } = policy;
  const { copyTags } = fsxOf(policy);
  const { id, kind, scheduled } = point;
  const of = resource ?? { id: point.resource, kind };
  const labels = templates && {
    templates,
    values: valuesOf({ policy, resource: of, point: id, scheduled, region, home }),
  };
  return { ...(copyTags === undefined ? {} : { copyTags }), ...(labels === undefined ? {} : { labels }) };
}
