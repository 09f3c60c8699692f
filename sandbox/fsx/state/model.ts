import type * as sdk from "@aws-sdk/client-fsx";
import type { Row } from "../../state/journal.js";

export type Tags = Readonly<Record<string, string>>;

export interface ClientToken {
  readonly token: string;
  /** Of the request's parameters. */
  readonly hash: string;
}

interface Base extends Row {
  readonly region: string;
  readonly tags: Tags;
  readonly createdAt: number;
  readonly token?: ClientToken;
}

/** What the API shows of a file system as it is, with its names; times and states are told beside it. */
export type Described = Omit<
  sdk.FileSystem,
  | "OwnerId"
  | "CreationTime"
  | "FileSystemId"
  | "FileSystemType"
  | "Lifecycle"
  | "FailureDetails"
  | "ResourceARN"
  | "Tags"
  | "AdministrativeActions"
>;

/** States follow from the times below and the clock (file-systems/lifecycle.ts). */
export interface FileSystem extends Base {
  readonly kind: "file-system";
  readonly type: sdk.FileSystemType;
  readonly described: Described;
  /** Security groups of its interfaces, which FSx itself does not show. @default the VPC's own */
  readonly groups?: readonly string[];
  readonly availableAt: number;
  readonly updatedAt?: number;
  readonly goneAt?: number;
  /** The backup that it was made from. */
  readonly backup?: string;
}

/** A virtual machine of ONTAP, or a volume in one. */
interface OntapPart extends Base {
  readonly fileSystem: string;
  readonly name: string;
  readonly uuid: string;
  readonly readyAt: number;
  readonly goneAt?: number;
}

export interface StorageVirtualMachine extends OntapPart {
  readonly kind: "storage-virtual-machine";
  readonly style: sdk.StorageVirtualMachineRootVolumeSecurityStyle;
}

export interface Volume extends OntapPart {
  readonly kind: "volume";
  readonly described: sdk.OntapVolumeConfiguration;
  /** The backup that it was made from. */
  readonly backup?: string;
}

/** The unit of a backup: a file system, or a volume of ONTAP. */
export interface Backup extends Base {
  readonly kind: "backup";
  readonly type: sdk.BackupType;
  readonly unit: string;
  readonly fileSystemType: sdk.FileSystemType;
  /** As the API shows it: what it was when the backup began. */
  readonly fileSystem?: sdk.FileSystem;
  readonly volume?: sdk.Volume;
  readonly directory?: sdk.ActiveDirectoryBackupAttributes;
  readonly kmsKeyId?: string;
  /** Later than its creation where it waited for an update. */
  readonly startsAt: number;
  readonly endsAt: number;
  /** It ends as FAILED, and says so. */
  readonly failure?: string;
  /** It never ends: a fault. */
  readonly stuck?: true;
  readonly source?: { readonly id: string; readonly region: string };
  /** Its bytes; none for an empty file system. */
  readonly content?: string;
  readonly bytes: number;
}

export type Entity = FileSystem | StorageVirtualMachine | Volume | Backup;
