import { managedKey } from "../state/managed-keys.js";
import { callEmulator, jsonCall } from "./service-calls.js";

/** Finds the KMS key that a request to a service (`ebs`, `fsx`) names; undefined when there is none or it is not enabled. */
export function kmsKeys(
  port: number,
  account: string,
  service: "ebs" | "fsx",
): (region: string, key: string) => Promise<string | undefined> {
  return async (region, key) => {
    const alias = `alias/aws/${service}`;
    const own = managedKey(service, region, account);
    if (key === alias || key === `arn:aws:kms:${region}:${account}:${alias}`) return own;
    if (key === own) return key;
    const answer = await callEmulator(port, "ec2", jsonCall("kms", region, "TrentService.DescribeKey", { KeyId: key }));
    if (answer.status !== 200) return undefined;
    // DescribeKey's answer (KMS API reference).
    const { KeyMetadata } = JSON.parse(answer.body) as { KeyMetadata: { Arn: string; KeyState: string } };
    // A key of another region cannot be used (EBS user guide, "Amazon EBS encryption").
    return KeyMetadata.KeyState === "Enabled" && KeyMetadata.Arn.split(":")[3] === region ? KeyMetadata.Arn : undefined;
  };
}
