import type { EbsCopy, EbsPolicy } from "../../kinds/ebs/config.js";

/** What a policy, or a copy rule, says to EBS alone, as it is when its config was read. */
export const ebs = (section: EbsPolicy) => ({ sections: { ebs: section } });
export const ebsCopy = (section: EbsCopy) => ({ sections: { ebs: section } });
