import { randomBytes } from "node:crypto";

/** A fresh id in the long format (EC2 user guide, "Resource IDs": a prefix and 17 hexadecimal characters). */
export const freshId = (prefix: string): string => `${prefix}-${randomBytes(9).toString("hex").slice(0, 17)}`;
