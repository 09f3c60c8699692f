import { existsSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateFileSystemCommand,
  DeleteFileSystemCommand,
  type DeleteFileSystemCommandInput,
  DescribeBackupsCommand,
  DescribeFileSystemsCommand,
  ListTagsForResourceCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFileSystemCommand,
} from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { EAST, failure, OF_TYPE } from "./harness.js";
import { withFsx } from "./with-fsx.js";

describe("sandbox FSx: file systems", () => {
  const fsx = withFsx();

  const look = async (id: string) =>
    (await fsx.east.send(new DescribeFileSystemsCommand({ FileSystemIds: [id] }))).FileSystems?.[0];
  const remove = (FileSystemId: string, more: Partial<DeleteFileSystemCommandInput> = {}) =>
    fsx.east.send(new DeleteFileSystemCommand({ FileSystemId, ...more }));
  const backups = async () => (await fsx.east.send(new DescribeBackupsCommand({}))).Backups ?? [];

  it("has all four types, with what AWS chooses where nothing is said", async () => {
    const windows = await look(await fsx.fileSystem("WINDOWS"));
    expect(windows?.WindowsConfiguration).to.include({
      DeploymentType: "SINGLE_AZ_1",
      AutomaticBackupRetentionDays: 30,
    });
    expect(windows?.WindowsConfiguration?.DiskIopsConfiguration).to.deep.equal({ Mode: "AUTOMATIC", Iops: 96 });
    const lustre = await look(await fsx.fileSystem("LUSTRE"));
    expect(lustre).to.include({ FileSystemTypeVersion: "2.15", StorageType: "SSD" });
    expect(lustre?.LustreConfiguration).not.to.have.property("AutomaticBackupRetentionDays");
    const ontap = await look(await fsx.fileSystem("ONTAP"));
    expect(ontap).not.to.have.property("DNSName");
    expect(ontap?.OntapConfiguration).to.include({ HAPairs: 1, ThroughputCapacityPerHAPair: 128 });
    expect((await look(await fsx.fileSystem("OPENZFS")))?.OpenZFSConfiguration?.RootVolumeId).to.match(
      /^fsvol-[0-9a-f]{17}$/,
    );
  });

  it("refuses what a type cannot be made of", async () => {
    const refused = async (type: keyof typeof OF_TYPE, more: object) =>
      (await failure(fsx.east.send(new CreateFileSystemCommand({ ...OF_TYPE[type], ...more })))).name;
    expect(await refused("OPENZFS", { OpenZFSConfiguration: undefined })).to.equal("MissingFileSystemConfiguration");
    expect(await refused("OPENZFS", { SubnetIds: ["subnet-99999999"] })).to.equal("InvalidNetworkSettings");
    expect(await refused("OPENZFS", { StorageCapacity: 32 })).to.equal("BadRequest");
    expect(await refused("OPENZFS", { StorageType: "HDD" })).to.equal("BadRequest");
    expect(await refused("WINDOWS", { WindowsConfiguration: { ThroughputCapacity: 32 } })).to.equal("BadRequest");
    expect(await refused("MULTI_AZ", { SubnetIds: OF_TYPE.WINDOWS.SubnetIds })).to.equal("BadRequest");
    for (const PerUnitStorageThroughput of [undefined, 50])
      expect(
        await refused("LUSTRE", { LustreConfiguration: { DeploymentType: "PERSISTENT_2", PerUnitStorageThroughput } }),
      ).to.equal("InvalidPerUnitStorageThroughput");
    expect((await fsx.east.send(new DescribeFileSystemsCommand({}))).FileSystems).to.deep.equal([]);
  });

  it("makes as many of a type as the region may have", async () => {
    fsx.plane.settings.fileSystems = 1;
    await fsx.fileSystem();
    const another = failure(fsx.east.send(new CreateFileSystemCommand(OF_TYPE.OPENZFS)));
    expect(await another).to.include({ name: "ServiceLimitExceeded", Limit: "FILE_SYSTEM_COUNT" });
    await fsx.fileSystem("LUSTRE");
  });

  it("answers a token with the first file system", async () => {
    const request = new CreateFileSystemCommand({ ...OF_TYPE.OPENZFS, ClientRequestToken: "one" });
    const [first, second] = [await fsx.east.send(request), await fsx.east.send(request)];
    expect(second.FileSystem?.FileSystemId).to.equal(first.FileSystem?.FileSystemId);
    const other = new CreateFileSystemCommand({ ...OF_TYPE.OPENZFS, StorageCapacity: 128, ClientRequestToken: "one" });
    expect(await failure(fsx.east.send(other))).to.include({ name: "IncompatibleParameterError" });
  });

  it("changes times at once, and is UPDATING while it grows; a backup waits for that", async () => {
    const id = await fsx.fileSystem("OPENZFS");
    const update = (more: object) => fsx.east.send(new UpdateFileSystemCommand({ FileSystemId: id, ...more }));
    const { FileSystem } = await update({ OpenZFSConfiguration: { AutomaticBackupRetentionDays: 3 } });
    expect(FileSystem).to.include({ Lifecycle: "AVAILABLE" });
    expect(FileSystem?.OpenZFSConfiguration).to.include({ AutomaticBackupRetentionDays: 3, ThroughputCapacity: 64 });
    expect((await update({ StorageCapacity: 128 })).FileSystem).to.include({
      Lifecycle: "UPDATING",
      StorageCapacity: 128,
    });
    const { BackupId } = await fsx.backup({ FileSystemId: id });
    const state = async () => (await backups()).find((one) => one.BackupId === BackupId)?.Lifecycle;
    fsx.advance(1999);
    expect([(await look(id))?.Lifecycle, await state()]).to.deep.equal(["AVAILABLE", "CREATING"]);
    fsx.advance(1);
    expect(await state()).to.equal("AVAILABLE");
    expect(await failure(update({ StorageCapacity: 64 }))).to.include({ name: "BadRequest" });
    expect(await failure(update({ WindowsConfiguration: { ThroughputCapacity: 8 } }))).to.include({
      name: "BadRequest",
    });
  });

  it("takes a last backup of Windows unless told not to, and is gone when that is done", async () => {
    const id = await fsx.fileSystem("WINDOWS");
    writeFileSync(join(fsx.dir, "files", id, "a.txt"), "last words");
    const { WindowsResponse, Lifecycle } = await remove(id, {
      WindowsConfiguration: { FinalBackupTags: [{ Key: "a", Value: "b" }] },
    });
    expect(Lifecycle).to.equal("DELETING");
    const [backup] = await backups();
    expect(backup).to.include({
      BackupId: WindowsResponse?.FinalBackupId,
      Type: "USER_INITIATED",
      Lifecycle: "CREATING",
    });
    expect(backup?.Tags).to.deep.equal([{ Key: "a", Value: "b" }]);
    fsx.advance(999);
    expect(await look(id)).to.include({ Lifecycle: "DELETING" });
    fsx.advance(1);
    expect(await failure(look(id))).to.include({ name: "FileSystemNotFound" });
    expect(existsSync(join(fsx.dir, "files", id))).to.equal(false);
    expect((await backups())[0]?.FileSystem).to.include({ FileSystemId: id });

    const other = await fsx.fileSystem("WINDOWS");
    const skipped = await remove(other, { WindowsConfiguration: { SkipFinalBackup: true } });
    expect(skipped.WindowsResponse).to.deep.equal({});
  });

  it("takes no last backup of Lustre unless asked, and refuses one of what is CREATING in AWS's words", async () => {
    await remove(await fsx.fileSystem("LUSTRE"));
    expect(await backups()).to.deep.equal([]);
    const { FileSystem } = await fsx.east.send(new CreateFileSystemCommand(OF_TYPE.OPENZFS));
    const id = FileSystem?.FileSystemId ?? "";
    expect(await failure(remove(id))).to.include({
      name: "BadRequest",
      message: `Cannot take final backup while ${id} is in CREATING`,
    });
  });

  it("loses its automatic backups when it is deleted, and keeps the others", async () => {
    const id = await fsx.fileSystem("LUSTRE");
    const automatic = await fsx.backup({ FileSystemId: id }, fsx.client(EAST, "fsx.amazonaws.com"));
    expect(automatic.Type).to.equal("AUTOMATIC");
    fsx.advance(1000);
    const own = await fsx.backup({ FileSystemId: id });
    fsx.advance(1000);
    await remove(id);
    expect((await backups()).map((one) => one.BackupId)).to.deep.equal([own.BackupId]);
  });

  it("has tags that are added, overwritten and removed", async () => {
    const id = await fsx.fileSystem("OPENZFS", { Tags: [{ Key: "a", Value: "1" }] });
    const ResourceARN = (await look(id))?.ResourceARN;
    expect(fsx.plane.facts.find(EAST, id)).to.deep.equal({ arn: ResourceARN, tags: { a: "1" } });
    const tags = async () => (await fsx.east.send(new ListTagsForResourceCommand({ ResourceARN }))).Tags;
    await fsx.east.send(
      new TagResourceCommand({
        ResourceARN,
        Tags: [
          { Key: "a", Value: "2" },
          { Key: "b", Value: "" },
        ],
      }),
    );
    expect(await tags()).to.have.deep.members([
      { Key: "a", Value: "2" },
      { Key: "b", Value: "" },
    ]);
    await fsx.east.send(new UntagResourceCommand({ ResourceARN, TagKeys: ["a"] }));
    expect(await tags()).to.deep.equal([{ Key: "b", Value: "" }]);
    const many = Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: "" }));
    expect(await failure(fsx.east.send(new TagResourceCommand({ ResourceARN, Tags: many })))).to.include({
      name: "BadRequest",
    });
    const unknown = new ListTagsForResourceCommand({ ResourceARN: ResourceARN?.replace("fs-", "fs-0") });
    expect(await failure(fsx.east.send(unknown))).to.include({ name: "ResourceNotFound" });
  });

  it("gives its tags to backups without tags of their own, where it was told to", async () => {
    const OpenZFSConfiguration = { ...OF_TYPE.OPENZFS.OpenZFSConfiguration, CopyTagsToBackups: true };
    const id = await fsx.fileSystem("OPENZFS", { OpenZFSConfiguration, Tags: [{ Key: "a", Value: "1" }] });
    expect((await fsx.backup({ FileSystemId: id })).Tags).to.deep.equal([{ Key: "a", Value: "1" }]);
    fsx.advance(1000);
    const own = await fsx.backup({ FileSystemId: id, Tags: [{ Key: "b", Value: "2" }] });
    expect(own.Tags).to.deep.equal([{ Key: "b", Value: "2" }]);
  });

  it("keeps its files when the sandbox ends and starts again, and loses them at a reset", async () => {
    const id = await fsx.fileSystem();
    const file = join(fsx.dir, "files", id, "a.txt");
    writeFileSync(file, "kept");
    await fsx.restart();
    expect(readFileSync(file, "utf8")).to.equal("kept");
    await fsx.plane.reset();
    expect(existsSync(file)).to.equal(false);
    expect(await failure(look(id))).to.include({ name: "FileSystemNotFound" });
  });
});
