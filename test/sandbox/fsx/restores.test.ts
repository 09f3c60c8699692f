import { mkdirSync, readdirSync, readFileSync, statSync, symlinkSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CopyBackupCommand,
  CreateFileSystemFromBackupCommand,
  type CreateFileSystemFromBackupCommandInput,
  DeleteBackupCommand,
  DescribeBackupsCommand,
  DescribeFileSystemsCommand,
} from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { EAST, failure, OF_TYPE, WEST } from "./harness.js";
import { withFsx } from "./with-fsx.js";

describe("sandbox FSx: bytes and restores", () => {
  const fsx = withFsx();

  const SubnetIds = OF_TYPE.OPENZFS.SubnetIds;
  const restore = async (
    BackupId: string,
    more: Partial<CreateFileSystemFromBackupCommandInput> = {},
    client = fsx.east,
  ) =>
    (await client.send(new CreateFileSystemFromBackupCommand({ BackupId, SubnetIds: [...SubnetIds], ...more })))
      .FileSystem;
  const path = (id: string | undefined, file = "", region = EAST) =>
    join(fsx.plane.filesOf(region, id ?? "").directory, file);
  const contents = () => readdirSync(join(fsx.dir, "contents"));

  it("has the files of the call, through copy and restore in another region", async () => {
    const id = await fsx.fileSystem();
    mkdirSync(path(id, "deep"));
    writeFileSync(path(id, "deep/a.txt"), "first", { mode: 0o640 });
    symlinkSync("deep/a.txt", path(id, "link"));
    const SourceBackupId = await fsx.available(id);
    writeFileSync(path(id, "deep/a.txt"), "second");
    const west = fsx.client(WEST);
    const { Backup } = await west.send(new CopyBackupCommand({ SourceBackupId, SourceRegion: EAST }));
    fsx.advance(2000);
    await fsx.east.send(new DeleteBackupCommand({ BackupId: SourceBackupId }));
    const restored = await restore(Backup?.BackupId ?? "", {}, west);
    expect(restored).to.include({ Lifecycle: "CREATING", StorageCapacity: 64, FileSystemType: "OPENZFS" });
    const file = path(restored?.FileSystemId, "link", WEST);
    expect(readFileSync(file, "utf8")).to.equal("first");
    expect(statSync(file).mode & 0o777).to.equal(0o640);
    writeFileSync(file, "third");
    expect(readFileSync(path(Backup?.BackupId, "deep/a.txt", WEST), "utf8"), "the backup's own").to.equal("first");
    expect(fsx.plane.filesOf(WEST, Backup?.BackupId ?? "")).to.include({ writable: false });
  });

  it("shares the bytes of a copy with its source, and removes them with the last of both", async () => {
    const id = await fsx.fileSystem();
    writeFileSync(path(id, "a.txt"), "first");
    const BackupId = await fsx.available(id);
    const { Backup } = await fsx.east.send(new CopyBackupCommand({ SourceBackupId: BackupId }));
    fsx.advance(2000);
    expect(contents()).to.have.length(2);
    await fsx.east.send(new DeleteBackupCommand({ BackupId }));
    expect(contents()).to.have.length(2);
    await fsx.east.send(new DeleteBackupCommand({ BackupId: Backup?.BackupId }));
    expect(contents()).to.deep.equal(["empty"]);
  });

  it("tells how much a backup holds", async () => {
    const id = await fsx.fileSystem();
    writeFileSync(path(id, "a.bin"), Buffer.alloc(5000));
    const BackupId = await fsx.available(id);
    const { Backups } = await fsx.east.send(new DescribeBackupsCommand({ BackupIds: [BackupId] }));
    expect(Backups?.[0]?.SizeInBytes).to.equal(5000);
  });

  it("keeps a backup while something is made from it", async () => {
    const BackupId = await fsx.available(await fsx.fileSystem());
    const restored = await restore(BackupId);
    const remove = new DeleteBackupCommand({ BackupId });
    expect(await failure(fsx.east.send(remove))).to.include({
      name: "BackupRestoring",
      FileSystemId: restored?.FileSystemId,
    });
    fsx.advance(500);
    await fsx.east.send(remove);
    const { FileSystems } = await fsx.east.send(
      new DescribeFileSystemsCommand({ FileSystemIds: [restored?.FileSystemId ?? ""] }),
    );
    expect(FileSystems?.[0]).to.include({ Lifecycle: "AVAILABLE" });
  });

  it("answers a token with the first file system, and refuses it for other parameters", async () => {
    const BackupId = await fsx.available(await fsx.fileSystem());
    const first = await restore(BackupId, { ClientRequestToken: "one" });
    expect(await restore(BackupId, { ClientRequestToken: "one" })).to.include({ FileSystemId: first?.FileSystemId });
    const other = restore(BackupId, { ClientRequestToken: "one", StorageCapacity: 128 });
    expect(await failure(other)).to.include({ name: "IncompatibleParameterError" });
  });

  it("lets OpenZFS grow, and no other type; the rest is as it was", async () => {
    const openZfs = await fsx.available(await fsx.fileSystem());
    expect(await restore(openZfs, { StorageCapacity: 128 })).to.include({ StorageCapacity: 128 });
    expect(await failure(restore(openZfs, { StorageCapacity: 63 }))).to.include({ name: "BadRequest" });
    const lustre = await fsx.available(await fsx.fileSystem("LUSTRE"));
    expect(await failure(restore(lustre, { StorageCapacity: 2400 }))).to.include({ name: "BadRequest" });
    const Weekly = {
      OpenZFSConfiguration: { ...OF_TYPE.OPENZFS.OpenZFSConfiguration, WeeklyMaintenanceStartTime: "7:23:00" },
    };
    const timed = await restore(await fsx.available(await fsx.fileSystem("OPENZFS", Weekly)));
    expect(timed?.OpenZFSConfiguration).to.include({
      WeeklyMaintenanceStartTime: "7:23:00",
      AutomaticBackupRetentionDays: 30,
    });
    expect((await restore(lustre))?.LustreConfiguration).to.include({
      DeploymentType: "PERSISTENT_2",
      PerUnitStorageThroughput: 125,
    });
  });

  it("gives Windows its directory and deployment type again, but no password of a directory of one's own", async () => {
    const windows = await fsx.available(await fsx.fileSystem("WINDOWS"));
    expect(await failure(restore(windows))).to.include({ name: "MissingFileSystemConfiguration" });
    const throughput = { WindowsConfiguration: { ThroughputCapacity: 64 } };
    expect((await restore(windows, throughput))?.WindowsConfiguration).to.include({
      ActiveDirectoryId: "d-0123456789",
    });
    const own = {
      DomainName: "corp.example.com",
      UserName: "admin",
      Password: "Secret-1234",
      DnsIps: ["10.0.0.1"],
    };
    const WindowsConfiguration = { ThroughputCapacity: 32, SelfManagedActiveDirectoryConfiguration: own };
    const selfManaged = await fsx.available(await fsx.fileSystem("WINDOWS", { WindowsConfiguration }));
    expect(await failure(restore(selfManaged, throughput))).to.include({ name: "BadRequest" });
    const restored = await restore(selfManaged, { WindowsConfiguration });
    expect(restored?.WindowsConfiguration?.SelfManagedActiveDirectoryConfiguration).not.to.have.property("Password");
  });

  it("refuses a backup that is not there, not available, or of a volume", async () => {
    expect(await failure(restore("backup-0123456789abcdef0"))).to.include({ name: "BackupNotFound" });
    const { BackupId = "" } = await fsx.backup({ FileSystemId: await fsx.fileSystem() });
    expect(await failure(restore(BackupId))).to.include({ name: "BadRequest" });
  });
});
