import {
  CopyBackup$,
  CreateBackup$,
  CreateFileSystem$,
  CreateFileSystemFromBackup$,
  CreateStorageVirtualMachine$,
  CreateVolume$,
  CreateVolumeFromBackup$,
  DeleteBackup$,
  DeleteFileSystem$,
  DeleteStorageVirtualMachine$,
  DeleteVolume$,
  DescribeBackups$,
  DescribeFileSystems$,
  DescribeStorageVirtualMachines$,
  DescribeVolumes$,
  ListTagsForResource$,
  TagResource$,
  UntagResource$,
  UpdateFileSystem$,
} from "@aws-sdk/client-fsx";
import { type Operation, operation } from "../wire/json.js";
import { copyBackup } from "./backups/copy.js";
import { createBackup } from "./backups/create.js";
import { deleteBackup } from "./backups/delete.js";
import { describeBackups } from "./backups/describe.js";
import type { Call } from "./call.js";
import { createFileSystem } from "./file-systems/create.js";
import { deleteFileSystem } from "./file-systems/delete.js";
import { describeFileSystems } from "./file-systems/describe.js";
import { createFileSystemFromBackup } from "./file-systems/restore.js";
import { updateFileSystem } from "./file-systems/update.js";
import { createVolume, createVolumeFromBackup } from "./ontap/create.js";
import { deleteVolume } from "./ontap/delete.js";
import { createMachine, deleteMachine, describeMachines } from "./ontap/machines.js";
import { describeVolumes } from "./ontap/volumes.js";
import { listTags, tagResource, untagResource } from "./tags.js";
import { CREATED, DELETED, PAGE, RESTORED, UPDATED, VOLUME } from "./taken.js";

/** All that this FSx can do, and what it reads of each request. */
export const OPERATIONS: readonly Operation<Call>[] = [
  operation(CreateFileSystem$, [...CREATED, "FileSystemType", "FileSystemTypeVersion"], createFileSystem),
  operation(CreateFileSystemFromBackup$, RESTORED, createFileSystemFromBackup),
  operation(DescribeFileSystems$, ["FileSystemIds", ...PAGE], describeFileSystems),
  operation(UpdateFileSystem$, UPDATED, updateFileSystem),
  operation(DeleteFileSystem$, DELETED, deleteFileSystem),
  operation(CreateBackup$, ["FileSystemId", "VolumeId", "Tags", "ClientRequestToken"], createBackup),
  operation(
    CopyBackup$,
    ["SourceBackupId", "SourceRegion", "KmsKeyId", "CopyTags", "Tags", "ClientRequestToken"],
    copyBackup,
  ),
  operation(DeleteBackup$, ["BackupId", "ClientRequestToken"], deleteBackup),
  operation(DescribeBackups$, ["BackupIds", "Filters", ...PAGE], describeBackups),
  operation(
    CreateStorageVirtualMachine$,
    ["FileSystemId", "Name", "SvmAdminPassword", "RootVolumeSecurityStyle", "Tags", "ClientRequestToken"],
    createMachine,
  ),
  operation(DescribeStorageVirtualMachines$, ["StorageVirtualMachineIds", "Filters", ...PAGE], describeMachines),
  operation(DeleteStorageVirtualMachine$, ["StorageVirtualMachineId", "ClientRequestToken"], deleteMachine),
  operation(CreateVolume$, ["VolumeType", ...VOLUME], createVolume),
  operation(CreateVolumeFromBackup$, ["BackupId", ...VOLUME], createVolumeFromBackup),
  operation(DescribeVolumes$, ["VolumeIds", "Filters", ...PAGE], describeVolumes),
  operation(
    DeleteVolume$,
    ["VolumeId", "OntapConfiguration.SkipFinalBackup", "OntapConfiguration.FinalBackupTags", "ClientRequestToken"],
    deleteVolume,
  ),
  operation(TagResource$, ["ResourceARN", "Tags"], tagResource),
  operation(UntagResource$, ["ResourceARN", "TagKeys"], untagResource),
  operation(ListTagsForResource$, ["ResourceARN", ...PAGE], listTags),
];
