import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CopyBackupCommand,
  CreateStorageVirtualMachineCommand,
  CreateVolumeCommand,
  CreateVolumeFromBackupCommand,
  DeleteBackupCommand,
  DeleteFileSystemCommand,
  DeleteStorageVirtualMachineCommand,
  DeleteVolumeCommand,
  DescribeBackupsCommand,
  DescribeStorageVirtualMachinesCommand,
  DescribeVolumesCommand,
  type OntapVolumeType,
} from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { EAST, failure, WEST } from "./harness.js";
import { withFsx } from "./with-fsx.js";

describe("sandbox FSx: volumes of ONTAP", () => {
  const fsx = withFsx();

  async function machine(FileSystemId: string): Promise<string> {
    const made = await fsx.east.send(new CreateStorageVirtualMachineCommand({ FileSystemId, Name: "svm" }));
    fsx.advance(500);
    return made.StorageVirtualMachine?.StorageVirtualMachineId ?? "";
  }
  async function volume(StorageVirtualMachineId: string, OntapVolumeType: OntapVolumeType = "RW", Name = "data") {
    const made = await fsx.east.send(
      new CreateVolumeCommand({
        VolumeType: "ONTAP",
        Name,
        OntapConfiguration: {
          StorageVirtualMachineId,
          SizeInMegabytes: 1024,
          JunctionPath: `/${Name}`,
          StorageEfficiencyEnabled: true,
          // The API takes RW and DP only; the type of the answer has LS too.
          OntapVolumeType: OntapVolumeType === "DP" ? "DP" : "RW",
        },
      }),
    );
    fsx.advance(500);
    return made.Volume?.VolumeId ?? "";
  }
  const described = async (VolumeId: string) =>
    (await fsx.east.send(new DescribeVolumesCommand({ VolumeIds: [VolumeId] }))).Volumes?.[0];

  it("lie in virtual machines, which have a root volume", async () => {
    const fileSystem = await fsx.fileSystem("ONTAP");
    const svm = await machine(fileSystem);
    const { StorageVirtualMachines } = await fsx.east.send(new DescribeStorageVirtualMachinesCommand({}));
    expect(StorageVirtualMachines?.[0]).to.include({
      StorageVirtualMachineId: svm,
      Lifecycle: "CREATED",
      Subtype: "DEFAULT",
    });
    const id = await volume(svm);
    expect(await described(id)).to.include({ Lifecycle: "CREATED", VolumeType: "ONTAP", FileSystemId: fileSystem });
    const Filters = [{ Name: "storage-virtual-machine-id" as const, Values: [svm] }];
    const { Volumes } = await fsx.east.send(new DescribeVolumesCommand({ Filters }));
    expect(Volumes?.map((one) => one.OntapConfiguration?.StorageVirtualMachineRoot).sort()).to.deep.equal([
      false,
      true,
    ]);
  });

  it("are backed up one by one; their backups are of a volume, and name its file system to filters", async () => {
    const fileSystem = await fsx.fileSystem("ONTAP");
    const svm = await machine(fileSystem);
    const [first, second] = [await volume(svm), await volume(svm, "RW", "more")];
    const backup = await fsx.backup({ VolumeId: first });
    expect(backup).to.include({ Lifecycle: "CREATING", ResourceType: "VOLUME" });
    expect(backup).not.to.have.property("FileSystem");
    expect(backup.Volume).to.include({ VolumeId: first, FileSystemId: fileSystem, Name: "data" });
    await fsx.backup({ VolumeId: second });
    expect(await failure(fsx.backup({ VolumeId: first }))).to.include({ name: "BackupInProgress" });
    const found = async (Name: "volume-id" | "file-system-id" | "file-system-type", value: string) =>
      (await fsx.east.send(new DescribeBackupsCommand({ Filters: [{ Name, Values: [value] }] }))).Backups?.length;
    expect(await found("volume-id", first)).to.equal(1);
    expect(await found("file-system-id", fileSystem)).to.equal(2);
    expect(await found("file-system-type", "ONTAP")).to.equal(2);
    expect(await found("file-system-type", "LUSTRE")).to.equal(0);
  });

  it("cannot be backed up when they are read-only, nor copied anywhere", async () => {
    const svm = await machine(await fsx.fileSystem("ONTAP"));
    expect(await failure(fsx.backup({ VolumeId: await volume(svm, "DP", "mirror") }))).to.include({
      name: "UnsupportedOperation",
    });
    const { BackupId } = await fsx.backup({ VolumeId: await volume(svm) });
    fsx.advance(1000);
    const copy = new CopyBackupCommand({ SourceBackupId: BackupId, SourceRegion: EAST });
    expect(await failure(fsx.client(WEST).send(copy))).to.include({ name: "UnsupportedOperation" });
    expect(await failure(fsx.backup({ VolumeId: "fsvol-0123456789abcdef0" }))).to.include({ name: "VolumeNotFound" });
  });

  it("are made from a backup in a machine that is there, with the bytes, not smaller than they were", async () => {
    const svm = await machine(await fsx.fileSystem("ONTAP"));
    const id = await volume(svm);
    writeFileSync(join(fsx.plane.filesOf(EAST, id).directory, "a.txt"), "bytes");
    const { BackupId } = await fsx.backup({ VolumeId: id });
    fsx.advance(1000);
    const restore = (Name: string, more: object = {}) =>
      fsx.east.send(
        new CreateVolumeFromBackupCommand({
          BackupId,
          Name,
          OntapConfiguration: { StorageVirtualMachineId: svm, ...more },
        }),
      );
    const { Volume } = await restore("again", { JunctionPath: "/again" });
    expect(Volume?.OntapConfiguration).to.include({ SizeInMegabytes: 1024, JunctionPath: "/again" });
    expect(readFileSync(join(fsx.plane.filesOf(EAST, Volume?.VolumeId ?? "").directory, "a.txt"), "utf8")).to.equal(
      "bytes",
    );
    expect(await failure(fsx.east.send(new DeleteBackupCommand({ BackupId })))).to.include({ name: "BackupRestoring" });
    expect(await failure(restore("small", { SizeInMegabytes: 512 }))).to.include({ name: "BadRequest" });
    expect(await failure(restore("again"))).to.include({ name: "BadRequest" });
    const elsewhere = restore("lost", { StorageVirtualMachineId: "svm-0123456789abcdef0" });
    expect(await failure(elsewhere)).to.include({ name: "StorageVirtualMachineNotFound" });
  });

  it("go before their machine, and that before the file system; with a last backup unless told not to", async () => {
    const FileSystemId = await fsx.fileSystem("ONTAP");
    const StorageVirtualMachineId = await machine(FileSystemId);
    const VolumeId = await volume(StorageVirtualMachineId);
    const removeMachine = () => fsx.east.send(new DeleteStorageVirtualMachineCommand({ StorageVirtualMachineId }));
    const removeFileSystem = () => fsx.east.send(new DeleteFileSystemCommand({ FileSystemId }));
    expect(await failure(removeFileSystem())).to.include({ name: "BadRequest" });
    expect(await failure(removeMachine())).to.include({ name: "BadRequest" });
    const { OntapResponse } = await fsx.east.send(new DeleteVolumeCommand({ VolumeId }));
    const { Backups } = await fsx.east.send(new DescribeBackupsCommand({}));
    expect(Backups?.map((one) => one.BackupId)).to.deep.equal([OntapResponse?.FinalBackupId]);
    await removeMachine();
    fsx.advance(1000);
    expect(await failure(described(VolumeId))).to.include({ name: "VolumeNotFound", message: VolumeId });
    await removeFileSystem();
  });
});
