import { managedKey } from "../../state/managed-keys.js";
import type { KeyLookup } from "../settings.js";

const KEY_ID = /^(mrk-[0-9a-f]{32}|[0-9a-f]{8}(-[0-9a-f]{4}){3}-[0-9a-f]{12})$/;

/** The region's `alias/aws/ebs`: used when no key is named (API_CreateVolume, API_CopySnapshot: KmsKeyId). */
export const defaultKey = (region: string, account: string): string => managedKey("ebs", region, account);

/**
 * Where the sandbox has no KMS to ask: a key is good when it is a key id, or the ARN of a key in the region. Aliases other
 * than `alias/aws/ebs` need a KMS.
 */
export const wellFormedKeys =
  (account: string): KeyLookup =>
  async (region, key) => {
    if (key === "alias/aws/ebs" || key === `arn:aws:kms:${region}:${account}:alias/aws/ebs`)
      return defaultKey(region, account);
    if (KEY_ID.test(key)) return `arn:aws:kms:${region}:${account}:key/${key}`;
    const arn = /^arn:aws:kms:([a-z0-9-]+):\d{12}:key\/(.+)$/.exec(key);
    return arn?.[1] === region && KEY_ID.test(arn[2] ?? "") ? key : undefined;
  };

/** EBS user guide, "Copy an Amazon EBS snapshot": the StateMessage of a copy whose key cannot be used. */
export const KEY_NOT_ACCESSIBLE = "Given key ID is not accessible";
