import type { Artifact } from "../../core/model/model.js";
import { type ArtifactDetail, artifactDetail, type Locked } from "./details.js";

const formatLock = ({ mode, until }: Locked): string =>
  `locked (${mode})${until === undefined ? "" : ` until ${new Date(until).toISOString()}`}`;

/** A snapshot that a lock keeps: as any hold of others, and known as a lock to whatever would lock it. */
export function withLock(artifact: Artifact, locked: Locked): Artifact {
  const detail: ArtifactDetail = { ...artifactDetail(artifact), locked };
  return { ...artifact, detail, holds: [...artifact.holds, formatLock(locked)] };
}
