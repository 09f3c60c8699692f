import { hash } from "node:crypto";

/** The ARN of AWS's own key of a service in a region, as `alias/aws/fsx`: always the same one, whatever KMS is asked. */
export function managedKey(service: string, region: string, account: string): string {
  const hex = hash("sha256", `${account} ${region} alias/aws/${service}`);
  const id = [hex.slice(0, 8), hex.slice(8, 12), hex.slice(12, 16), hex.slice(16, 20), hex.slice(20, 32)].join("-");
  return `arn:aws:kms:${region}:${account}:key/${id}`;
}
