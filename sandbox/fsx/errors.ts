import type { ServiceLimit } from "@aws-sdk/client-fsx";
import { ApiError } from "../wire/errors.js";

/** Codes and their extra members: FSx API reference. Sentences are recorded ones where that is said, else ours. */
export const badRequest = (message: string) => new ApiError("BadRequest", message);

export const unsupportedOperation = (message: string) => new ApiError("UnsupportedOperation", message);

const NOT_FOUND = {
  "file-system": "FileSystemNotFound",
  volume: "VolumeNotFound",
  "storage-virtual-machine": "StorageVirtualMachineNotFound",
  backup: "BackupNotFound",
} as const;

export type Kind = keyof typeof NOT_FOUND;

/** Recorded of a volume: the sentence is the id alone. */
export const notFound = (kind: Kind, id: string) => new ApiError(NOT_FOUND[kind], id);

/** Recorded. */
export const backupInProgress = () => new ApiError("BackupInProgress", "Another backup is already pending.");

export const limitExceeded = (limit: ServiceLimit, most: number) =>
  new ApiError("ServiceLimitExceeded", `${limit} is at its limit of ${most}`, { Limit: limit });

/** "A client token with parameters that don't match": CreateBackup. */
export const incompatibleToken = () =>
  new ApiError("IncompatibleParameterError", "The client request token was used before with other parameters", {
    Parameter: "ClientRequestToken",
  });
