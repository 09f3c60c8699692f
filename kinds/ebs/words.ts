import type { KindRules } from "../../core/model/kind.js";

/** What EBS's points are of, and what people call the parts of them. Sets first: what they have, single volumes need not have again. */
export const EBS = {
  resourceKinds: ["instance", "volume"],
  words: { service: "EBS", artifact: "snapshot", artifacts: "snapshots", member: "volume", members: "volumes" },
} as const satisfies Pick<KindRules, "resourceKinds" | "words">;
