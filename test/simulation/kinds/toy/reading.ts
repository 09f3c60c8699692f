import type { Artifact, Level, Point } from "../../../../core/model/model.js";
import { pointId } from "../../../../core/names/identity.js";
import { TAG, TAG_NAMES } from "../../../../core/names/tags.js";
import type { Tags } from "../../../cloud/snap.js";
import type { Reading, Shown, Where } from "../kind.js";

const LEVELS: readonly Level[] = ["crash", "application"];

/** As strict as a kind must be: tags that were changed, or copied onto something else, must not make it ours to delete. */
function placeOf(tags: Tags, region: string): Omit<Point, "artifacts"> | undefined {
  const of = (key: keyof typeof TAG): string => tags[TAG[key]] ?? "";
  const [policy, resource, home, kind, id] = [of("policy"), of("resource"), of("home"), of("kind"), of("point")];
  const scheduled = Date.parse(of("scheduled"));
  const level = LEVELS.find((one) => one === of("level"));
  if (Number.isNaN(scheduled) || level === undefined || kind !== "mould" || of("size") !== "1") return undefined;
  if (id !== pointId({ policy, home, resource, scheduled })) return undefined;
  const recorded = tags[TAG.retain];
  const place = { id, policy, resource, kind, home, region, scheduled, size: 1, level };
  return recorded === undefined ? place : { ...place, recorded };
}

function artifactOf({ snap, tags }: Shown, isCopy: boolean): Artifact | undefined {
  const { id, state, startedAt, sizeGiB, cause, transfer } = snap;
  const common = {
    ...{ id, state, startedAt, sizeGiB, progress: state === "completed" ? 100 : 50 },
    holds: Object.hasOwn(tags, TAG_NAMES.keepForever) ? [TAG_NAMES.keepForever] : [],
    ...(state === "error" && { cause: cause ?? "the mould broke" }),
  };
  // A copy within the home region is somebody's own.
  if (!isCopy) return transfer === undefined ? { ...common, member: snap.volume } : undefined;
  const [member, source, takenAt] = [tags[TAG.member], tags[TAG.source], Date.parse(tags[TAG.taken] ?? "")];
  if (!member || !source || Number.isNaN(takenAt)) return undefined;
  return { ...common, member, source, takenAt };
}

/** What Toyworks lists, as points. */
export function read(shown: readonly Shown[], { deployment, region }: Where): Reading {
  const points = new Map<string, Point>();
  for (const one of shown) {
    const place = one.tags[TAG.deployment] === deployment ? placeOf(one.tags, region) : undefined;
    const artifact = place && artifactOf(one, place.home !== region);
    if (place === undefined || artifact === undefined) continue;
    points.set(place.id, { ...place, artifacts: [...(points.get(place.id)?.artifacts ?? []), artifact] });
  }
  return { points: [...points.values()], until: Number.POSITIVE_INFINITY };
}
