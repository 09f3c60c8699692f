import type { Planned } from "../core/model/manifest.js";
import type { Point, Policy, Select, Settings, TagNames } from "../core/model/model.js";

/** How a kind makes points of what others made: types only. A kind of which nobody else makes artifacts has no importer. */

/** An artifact of others that becomes a point of its member, and the tags that make it one. */
export interface Imported {
  readonly artifact: string;
  readonly member: string;
  readonly tags: Readonly<Record<string, string>>;
  /** Whose it stays: it is counted and copied, and never deleted by us. */
  readonly managedBy?: string;
}

/** An artifact that is none of our points, and why. */
export interface Left {
  readonly artifact: string;
  readonly why: string;
}

/** What a person wants under a policy. */
export interface Asked {
  readonly deployment: string;
  /** Region of the artifacts and of what they are of. */
  readonly home: string;
  readonly policy: Pick<Policy, "name">;
  /** Tags of the artifacts that are meant. */
  readonly select: Select;
  readonly tagNames?: TagNames | undefined;
}

export interface Import {
  readonly imported: readonly Imported[];
  /** What was meant and cannot be a point. */
  readonly skipped: readonly Left[];
  /** What they become, as the next survey will read them. */
  readonly points: readonly Point[];
}

/** An artifact that a policy takes in by itself, and what is written down of its point before. */
export interface TakenIn extends Imported {
  readonly planned: Planned;
}

export interface TakingIn {
  /** How many members the policies watch. */
  readonly watched: number;
  /** Oldest first. */
  readonly taken: readonly TakenIn[];
  /** What stays as it is: of such a member, and nobody's point. */
  readonly left: readonly Left[];
  /** What should be a point and cannot be one: a person must do something. */
  readonly refused: readonly Left[];
}

export interface Importer {
  /** What a person's import would make points of, in the own region. Only reads. */
  look(asked: Asked): Promise<Import>;
  /** What policies with `source: any` take in now, in the own region. Only reads, and nothing where there are none. */
  takingIn(settings: Settings, now: number): Promise<TakingIn>;
  /** Whether an id may be one of its artifacts. */
  isArtifact(id: string): boolean;
  /** Writes the tags. Twice makes the same ones. */
  mark(artifact: string, tags: Readonly<Record<string, string>>): Promise<void>;
  /** Whether an error of `mark` says that the artifact is gone. */
  isGone(error: unknown): boolean;
}
