import { managedKey } from "../state/managed-keys.js";
import { ApiError } from "../wire/errors.js";
import type { Call } from "./call.js";
import { badRequest } from "./errors.js";

/** The key of a new file system: the one that is named, else `alias/aws/fsx`. */
export async function ownKey({ neighbours, region, context }: Call, key: string | undefined): Promise<string> {
  if (key === undefined) return managedKey("fsx", region, context.account);
  const arn = await neighbours.key(region, key);
  if (arn === undefined) throw badRequest(`The KMS key ${key} does not exist in ${region}, or is not enabled`);
  return arn;
}

/** The key of a copy (API_CopyBackup): of the destination, and that of the source must be usable too. */
export async function copyKey(
  { neighbours, region, context }: Call,
  key: string | undefined,
  source: { readonly region: string; readonly key: string | undefined },
): Promise<string> {
  if (source.key !== undefined && (await neighbours.key(source.region, source.key)) === undefined)
    throw new ApiError("InvalidSourceKmsKey", `The KMS key ${source.key} of the source backup cannot be used`);
  if (key === undefined) return managedKey("fsx", region, context.account);
  const arn = await neighbours.key(region, key);
  if (arn === undefined)
    throw new ApiError("InvalidDestinationKmsKey", `The KMS key ${key} cannot be used in ${region}`);
  return arn;
}
