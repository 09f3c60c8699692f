import * as v from "valibot";
import { CopyTags } from "../../core/config/copy-tags.js";
import { doc } from "../../core/config/doc.js";
import { fields, leaveOff, leaveOut } from "../../core/config/fields.js";
import type { KindConfig } from "../../core/config/kinds.js";
import { once } from "../../core/config/rules.js";
import { flag } from "../../core/config/values.js";
import type { CopyRule, Policy } from "../../core/model/model.js";
import { PLACEHOLDERS } from "./labels.js";
import { Lock } from "./lock-config.js";
import { Exclude } from "./volumes-config.js";

/** What instances come and go by, so that backups of single ones are seldom meant. */
export const MEMBERS = ["autoscaling", "eks", "spot"] as const;
export type Membership = (typeof MEMBERS)[number];

const members = MEMBERS.map((one) => `"${one}"`).join(", ");

const policyEntries = {
  include: v.exactOptional(
    v.pipe(
      v.array(v.picklist(MEMBERS, `one of ${members}`), `a list of ${members}, or [] for none`),
      once("each once"),
      doc("list of `autoscaling`, `eks`, `spot`", "members of these that are protected too; below"),
    ),
  ),
  also: v.exactOptional(
    v.pipe(
      flag,
      doc(
        "true or false",
        "whether single volumes get points of their own where a due set of their instance has them",
        "false",
      ),
    ),
  ),
  source: v.exactOptional(
    v.pipe(
      v.picklist(["own", "any"], '"own" or "any"'),
      doc("`own` or `any`", "with `any`, snapshots that others make of its volumes are its points too; below", "`own`"),
    ),
  ),
  exclude: v.exactOptional(
    v.pipe(Exclude, doc("object", "volumes to leave out: `boot`, `devices`, `volumeTags`; below")),
  ),
  copyTags: v.exactOptional(
    v.pipe(
      CopyTags,
      doc(
        "`true`, list of keys, or `only` and `except`",
        "which of the volumes' own tags go onto snapshots and copies",
      ),
    ),
  ),
  lock: v.exactOptional(
    v.pipe(Lock, doc("object", "a lock on every new snapshot of the home region: `mode`, `days`; below")),
  ),
} as const;

const names = Object.keys(policyEntries).map((name) => `\`${name}\``);

/** What only EBS has in a policy. */
const PolicySection = v.pipe(
  fields(`an object with any of ${Object.keys(policyEntries).join(", ")}`, policyEntries),
  leaveOut("source", "own"),
  leaveOff("copyTags"),
  doc("object", `what only instances and volumes have: ${names.join(", ")}; below`),
);

/** What only EBS has in a copy rule. */
const CopySection = v.pipe(
  fields("an object with a lock", {
    lock: v.exactOptional(v.pipe(Lock, doc("object", "a lock on every copy"))),
  }),
  doc("object", "what only copies of snapshots have: `lock`"),
);

/** What EBS adds to the config. */
export const EBS_CONFIG = {
  byDefault: ["instance"],
  placeholders: PLACEHOLDERS,
  policy: PolicySection,
  copy: CopySection,
  between: ({ also, source, lock }, kinds, tell) => {
    const hasVolumes = kinds.includes("volume");
    if (also !== undefined && !hasVolumes) tell(["also"], also, "nothing, unless kinds has volume");
    // Others' snapshots are of volumes, and their makers' to lock.
    if (source !== "any") return;
    if (!hasVolumes) tell(["source"], source, '"own", unless kinds has volume');
    if (lock !== undefined) tell(["lock"], lock, "nothing with source any: others' snapshots are not locked");
  },
  needsNoSchedule: ({ source }) => source === "any",
} as const satisfies KindConfig;

/** What only EBS has in a policy, as it was read. */
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

// The schemas above made them, and nothing else has this name: so an object there is such a section.
export const ebsOf = ({ sections }: Pick<Policy, "sections">): EbsPolicy => sections?.["ebs"] ?? {};
export const ebsOfCopy = ({ sections }: Pick<CopyRule, "sections">): EbsCopy => sections?.["ebs"] ?? {};
