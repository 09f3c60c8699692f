import type { Copying, KindRules, Making, Protection } from "../../core/model/kind.js";
import { render } from "../../core/model/labels.js";
import type { Artifact, Policy, Resource } from "../../core/model/model.js";
import { ownOf } from "../../core/model/own-tags.js";
import { ADVICE } from "./advice.js";
import { carriedTags } from "./carried-tags.js";
import { EBS_CONFIG, ebsOf, ebsOfCopy } from "./config.js";
import { type CopyDetail, type CreateDetail, memberDetail } from "./details.js";
import { covered } from "./exclude.js";
import { ebsValuesOf, splitLabels } from "./labels.js";
import { LIMITS } from "./limits.js";
import { leftOut } from "./memberships.js";
import { aboutSelection } from "./selection.js";
import { standIns } from "./stand-ins.js";
import { finishing } from "./unfinished.js";
import { EBS } from "./words.js";

/** AWS says of no plain copy how long it takes; a time-based one may be promised at most 500 MiB/s (EBS user guide, "Time-based copies"). */
const COPY_MIB_PER_S = 50;

const MINUTE_MS = 60_000;
const HOUR_MS = 60 * MINUTE_MS;
/** What every snapshot gets, however small. */
const HANGS_LEAST_MS = 36 * HOUR_MS;

/** Snapshots of EC2 instances' volumes as one set, or of single volumes. */
export const ebs: KindRules = {
  kind: "ebs",
  ...EBS,
  advice: ADVICE,
  config: EBS_CONFIG,
  lookAgainMs: MINUTE_MS,
  limits: LIMITS,
  // "Amazon EBS pricing", snapshots of the standard tier; "Amazon EC2 On-Demand Pricing", data transfer out to another region.
  costs: { storageGbMonth: 0.05, transferGb: 0.02, copyMibPerS: COPY_MIB_PER_S },
  // A day and a half, and twice as long as the whole volume takes.
  hangsAfterMs: ({ sizeGiB }: Pick<Artifact, "sizeGiB">): number =>
    HANGS_LEAST_MS + ((2 * sizeGiB * 1024) / COPY_MIB_PER_S) * 1000,
  // A single volume that the policy excludes is not wanted; of an instance, others remain.
  takes: (policy: Policy, resource: Resource): boolean =>
    resource.kind !== "volume" || covered(policy, resource).volumes.length > 0,
  leftOut,
  protects: (policy: Policy, resource: Resource): Protection => {
    const { volumes: members, problem } = covered(policy, resource);
    return problem === undefined ? { members } : { members, problem };
  },
  aboutSelection,
  standIns,
  createDetail,
  copyDetail,
  finishing,
};

function createDetail(making: Making): CreateDetail {
  const { policy, resource, members } = making;
  const { excluded } = covered(policy, resource);
  const { copyTags, lock } = ebsOf(policy);
  const carried = carriedTags(members, copyTags, ownOf(making, policy));
  const labels = labelsOf(making);
  return {
    ...(excluded.boot || excluded.volumes.length > 0 ? { exclude: excluded } : {}),
    ...(carried === undefined ? {} : { carried }),
    ...(labels === undefined ? {} : { labels }),
    ...(lock === undefined ? {} : { lock }),
  };
}

/** A single snapshot can have all its tags in the call that makes it, those of its volume too. */
function labelsOf({ policy, resource, members, point, scheduled, home }: Making) {
  const { pointTags } = policy;
  if (pointTags === undefined) return undefined;
  const [only, ...others] = members;
  const values = ebsValuesOf({ policy, resource, point, scheduled, region: home, home });
  if (only === undefined || others.length > 0) return render({ templates: splitLabels(pointTags).ofPoint, values });
  return render({ templates: pointTags, values }, { "volume-id": only.id, device: memberDetail(only).device });
}

/** What a copy's tags are made of; its device is known where it is made. */
function copyDetail({ policy, resource, point, region, home }: Copying): CopyDetail {
  const { pointTags: templates } = policy;
  const { copyTags } = ebsOf(policy);
  const rule = policy.copy.find((one) => one.region === region);
  const { lock } = rule ? ebsOfCopy(rule) : {};
  const { id, kind, scheduled } = point;
  const of = resource ?? { id: point.resource, kind };
  const labels = templates && {
    templates,
    values: ebsValuesOf({ policy, resource: of, point: id, scheduled, region, home }),
  };
  return {
    ...(copyTags === undefined ? {} : { copyTags }),
    ...(labels === undefined ? {} : { labels }),
    ...(lock === undefined ? {} : { lock }),
  };
}
