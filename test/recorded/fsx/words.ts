import type { Form } from "../facts.js";

/**
 * What answers of the real FSx look like: facts taken from recordings that others published (Cloud Custodian's test data), and from
 * no other source but where a member is called `documented` (FSx API reference).
 */

export const HEX = "[0-9a-f]{17}";
const ACCOUNT = String.raw`\d{12}`;
export const arn = (rest: string): RegExp => new RegExp(`^arn:aws:fsx:[a-z0-9-]+:${ACCOUNT}:${rest}$`);

export const BACKUP_ID = /^backup-[0-9a-f]{17}$/;
export const FILE_SYSTEM_ID = new RegExp(`^fs-${HEX}$`);
export const VOLUME_ID = new RegExp(`^fsvol-${HEX}$`);
export const MACHINE_ID = new RegExp(`^svm-${HEX}$`);
export const KEY = new RegExp(`^arn:aws:kms:[a-z0-9-]+:${ACCOUNT}:key/[0-9a-f-]{36}$`);
export const OWNER = new RegExp(`^${ACCOUNT}$`);
export const WEEKLY = /^[1-7]:\d\d:\d\d$/;
const DAILY = /^\d\d:\d\d$/;

export const TAGS: Form = [{ always: { Key: "text", Value: "text" } }];
export const IOPS: Form = { always: { Mode: /^(AUTOMATIC|USER_PROVISIONED)$/, Iops: "number" } };
export const AUTOMATIC = { AutomaticBackupRetentionDays: "number", DailyAutomaticBackupStartTime: DAILY } as const;
export const ENDPOINT: Form = { always: { DNSName: "text", IpAddresses: ["text"] } };
export const LUSTRE_LOG: Form = {
  always: { Level: /^(DISABLED|WARN_ONLY|ERROR_ONLY|WARN_ERROR)$/ },
  seen: { Destination: "text" },
};
