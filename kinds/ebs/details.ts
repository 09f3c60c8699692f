import type { CopyTags } from "../../core/config/copy-tags.js";
import type { Artifact, Copy, Create, Finalize, Member, Resource } from "../../core/model/model.js";
import type { Labels } from "../../core/names/templates.js";
import type { Lock } from "./lock-config.js";

/**
 * What EBS knows of resources, members, artifacts and actions beside what every kind has. It travels through core/ and the
 * functions as it is: written and read by this kind of the same deployment only, so that its shape needs no check here.
 */

/** Attached volumes that get no snapshot, as CreateSnapshots wants to be told. */
export interface Excluded {
  readonly boot: boolean;
  /** Ids of data volumes. */
  readonly volumes: readonly string[];
}

/** The tags of volumes, as one create call can put them on their snapshots. */
export interface Carried {
  /** AWS copies each volume's tags onto its snapshot: all of them or none. */
  readonly fromSource: boolean;
  /** Given in the call, and so on every snapshot of the set. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface ResourceDetail {
  /** An instance that AWS may take back at any time. @default false */
  readonly spot?: boolean;
}

/** A volume as its instance has it. */
export interface MemberDetail {
  /** Empty where nothing has it. */
  readonly device: string;
  readonly boot: boolean;
}

/** The lock of a snapshot. */
export interface Locked {
  readonly mode: Lock["mode"];
  /** Absent while the snapshot is pending: the time begins to run when it completes. */
  readonly until?: number;
}

export interface ArtifactDetail {
  /** Of a copy, as its tag tells it; else empty. */
  readonly device: string;
  /** Of the tags that tell its volume, those that it has. */
  readonly tagged?: readonly string[];
  /** The lock that keeps it now. */
  readonly locked?: Locked;
}

export interface CreateDetail {
  /** What the call must leave out, where the policy excludes any. */
  readonly exclude?: Excluded;
  /** How the volumes' own tags come onto the snapshots, where the policy wants them. */
  readonly carried?: Carried;
  /** What the policy's templates make of it, as far as one call can put it on all snapshots. */
  readonly labels?: Readonly<Record<string, string>>;
  readonly lock?: Lock;
}

export interface CopyDetail {
  readonly copyTags?: CopyTags;
  /** The policy's templates, and what is known of the point. */
  readonly labels?: Labels;
  readonly lock?: Lock;
}

export interface FinalizeDetail {
  readonly lock?: Lock;
  /** By snapshot the tags that it lacks. */
  readonly tags?: Readonly<Record<string, Readonly<Record<string, string>>>>;
}

export const resourceDetail = ({ detail }: Pick<Resource, "detail">): ResourceDetail => detail ?? {};
export const memberDetail = ({ detail }: Pick<Member, "detail">): MemberDetail =>
  (detail ?? { device: "", boot: false }) as MemberDetail;
export const artifactDetail = ({ detail }: Pick<Artifact, "detail">): ArtifactDetail =>
  (detail ?? { device: "" }) as ArtifactDetail;
export const createDetail = ({ detail }: Pick<Create, "detail">): CreateDetail => detail ?? {};
export const copyDetail = ({ detail }: Pick<Copy, "detail">): CopyDetail => detail ?? {};
export const finalizeDetail = ({ detail }: Pick<Finalize, "detail">): FinalizeDetail => detail ?? {};
