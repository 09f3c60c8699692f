import { TAG } from "../names/tags.js";
import type { Copy, Create, Level, PointIdentity, Settings } from "./model.js";

type Tags = Record<string, string>;
type Owner = Pick<Settings, "deployment" | "tags">;

type Made = PointIdentity & { readonly recorded?: string };

function identityTags(owner: Owner, point: Made, size: number, level: Level): Tags {
  return {
    ...owner.tags,
    [TAG.deployment]: owner.deployment,
    [TAG.policy]: point.policy,
    [TAG.resource]: point.resource,
    [TAG.kind]: point.kind,
    [TAG.home]: point.home,
    [TAG.point]: point.point,
    [TAG.scheduled]: new Date(point.scheduled).toISOString(),
    [TAG.size]: String(size),
    [TAG.level]: level,
    ...(point.recorded === undefined ? {} : { [TAG.retain]: point.recorded }),
  };
}

/** The tags of every artifact of a new point, for the create call. */
export const pointTags = (owner: Owner, create: Create, level: Level = "crash"): Tags =>
  identityTags(owner, { ...create, home: create.region }, create.members.length, level);

/** The tags of one copied artifact. Its member must be among them: AWS does not tell of what a copy is. */
export const copyTags = (owner: Owner, copy: Copy): Tags => ({
  ...identityTags(owner, copy, copy.size, copy.level),
  [TAG.member]: copy.artifact.member,
  [TAG.source]: copy.artifact.id,
  [TAG.taken]: new Date(copy.artifact.takenAt ?? copy.artifact.startedAt).toISOString(),
});
