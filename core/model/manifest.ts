import type { Slot } from "../names/names.js";
import type { Create, Member } from "./model.js";

/**
 * What the members of a point were when it was made: what AWS does not keep with each artifact is written to the bucket before the
 * point is made. The DR region keeps its own copy beside the copied artifacts. What only the kind understands, and a restore must be told,
 * is in the details of the members.
 */
export interface Manifest extends Slot {
  readonly point: string;
  readonly resource: string;
  /** What the resource was called; manifests of earlier releases do not say. */
  readonly name?: string;
  readonly members: readonly Member[];
}

export type Planned = Pick<Create, "point" | "policy" | "resource" | "name" | "region" | "scheduled" | "members">;
