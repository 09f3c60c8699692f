import type { Member, Policy, Resource } from "../../core/model/model.js";
import { ebsOf } from "./config.js";
import type { Excluded } from "./details.js";
import { memberDetail } from "./details.js";
import type { Exclude } from "./volumes-config.js";

/** "up to 40 volume IDs per request" (EC2 API reference, InstanceSpecification, ExcludeDataVolumeIds). */
const EXCLUDED_MAX = 40;

/** The volumes of a resource that a policy's points have snapshots of, and what its calls leave out. */
export interface Covered {
  readonly volumes: readonly Member[];
  readonly excluded: Excluded;
  /** Why no point can be made of it. */
  readonly problem?: {
    readonly cause: "everything-excluded" | "too-many-excluded";
    readonly reason: string;
  };
}

function excludes(exclude: Exclude, volume: Member): boolean {
  if (exclude.boot === true && memberDetail(volume).boot) return true;
  if (exclude.devices?.includes(memberDetail(volume).device)) return true;
  const tags = Object.entries(exclude.volumeTags ?? {});
  return tags.some(([key, value]) => Object.hasOwn(volume.tags, key) && volume.tags[key] === value);
}

/** What of an exclusion fits no volume of any of these: a name that EC2 does not know them by, or a tag that was meant otherwise. */
export function fitsNothing(exclude: Exclude, resources: readonly Pick<Resource, "members">[]): string[] {
  const volumes = resources.flatMap((resource) => resource.members);
  const fits = (part: Exclude): boolean => volumes.some((volume) => excludes(part, volume));
  const devices = (exclude.devices ?? []).filter((device) => !fits({ devices: [device] }));
  const tags = Object.entries(exclude.volumeTags ?? {}).filter(
    ([key, value]) => !fits({ volumeTags: { [key]: value } }),
  );
  return [...devices.map((device) => `the device ${device}`), ...tags.map(([key, value]) => `the tag ${key}=${value}`)];
}

/** Splits a resource's volumes into those that are protected and those that the policy excludes. */
export function covered(policy: Pick<Policy, "sections">, { members: all }: Pick<Resource, "members">): Covered {
  const { exclude } = ebsOf(policy);
  const out = exclude === undefined ? [] : all.filter((volume) => excludes(exclude, volume));
  const volumes = all.filter((volume) => !out.includes(volume));
  const data = out.filter((volume) => !memberDetail(volume).boot).map((volume) => volume.id);
  // The root volume has a switch of its own: with its id among the data volumes the call fails (same reference).
  const excluded = { boot: out.some((volume) => memberDetail(volume).boot), volumes: data.toSorted() };
  const base = { volumes, excluded };
  if (all.length > 0 && volumes.length === 0) {
    const ids = all.map((volume) => volume.id).join(", ");
    return { ...base, problem: { cause: "everything-excluded", reason: `all its volumes are excluded: ${ids}` } };
  }
  if (data.length > EXCLUDED_MAX) {
    const reason = `${data.length} data volumes are excluded, and AWS takes at most ${EXCLUDED_MAX}: no point is made`;
    return { ...base, problem: { cause: "too-many-excluded", reason } };
  }
  return base;
}
