import type { CopyTags } from "../../core/config/copy-tags.js";
import type { Copy, Create, Resource } from "../../core/model/model.js";
import type { Labels } from "../../core/names/templates.js";

/**
 * What FSx knows of resources, members, artifacts and actions beside what every kind has. It travels through core/ and the
 * functions as it is: written and read by this kind of the same deployment only, so that its shape needs no check here.
 */

/** What decides whether something can be backed up, and copied. */
export interface Nature {
  /** `WINDOWS`, `LUSTRE`, `OPENZFS` or `ONTAP`; AWS may add others. */
  readonly type: string;
  /** `SSD`, `HDD` or `INTELLIGENT_TIERING`. @default AWS does not say */
  readonly storage?: string;
}

export interface ResourceDetail extends Nature {
  /** AWS's word for what it is at: `AVAILABLE`, `UPDATING`, … */
  readonly lifecycle: string;
  /** Why AWS makes no backups of it. @default it does */
  readonly problem?: string;
}

/** As AWS described the file system or the volume when the point was made: what a restore wants to be told. */
export interface MemberDetail {
  readonly recovery: Readonly<Record<string, unknown>>;
}

export interface CreateDetail {
  /** Why nothing is made now: the file system is waited for. */
  readonly waits?: string;
  /** Of the resource's own tags, and of what the policy's templates make. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface CopyDetail {
  readonly copyTags?: CopyTags;
  /** The policy's templates, and what is known of the point. */
  readonly labels?: Labels;
}

export const natureOf = (detail: unknown): Nature => (detail ?? { type: "" }) as Nature;
export const resourceDetail = ({ detail }: Pick<Resource, "detail">): ResourceDetail =>
  (detail ?? { type: "", lifecycle: "" }) as ResourceDetail;
export const createDetail = ({ detail }: Pick<Create, "detail">): CreateDetail =>
  (detail ?? { tags: {} }) as CreateDetail;
export const copyDetail = ({ detail }: Pick<Copy, "detail">): CopyDetail => detail ?? {};
