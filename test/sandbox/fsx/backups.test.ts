import {
  CopyBackupCommand,
  CreateBackupCommand,
  DeleteBackupCommand,
  DescribeBackupsCommand,
  DescribeFileSystemsCommand,
} from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { EAST, failure, START, WEST } from "./harness.js";
import { withFsx } from "./with-fsx.js";

describe("sandbox FSx: backups", () => {
  const fsx = withFsx();

  it("makes a file system that is CREATING, then AVAILABLE", async () => {
    const id = await fsx.fileSystem();
    fsx.advance(-1);
    const look = async () => (await fsx.east.send(new DescribeFileSystemsCommand({}))).FileSystems?.[0];
    expect(await look()).to.include({ FileSystemId: id, Lifecycle: "CREATING", OwnerId: "000000000000" });
    fsx.advance(1);
    expect(await look()).to.include({ Lifecycle: "AVAILABLE", StorageCapacity: 64, VpcId: "vpc-0123456789abcdef0" });
  });

  it("answers CreateBackup with a backup that is CREATING without progress, and AVAILABLE at 100 later", async () => {
    const FileSystemId = await fsx.fileSystem();
    const backup = await fsx.backup({ FileSystemId, Tags: [{ Key: "a", Value: "b" }] });
    expect(backup).to.include({ Lifecycle: "CREATING", Type: "USER_INITIATED" });
    expect(backup).not.to.have.property("ProgressPercent");
    expect(backup.CreationTime).to.deep.equal(new Date(START + 500));
    expect(backup.Tags).to.deep.equal([{ Key: "a", Value: "b" }]);
    expect(backup.FileSystem).to.include({ FileSystemId, FileSystemType: "OPENZFS", StorageCapacity: 64 });
    fsx.advance(1000);
    expect(await fsx.look(backup.BackupId)).to.include({ Lifecycle: "AVAILABLE", ProgressPercent: 100 });
  });

  it("takes a user's backup of Lustre through PENDING, CREATING and TRANSFERRING", async () => {
    const { BackupId } = await fsx.backup({ FileSystemId: await fsx.fileSystem("LUSTRE") });
    const seen = [];
    for (let step = 0; step < 5; step++, fsx.advance(250)) seen.push((await fsx.look(BackupId))?.Lifecycle);
    expect(seen).to.deep.equal(["PENDING", "CREATING", "TRANSFERRING", "TRANSFERRING", "AVAILABLE"]);
  });

  it("refuses a second backup of a file system while one is in progress, in AWS's words", async () => {
    const FileSystemId = await fsx.fileSystem();
    await fsx.backup({ FileSystemId });
    const refused = await failure(fsx.backup({ FileSystemId }));
    expect(refused).to.include({ name: "BackupInProgress", message: "Another backup is already pending." });
    expect(refused.$metadata.httpStatusCode).to.equal(400);
    await fsx.backup({ FileSystemId: await fsx.fileSystem() });
  });

  it("answers a token with the first backup, and refuses it for other parameters", async () => {
    const FileSystemId = await fsx.fileSystem();
    const request = { FileSystemId, ClientRequestToken: "one", Tags: [{ Key: "a", Value: "b" }] };
    const first = await fsx.backup(request);
    expect(await fsx.backup(request)).to.include({ BackupId: first.BackupId });
    const refused = await failure(fsx.backup({ ...request, Tags: [{ Key: "a", Value: "c" }] }));
    expect(refused).to.include({ name: "IncompatibleParameterError", Parameter: "ClientRequestToken" });
    const { Backups } = await fsx.east.send(new DescribeBackupsCommand({}));
    expect(Backups).to.have.length(1);
  });

  it("copies a backup to another region, with its source, its own time and the tags of the call", async () => {
    const FileSystemId = await fsx.fileSystem();
    const { BackupId } = await fsx.backup({ FileSystemId, Tags: [{ Key: "a", Value: "b" }] });
    const west = fsx.client(WEST);
    const copy = { SourceBackupId: BackupId, SourceRegion: EAST, Tags: [{ Key: "c", Value: "d" }] };
    const early = await failure(west.send(new CopyBackupCommand(copy)));
    expect(early).to.include({ name: "SourceBackupUnavailable", BackupId });
    fsx.advance(1000);
    const { Backup: made } = await west.send(new CopyBackupCommand(copy));
    expect(made).to.include({
      Lifecycle: "COPYING",
      SourceBackupId: BackupId,
      SourceBackupRegion: EAST,
      ProgressPercent: 0,
    });
    expect(made?.Tags).to.deep.equal([{ Key: "c", Value: "d" }]);
    expect(made?.KmsKeyId).to.match(/^arn:aws:kms:us-west-2:/);
    fsx.advance(1500);
    expect(await fsx.look(made?.BackupId, west)).to.include({ Lifecycle: "AVAILABLE", Type: "USER_INITIATED" });
  });

  it("keeps a source while it is copied and for a moment after", async () => {
    const SourceBackupId = await fsx.available(await fsx.fileSystem());
    await fsx.client(WEST).send(new CopyBackupCommand({ SourceBackupId, SourceRegion: EAST }));
    const remove = () => fsx.east.send(new DeleteBackupCommand({ BackupId: SourceBackupId }));
    expect(await failure(remove())).to.include({ name: "BackupBeingCopied", BackupId: SourceBackupId });
    fsx.advance(1500);
    expect(await failure(remove())).to.include({ name: "BackupBeingCopied" });
    fsx.advance(500);
    expect(await remove()).to.include({ BackupId: SourceBackupId, Lifecycle: "DELETED" });
    expect(await failure(fsx.look(SourceBackupId))).to.include({ name: "BackupNotFound" });
  });

  it("lets five copies into a region at a time", async () => {
    const SourceBackupId = await fsx.available(await fsx.fileSystem());
    const copy = () => fsx.client(WEST).send(new CopyBackupCommand({ SourceBackupId, SourceRegion: EAST }));
    for (let i = 0; i < 5; i++) await copy();
    expect(await failure(copy())).to.include({ name: "ServiceLimitExceeded", Limit: "TOTAL_IN_PROGRESS_COPY_BACKUPS" });
    fsx.advance(1500);
    await copy();
  });

  it("counts AWS Backup's backups in the quota of user-initiated ones, and lets only it delete them", async () => {
    fsx.plane.settings.openzfsBackups = 1;
    const FileSystemId = await fsx.fileSystem();
    const byBackup = fsx.client(EAST, "backup.amazonaws.com");
    const { BackupId, Type } = await fsx.backup(
      { FileSystemId, Tags: [{ Key: "aws:backup:source-resource", Value: "x" }] },
      byBackup,
    );
    expect(Type).to.equal("AWS_BACKUP");
    fsx.advance(1000);
    expect(await failure(fsx.backup({ FileSystemId }))).to.include({ Limit: "TOTAL_USER_INITIATED_BACKUPS" });
    expect(await failure(fsx.east.send(new DeleteBackupCommand({ BackupId })))).to.include({ name: "BadRequest" });
    await byBackup.send(new DeleteBackupCommand({ BackupId }));
    await fsx.backup({ FileSystemId });
  });

  it("gives pages in an order that is not of age, short ones where a filter leaves rows out", async () => {
    const [first, second] = [await fsx.fileSystem(), await fsx.fileSystem()];
    const made: string[] = [];
    for (let i = 0; i < 6; i++) made.push(await fsx.available(i % 2 === 0 ? first : second));
    const Filters = [{ Name: "file-system-id" as const, Values: [first] }];
    const lengths: number[] = [];
    const found: (string | undefined)[] = [];
    for (let NextToken: string | undefined, more = true; more; ) {
      const page = await fsx.east.send(new DescribeBackupsCommand({ Filters, MaxResults: 2, NextToken }));
      lengths.push(page.Backups?.length ?? 0);
      found.push(...(page.Backups ?? []).map((one) => one.BackupId));
      NextToken = page.NextToken;
      more = NextToken !== undefined;
    }
    expect(found).to.have.members(made.filter((_, i) => i % 2 === 0));
    expect(lengths).to.have.length(3);
    expect(found).to.deep.equal([...found].sort());
  });

  it("refuses what there are no backups of", async () => {
    const scratch = await fsx.fileSystem("LUSTRE", { LustreConfiguration: { DeploymentType: "SCRATCH_2" } });
    expect(await failure(fsx.backup({ FileSystemId: scratch }))).to.include({ name: "UnsupportedOperation" });
    const ontap = await fsx.fileSystem("ONTAP");
    expect(await failure(fsx.backup({ FileSystemId: ontap }))).to.include({ name: "BadRequest" });
    const unknown = await failure(fsx.backup({ FileSystemId: "fs-0123456789abcdef0" }));
    expect(unknown).to.include({ name: "FileSystemNotFound", message: "fs-0123456789abcdef0" });
  });

  it("has its state again after it ended, also of what was in progress", async () => {
    const { BackupId } = await fsx.backup({ FileSystemId: await fsx.fileSystem() });
    await fsx.restart();
    expect(await fsx.look(BackupId)).to.include({ Lifecycle: "CREATING" });
    fsx.advance(1000);
    expect(await fsx.look(BackupId)).to.include({ Lifecycle: "AVAILABLE" });
  });

  it("says what a request lacks or has wrong in AWS's words, and what it does not know itself", async () => {
    expect(await fsx.raw("CopyBackup", {})).to.deep.equal({
      status: 400,
      body: {
        __type: "BadRequest",
        Message:
          "1 validation error detected: Value null at 'sourceBackupId' failed to satisfy constraint: Member must not be null",
      },
    });
    const tags = await fsx.raw("CreateBackup", {
      FileSystemId: "fs-0123456789abcdef0",
      Tags: [{ Key: "a(b)", Value: "c" }],
    });
    expect(tags.body["Message"]).to.contain("Value 'a(b)' at 'tags.1.member.key' failed to satisfy constraint");
    expect((await fsx.raw("CreateBackup", { FileSystemId: 5 })).body["__type"]).to.equal("SerializationException");
    const unknown = await fsx.raw("CreateFileCache", {});
    expect(unknown.body).to.deep.equal({
      __type: "SandboxUnsupported",
      Message: "the sandbox does not know fsx:CreateFileCache",
    });
    const unread = await fsx.raw("CreateFileSystem", {
      FileSystemType: "OPENZFS",
      SubnetIds: ["subnet-0123456789abcdef0"],
      NetworkType: "DUAL",
    });
    expect(unread.body["Message"]).to.equal("the sandbox does not know NetworkType of CreateFileSystem");
  });

  it("takes a failed call for nothing: a token of a refused backup is free", async () => {
    const FileSystemId = await fsx.fileSystem();
    await fsx.backup({ FileSystemId });
    const again = new CreateBackupCommand({ FileSystemId, ClientRequestToken: "again" });
    expect(await failure(fsx.east.send(again))).to.include({ name: "BackupInProgress" });
    fsx.advance(1000);
    expect((await fsx.east.send(again)).Backup).to.include({ Lifecycle: "CREATING" });
  });
});
