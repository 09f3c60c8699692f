import * as v from "valibot";
import { CopyTags } from "../../core/config/copy-tags.js";
import { doc } from "../../core/config/doc.js";
import { fields, leaveOff } from "../../core/config/fields.js";
import type { KindConfig } from "../../core/config/kinds.js";
import type { Policy } from "../../core/model/model.js";
import { cannotCopy } from "./abilities.js";
import { QUOTAS } from "./quotas.js";

const NO_LOCK = "nothing: FSx has no locks on backups, only the vaults of AWS Backup have";

const policyEntries = {
  copyTags: v.exactOptional(
    v.pipe(
      CopyTags,
      doc(
        "`true`, list of keys, or `only` and `except`",
        "which of a file system's own tags, or a volume's, go onto its backups and their copies",
      ),
    ),
  ),
  lock: v.exactOptional(v.never(NO_LOCK)),
} as const;

/** What only FSx has in a policy. */
const PolicySection = v.pipe(
  fields("an object with copyTags", policyEntries),
  leaveOff("copyTags"),
  doc("object", "what only FSx has: `copyTags`; below"),
);

/** What FSx adds to the config. */
export const FSX_CONFIG = {
  policy: PolicySection,
  cannotCopy,
  quotas: QUOTAS,
} as const satisfies KindConfig;

/** What only FSx has in a policy, as it was read. */
export interface FsxPolicy {
  readonly copyTags?: CopyTags;
}

// The schema above made it, and nothing else has this name: so an object there is such a section.
export const fsxOf = ({ sections }: Pick<Policy, "sections">): FsxPolicy => sections?.["fsx"] ?? {};
