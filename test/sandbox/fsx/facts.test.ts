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
  type FSxClient,
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
import { type FsxHarness, failure, OF_TYPE, startFsx } from "./harness.js";

describe("sandbox FSx: answers as real ones are", () => {
  let fsx: FsxHarness;
  let east: FSxClient;

  beforeEach(async () => {
    fsx = await startFsx();
    east = fsx.client();
  });
  afterEach(() => fsx.stop());

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
    const machine = await east.send(new CreateStorageVirtualMachineCommand({ FileSystemId, Name: "svm" }));
    const svm = machine.StorageVirtualMachine?.StorageVirtualMachineId ?? "";
    fsx.advance(500);
    const OntapConfiguration = { StorageVirtualMachineId: svm, SizeInMegabytes: 1024, JunctionPath: "/vol1" };
    const made = await east.send(new CreateVolumeCommand({ VolumeType: "ONTAP", Name: "vol1", OntapConfiguration }));
    fsx.advance(500);
    return { svm, id: made.Volume?.VolumeId ?? "", fileSystem: FileSystemId };
  }

  for (const name of ["WINDOWS", "MULTI_AZ", "LUSTRE", "OPENZFS", "ONTAP"] as const) {
    it(`file systems: ${name}`, async () => {
      const type = OF_TYPE[name].FileSystemType;
      const Tags = [{ Key: "a", Value: "b" }];
      const { FileSystem } = await east.send(new CreateFileSystemCommand({ ...OF_TYPE[name], Tags }));
      fits(FileSystem && [FileSystem], FILE_SYSTEM[type]);
      fsx.advance(500);
      fits((await east.send(new DescribeFileSystemsCommand({}))).FileSystems, FILE_SYSTEM[type]);
    });
  }

  for (const type of ["WINDOWS", "LUSTRE", "OPENZFS"] as const) {
    it(`backups of ${type}, in every state`, async () => {
      const FileSystemId = await fsx.fileSystem(type);
      const backup = await fsx.backup({ FileSystemId, Tags: [{ Key: "a", Value: "b" }] });
      fits([backup], BACKUP_OF[type]);
      fsx.advance(1000);
      const { Backup } = await east.send(new CopyBackupCommand({ SourceBackupId: backup.BackupId }));
      fits(Backup && [Backup], BACKUP_OF[type]);
      fsx.plane.failBackup("us-east-1", (await fsx.backup({ FileSystemId })).BackupId ?? "", "the sky fell");
      const { Backups } = await east.send(new DescribeBackupsCommand({}));
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
    const { StorageVirtualMachines } = await east.send(new DescribeStorageVirtualMachinesCommand({}));
    fits(StorageVirtualMachines, MACHINE);
    fits((await east.send(new DescribeVolumesCommand({}))).Volumes, ONTAP_VOLUME);
    fits([await fsx.backup({ VolumeId: id })], BACKUP_OF["ONTAP"]);
    fsx.advance(1000);
    fits((await east.send(new DescribeBackupsCommand({}))).Backups, BACKUP_OF["ONTAP"]);
  });

  it("answers to tags and deletes", async () => {
    const FileSystemId = await fsx.fileSystem("WINDOWS");
    const { ResourceARN } = (await east.send(new DescribeFileSystemsCommand({}))).FileSystems?.[0] ?? {};
    const Tags = [{ Key: "a", Value: "b" }];
    fitsAnswer("TagResource", await east.send(new TagResourceCommand({ ResourceARN, Tags })));
    fitsAnswer("ListTagsForResource", await east.send(new ListTagsForResourceCommand({ ResourceARN })));
    fitsAnswer("UntagResource", await east.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["a"] })));
    const deleted = await east.send(new DeleteFileSystemCommand({ FileSystemId }));
    fitsAnswer("DeleteFileSystem", deleted);
    fsx.advance(1000);
    const BackupId = deleted.WindowsResponse?.FinalBackupId;
    fitsAnswer("DeleteBackup", await east.send(new DeleteBackupCommand({ BackupId })));
    const { svm, id } = await volume();
    await east.send(new DeleteVolumeCommand({ VolumeId: id, OntapConfiguration: { SkipFinalBackup: true } }));
    const machine = new DeleteStorageVirtualMachineCommand({ StorageVirtualMachineId: svm });
    fitsAnswer("DeleteStorageVirtualMachine", await east.send(machine));
  });

  /** How each recorded error comes about. */
  const causes: Readonly<Record<string, () => Promise<FSxServiceException>>> = {
    "CreateBackup BackupInProgress": async () => {
      const FileSystemId = await fsx.fileSystem();
      await fsx.backup({ FileSystemId });
      return failure(fsx.backup({ FileSystemId }));
    },
    "DeleteFileSystem BadRequest": async () => {
      const { FileSystem } = await east.send(new CreateFileSystemCommand(OF_TYPE.WINDOWS));
      return failure(east.send(new DeleteFileSystemCommand({ FileSystemId: FileSystem?.FileSystemId })));
    },
    "DeleteVolume VolumeNotFound": () =>
      failure(east.send(new DeleteVolumeCommand({ VolumeId: "fsvol-0123456789abcdef0" }))),
    "DeleteVolume BadRequest": async () => {
      const { svm, id } = await volume();
      await east.send(new DeleteVolumeCommand({ VolumeId: id, OntapConfiguration: { SkipFinalBackup: true } }));
      await east.send(new DeleteStorageVirtualMachineCommand({ StorageVirtualMachineId: svm }));
      return failure(east.send(new DeleteVolumeCommand({ VolumeId: id })));
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
