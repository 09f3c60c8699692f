import type { Artifact, ArtifactState, Inventory, Point, Resource } from "../../../core/model/model.js";
import { pointId } from "../../../core/names/identity.js";
import { DAY, HOME, MINUTE, NOW, type WorldInput, world } from "../../core/worlds.js";
import { toy } from "./rules.js";

/** What Toyworks has, as tests about the planner want it. */

export const mould = (id = "toy:m-1", over: Partial<Resource> = {}): Resource => ({
  id,
  kind: "mould",
  region: HOME,
  name: `name of ${id}`,
  tags: { Backup: "hourly" },
  members: [{ id, sizeGiB: 1, createdAt: NOW - 365 * DAY, tags: {} }],
  ...over,
});

interface CastInput {
  readonly at: number;
  readonly region?: string;
  readonly policy?: string;
  readonly resource?: string;
  readonly state?: ArtifactState;
}

/** A point: one cast, begun a minute after its slot, and a copy of it ten minutes after that. */
export function castPoint({ at, region = HOME, policy = "hourly", resource = "toy:m-1", state }: CastInput): Point {
  const id = pointId({ policy, home: HOME, resource, scheduled: at });
  const start = at + MINUTE;
  const isCopy = region !== HOME;
  const cast: Artifact = {
    id: `cast-${region}-${id}`,
    member: resource,
    state: state ?? "completed",
    startedAt: isCopy ? start + 10 * MINUTE : start,
    progress: state === "pending" ? 40 : 100,
    sizeGiB: 1,
    holds: [],
    ...(isCopy && { source: `cast-${HOME}-${id}`, takenAt: start }),
    ...(state === "error" && { cause: "the mould broke" }),
  };
  const about = { id, policy, resource, kind: "mould", home: HOME, region, scheduled: at, size: 1 } as const;
  return { ...about, level: "crash", artifacts: [cast] };
}

/** What was seen of Toyworks. */
export const toyWorld = (input: WorldInput = {}): Inventory =>
  world({ kind: "toy", resources: [mould()], limits: toy.limits, ...input });
