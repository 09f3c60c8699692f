import type { Form } from "../facts.js";
import { arn, ENDPOINT, FILE_SYSTEM_ID, HEX, MACHINE_ID, TAGS, VOLUME_ID } from "./words.js";

export const ONTAP_VOLUME: Form = {
  always: {
    CreationTime: "time",
    FileSystemId: FILE_SYSTEM_ID,
    Lifecycle: /^(CREATED|CREATING|DELETING)$/,
    Name: "text",
    OntapConfiguration: {
      always: {
        FlexCacheEndpointType: /^NONE$/,
        JunctionPath: "text",
        SecurityStyle: /^(UNIX|NTFS|MIXED)$/,
        SizeInMegabytes: "number",
        StorageEfficiencyEnabled: "flag",
        StorageVirtualMachineId: MACHINE_ID,
        StorageVirtualMachineRoot: "flag",
        TieringPolicy: { always: { Name: "text" }, seen: { CoolingPeriod: "number" } },
        UUID: "text",
        OntapVolumeType: /^(RW|DP|LS)$/,
      },
      seen: {
        SnapshotPolicy: "text",
        CopyTagsToBackups: "flag",
        VolumeStyle: /^(FLEXVOL|FLEXGROUP)$/,
        AggregateConfiguration: { always: { Aggregates: ["text"] } },
        SizeInBytes: "number",
      },
    },
    ResourceARN: arn(`volume/fs-${HEX}/fsvol-${HEX}`),
    VolumeId: VOLUME_ID,
    VolumeType: /^ONTAP$/,
  },
  documented: { Tags: TAGS },
};

export const MACHINE: Form = {
  always: {
    CreationTime: "time",
    Endpoints: { always: { Iscsi: ENDPOINT, Management: ENDPOINT, Nfs: ENDPOINT } },
    FileSystemId: FILE_SYSTEM_ID,
    Lifecycle: /^(CREATED|CREATING|DELETING)$/,
    Name: "text",
    ResourceARN: arn(`storage-virtual-machine/fs-${HEX}/svm-${HEX}`),
    StorageVirtualMachineId: MACHINE_ID,
    Subtype: /^DEFAULT$/,
    UUID: "text",
  },
  documented: { RootVolumeSecurityStyle: /^(UNIX|NTFS|MIXED)$/, Tags: TAGS },
};
