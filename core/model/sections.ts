import type { Lock } from "../config/lock.js";
import type { CopyTags, Exclude } from "../config/volumes.js";
import type { Membership } from "../names/scope.js";
import type { CopyRule, Policy } from "./model.js";

/** What only EBS has in a policy. */
export interface EbsPolicy {
  readonly include?: readonly Membership[];
  readonly also?: boolean;
  readonly source?: "any";
  readonly exclude?: Exclude;
  readonly copyTags?: CopyTags;
  readonly lock?: Lock;
}

/** What only EBS has in a copy rule. */
export interface EbsCopy {
  readonly lock?: Lock;
}

// The schema in kinds/ebs/config.ts made them, and nothing else has this name: so an object there is such a section.
export const sectionOf = ({ sections }: Pick<Policy, "sections">): EbsPolicy => sections?.["ebs"] ?? {};
export const copySectionOf = ({ sections }: Pick<CopyRule, "sections">): EbsCopy => sections?.["ebs"] ?? {};
