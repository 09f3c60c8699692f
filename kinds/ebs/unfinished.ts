import type { Finishing, Standing } from "../../core/model/kind.js";
import { render } from "../../core/model/labels.js";
import type { Artifact, Policy } from "../../core/model/model.js";
import { ebsOf, ebsOfCopy } from "./config.js";
import { artifactDetail, type FinalizeDetail, memberDetail } from "./details.js";
import { ebsValuesOf, splitLabels } from "./labels.js";
import type { Lock } from "./lock-config.js";

/**
 * So long after a snapshot began its lock and its tags are put right. Later ones were unlocked by somebody who may do so, or are older
 * than the policy's lock: a lock is for what is made under it.
 */
export const FINALIZE_MS = 24 * 3_600_000;

/** What the points of a policy are to be locked with in a region. */
function lockIn(policy: Policy | undefined, region: string, home: string): Lock | undefined {
  if (region === home) return policy && ebsOf(policy).lock;
  const rule = policy?.copy.find((one) => one.region === region);
  return rule && ebsOfCopy(rule).lock;
}

/** What the call that made a point had no room for: locks, and the tags that tell a snapshot's own volume. */
export function finishing(standing: Standing): Finishing | undefined {
  const parts = [locks(standing), labels(standing)].filter((part) => part !== undefined);
  return parts.length === 0 ? undefined : (...point) => parts.flatMap((part) => part(...point));
}

const isOpen = ({ state, startedAt }: Artifact, now: number): boolean =>
  state !== "error" && now - startedAt <= FINALIZE_MS;

/** What of a point is still to be locked. The same run locks it: what it is late with must not open a gap, nor half of a set stay behind locked. */
function locks({ policy, region, home, now }: Standing): Finishing | undefined {
  const lock = lockIn(policy, region, home);
  if (lock === undefined) return undefined;
  return (_, artifacts) => {
    const lacking = artifacts.filter((one) => isOpen(one, now) && artifactDetail(one).locked === undefined);
    if (lacking.length === 0) return [];
    return [
      {
        reason: `not locked yet: ${lock.mode} for ${lock.days} days`,
        artifacts: lacking.map(({ id }) => id).toSorted(),
        detail: { lock } satisfies FinalizeDetail,
        keeps: "to be locked first",
      },
    ];
  };
}

/**
 * Tags that tell a snapshot's own volume: one call for a set gives all its snapshots the same, so these are a step of their own,
 * which the run after makes, and any later one, for a day. What is there is left as it is, whatever it says; and of a volume
 * that the resource has no more, nothing is known any more.
 */
function labels({ policy, resource, region, home, now }: Standing): Finishing | undefined {
  if (policy?.pointTags === undefined || resource === undefined || region !== home) return undefined;
  const templates = splitLabels(policy.pointTags).ofMember;
  if (Object.keys(templates).length === 0) return undefined;
  const devices = new Map(resource.members.map((volume) => [volume.id, memberDetail(volume).device]));
  return ({ id, scheduled }, artifacts) => {
    const values = ebsValuesOf({ policy, resource, point: id, scheduled, region: home, home });
    const lacking = artifacts.flatMap((one): [string, Record<string, string>][] => {
      const device = devices.get(one.member);
      if (device === undefined || !isOpen(one, now)) return [];
      const all = Object.entries(render({ templates, values }, { "volume-id": one.member, device }));
      const missing = all.filter(([key]) => !artifactDetail(one).tagged?.includes(key));
      return missing.length === 0 ? [] : [[one.id, Object.fromEntries(missing)]];
    });
    if (lacking.length === 0) return [];
    const tags = Object.fromEntries(lacking);
    const keys = [...new Set(lacking.flatMap(([, one]) => Object.keys(one)))].toSorted();
    return [
      {
        reason: `not tagged yet: ${keys.join(", ")}`,
        artifacts: Object.keys(tags).toSorted(),
        detail: { tags } satisfies FinalizeDetail,
      },
    ];
  };
}
