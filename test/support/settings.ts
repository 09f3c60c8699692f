import { APPROVE_ABOVE } from "../../core/config/settings.js";
import type { Policy, Retain, Settings } from "../../core/model/model.js";
import { TAG_NAMES } from "../../core/names/tags.js";
import { formatDuration } from "../../core/schedule/duration.js";
import { type EbsPolicy, ebsOf } from "../../kinds/ebs/config.js";
import type { Lock } from "../../kinds/ebs/lock-config.js";

/** What holds for a stack that does not say. */
export const BY_DEFAULT = { tagNames: TAG_NAMES, orphanAfterMs: 90 * 86_400_000, approveAbove: APPROVE_ABOVE } as const;

const retainOf = ({ ageMs, ...counts }: Retain) => ({
  ...counts,
  ...(ageMs === undefined ? {} : { age: formatDuration(ageMs) }),
});
const lockOf = (lock: Lock) => ({ ...lock, ...(lock.mode === "compliance" ? { irrevocable: true } : {}) });
const sectionOf = ({ lock, ...rest }: EbsPolicy) => ({
  ...rest,
  ...(lock === undefined ? {} : { lock: lockOf(lock) }),
});
const rules = <T extends Pick<Policy, "retain" | "sections">>({ retain, sections, ...rest }: T) => ({
  ...rest,
  retain: retainOf(retain),
  ...(sections === undefined ? {} : { ebs: sectionOf(ebsOf({ sections })) }),
});

/** Settings as a config would have them, and as they are stored: for tests that begin with what was read of them. */
export const asConfig = ({ orphanAfterMs, policies, ...settings }: Settings): object => ({
  ...settings,
  orphanAfter: formatDuration(orphanAfterMs),
  policies: policies.map((policy) => rules({ ...policy, copy: policy.copy.map(rules) })),
});
