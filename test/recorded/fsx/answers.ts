import type { Form } from "../facts.js";
import { BACKUP_ID, FILE_SYSTEM_ID, HEX, MACHINE_ID, TAGS, VOLUME_ID } from "./words.js";

/** Answers to calls that change something. */
export const ANSWERS: Readonly<Record<string, Form>> = {
  DeleteBackup: { always: { BackupId: BACKUP_ID, Lifecycle: /^DELETED$/ } },
  DeleteFileSystem: {
    always: {
      FileSystemId: FILE_SYSTEM_ID,
      Lifecycle: /^DELETING$/,
      WindowsResponse: { always: {}, seen: { FinalBackupId: BACKUP_ID } },
    },
  },
  DeleteStorageVirtualMachine: { always: { StorageVirtualMachineId: MACHINE_ID, Lifecycle: /^DELETING$/ } },
  ListTagsForResource: { always: { Tags: TAGS } },
  TagResource: { always: {} },
  UntagResource: { always: {} },
};

export interface RecordedError {
  readonly operation: string;
  readonly code: string;
  readonly status: number;
  readonly message: RegExp;
}

export const ERRORS: readonly RecordedError[] = [
  {
    operation: "CreateBackup",
    code: "BackupInProgress",
    status: 400,
    message: /^Another backup is already pending\.$/,
  },
  {
    operation: "DeleteFileSystem",
    code: "BadRequest",
    status: 400,
    message: new RegExp(`^Cannot take final backup while fs-${HEX} is in CREATING$`),
  },
  { operation: "DeleteVolume", code: "VolumeNotFound", status: 400, message: VOLUME_ID },
  {
    operation: "DeleteVolume",
    code: "BadRequest",
    status: 400,
    message: /^Cannot create backup because this volume's storage virtual machine is deleting\.$/,
  },
];
