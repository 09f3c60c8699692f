import type { KindRules } from "../../core/model/kind.js";
import type { Policy } from "../../core/model/model.js";

/** What FSx's points are of, and what people call the parts of them. */
export const FSX = {
  resourceKinds: ["fsx", "ontap-volume"],
  words: { service: "FSx", artifact: "backup", artifacts: "backups", member: "file system", members: "file systems" },
} as const satisfies Pick<KindRules, "resourceKinds" | "words">;

/** Whether a policy protects volumes of ONTAP, whose tags FSx tells one by one. */
export const namesVolumes = (policies: readonly Pick<Policy, "kinds">[]): boolean =>
  policies.some(({ kinds }) => kinds?.includes("ontap-volume"));

/** The kind is part of a resource's id: ids of FSx's file systems look like those of EFS. */
export const resourceId = (unit: string): string => `fsx:${unit}`;
