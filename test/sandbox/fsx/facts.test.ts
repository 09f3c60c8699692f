import {
  CopyBackupCommand,
  CreateFileSystemCommand,
  CreateStorageVirtualMachineCommand,
  CreateVolumeCommand,
  DeleteBackupCommand,
  DeleteFileSystemCommand,
  DeleteStorageVirtualMachineCommand,
  DeleteVolumeCommand,
  DescribeBackupsCommand,
  DescribeFileSystemsCommand,
  DescribeStorageVirtualMachinesCommand,
  DescribeVolumesCommand,
  type FSxServiceException,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { differences, type Form } from "../../recorded/facts.js";
import { ANSWERS, ERRORS } from "../../recorded/fsx/answers.js";
import { BACKUP_OF, PROGRESS } from "../../recorded/fsx/backups.js";
import { FILE_SYSTEM } from "../../recorded/fsx/file-systems.js";
import { MACHINE, ONTAP_VOLUME } from "../../recorded/fsx/ontap.js";
import { failure, OF_TYPE } from "./harness.js";
import { withFsx } from "./with-fsx.js";

describe("sandbox FSx: answers as real ones are", () => {
  const fsx = withFsx();

  /** Holds all rows of a list against the table. */
  function fits(rows: readonly object[] | undefined, form: Form | undefined): void {
    expect(rows).to.have.property("length").that.is.above(0);
    for (const row of rows ?? [])
      expect(form ? differences(row, form) : ["the table has nothing of it"]).to.deep.equal([]);
  }
  /** The same of a whole answer. */
  function fitsAnswer(operation: string, { $metadata: _, ...answer }: { $metadata: unknown }): void {
    fits([answer], ANSWERS[operation]);
  }

  async function volume(): Promise<{ readonly svm: string; readonly id: string; readonly fileSystem: string }> {
    const FileSystemId = await fsx.fileSystem("ONTAP");
    const machine = await fsx.east.send(new CreateStorageVirtualMachineCommand({ FileSystemId, Name: "svm" }));
    const svm = machine.StorageVirtualMachine?.StorageVirtualMachineId ?? "";
    fsx.advance(500);
    const OntapConfiguration = { StorageVirtualMachineId: svm, SizeInMegabytes: 1024, JunctionPath: "/vol1" };
    const made = await fsx.east.send(
      new CreateVolumeCommand({ VolumeType: "ONTAP", Name: "vol1", OntapConfiguration }),
    );
    fsx.advance(500);
    return { svm, id: made.Volume?.VolumeId ?? "", fileSystem: FileSystemId };
  }

  for (const name of ["WINDOWS", "MULTI_AZ", "LUSTRE", "OPENZFS", "ONTAP"] as const) {
    it(`file systems: ${name}`, async () => {
      const type = OF_TYPE[name].FileSystemType;
      const Tags = [{ Key: "a", Value: "b" }];
      const { FileSystem } = await fsx.east.send(new CreateFileSystemCommand({ ...OF_TYPE[name], Tags }));
      fits(FileSystem && [FileSystem], FILE_SYSTEM[type]);
      fsx.advance(500);
      fits((await fsx.east.send(new DescribeFileSystemsCommand({}))).FileSystems, FILE_SYSTEM[type]);
    });
  }

  for (const type of ["WINDOWS", "LUSTRE", "OPENZFS"] as const) {
    it(`backups of ${type}, in every state`, async () => {
      const FileSystemId = await fsx.fileSystem(type);
      const backup = await fsx.backup({ FileSystemId, Tags: [{ Key: "a", Value: "b" }] });
      fits([backup], BACKUP_OF[type]);
      fsx.advance(1000);
      const { Backup } = await fsx.east.send(new CopyBackupCommand({ SourceBackupId: backup.BackupId }));
      fits(Backup && [Backup], BACKUP_OF[type]);
      fsx.plane.failBackup("us-east-1", (await fsx.backup({ FileSystemId })).BackupId ?? "", "the sky fell");
      const { Backups } = await fsx.east.send(new DescribeBackupsCommand({}));
      expect(Backups).to.have.length(3);
      fits(Backups, BACKUP_OF[type]);
    });
  }

  it("progress of a backup by its state", async () => {
    const { BackupId } = await fsx.backup({ FileSystemId: await fsx.fileSystem("WINDOWS") });
    for (const state of ["CREATING", "AVAILABLE"]) {
      const seen = await fsx.look(BackupId);
      expect(seen?.Lifecycle).to.equal(state);
      expect(seen?.ProgressPercent).to.equal(PROGRESS[state]);
      fsx.advance(1000);
    }
  });

  it("virtual machines, volumes and their backups", async () => {
    const { id } = await volume();
    const { StorageVirtualMachines } = await fsx.east.send(new DescribeStorageVirtualMachinesCommand({}));
    fits(StorageVirtualMachines, MACHINE);
    fits((await fsx.east.send(new DescribeVolumesCommand({}))).Volumes, ONTAP_VOLUME);
    fits([await fsx.backup({ VolumeId: id })], BACKUP_OF["ONTAP"]);
    fsx.advance(1000);
    fits((await fsx.east.send(new DescribeBackupsCommand({}))).Backups, BACKUP_OF["ONTAP"]);
  });

  it("answers to tags and deletes", async () => {
    const FileSystemId = await fsx.fileSystem("WINDOWS");
    const { ResourceARN } = (await fsx.east.send(new DescribeFileSystemsCommand({}))).FileSystems?.[0] ?? {};
    const Tags = [{ Key: "a", Value: "b" }];
    fitsAnswer("TagResource", await fsx.east.send(new TagResourceCommand({ ResourceARN, Tags })));
    fitsAnswer("ListTagsForResource", await fsx.east.send(new ListTagsForResourceCommand({ ResourceARN })));
    fitsAnswer("UntagResource", await fsx.east.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["a"] })));
    const deleted = await fsx.east.send(new DeleteFileSystemCommand({ FileSystemId }));
    fitsAnswer("DeleteFileSystem", deleted);
    fsx.advance(1000);
    const BackupId = deleted.WindowsResponse?.FinalBackupId;
    fitsAnswer("DeleteBackup", await fsx.east.send(new DeleteBackupCommand({ BackupId })));
    const { svm, id } = await volume();
    await fsx.east.send(new DeleteVolumeCommand({ VolumeId: id, OntapConfiguration: { SkipFinalBackup: true } }));
    const machine = new DeleteStorageVirtualMachineCommand({ StorageVirtualMachineId: svm });
    fitsAnswer("DeleteStorageVirtualMachine", await fsx.east.send(machine));
  });

  /** How each recorded error comes about. */
  const causes: Readonly<Record<string, () => Promise<FSxServiceException>>> = {
    "CreateBackup BackupInProgress": async () => {
      const FileSystemId = await fsx.fileSystem();
      await fsx.backup({ FileSystemId });
      return failure(fsx.backup({ FileSystemId }));
    },
    "DeleteFileSystem BadRequest": async () => {
      const { FileSystem } = await fsx.east.send(new CreateFileSystemCommand(OF_TYPE.WINDOWS));
      return failure(fsx.east.send(new DeleteFileSystemCommand({ FileSystemId: FileSystem?.FileSystemId })));
    },
    "DeleteVolume VolumeNotFound": () =>
      failure(fsx.east.send(new DeleteVolumeCommand({ VolumeId: "fsvol-0123456789abcdef0" }))),
    "DeleteVolume BadRequest": async () => {
      const { svm, id } = await volume();
      await fsx.east.send(new DeleteVolumeCommand({ VolumeId: id, OntapConfiguration: { SkipFinalBackup: true } }));
      await fsx.east.send(new DeleteStorageVirtualMachineCommand({ StorageVirtualMachineId: svm }));
      return failure(fsx.east.send(new DeleteVolumeCommand({ VolumeId: id })));
    },
  };
  for (const { operation, code, message, status } of ERRORS) {
    it(`${operation} refused with ${code}`, async () => {
      const error = await causes[`${operation} ${code}`]?.();
      expect(error).to.include({ name: code }).and.to.have.property("message").that.matches(message);
      expect(error?.$metadata.httpStatusCode).to.equal(status);
    });
  }
});
