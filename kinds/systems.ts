import type { Select } from "../core/model/model.js";

/** Tags by which published systems know what they made, of whichever kind. */
export const SYSTEMS = {
  "fsx-ebs-snapshot-mgmt": { key: "CreatedBy", value: "Snapshot-Automation-Sample" },
  "step-functions-ebs-snapshot-mgmt": { all: [{ key: "AutomatedSnapName" }, { key: "OriginalVolumeId" }] },
  "ops-automator": { keyLike: "OpsAutomator:*-Snapshot-SourceVolume" },
  "ebs-snapshots-lambda": { all: [{ key: "Type", value: "Automated" }, { key: "CreatedOn" }] },
  "aws-backup": { key: "aws:backup:source-resource" },
  dlm: { any: [{ key: "aws:dlm:lifecycle-policy-id" }, { key: "dlm:managed", value: "true" }] },
} as const satisfies Readonly<Record<string, Select>>;
export type SystemName = keyof typeof SYSTEMS;
