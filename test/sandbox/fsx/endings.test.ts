import { CopyBackupCommand, DeleteBackupCommand } from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { parsePast } from "../../../sandbox/fsx/past.js";
import { EAST, failure, OF_TYPE, WEST } from "./harness.js";
import { withFsx } from "./with-fsx.js";

describe("sandbox FSx: how backups and copies end", () => {
  const fsx = withFsx();

  it("ends in FAILED with the details where it was asked to, and spoils nothing else", async () => {
    fsx.endings.push({ failure: "the sky fell" });
    const FileSystemId = await fsx.fileSystem();
    const { BackupId } = await fsx.backup({ FileSystemId });
    expect(await fsx.look(BackupId)).to.include({ Lifecycle: "CREATING" });
    fsx.advance(1000);
    const failed = await fsx.look(BackupId);
    expect(failed).to.include({ Lifecycle: "FAILED" }).and.not.to.have.property("ProgressPercent");
    expect(failed?.FailureDetails).to.deep.equal({ Message: "the sky fell" });
    const copy = new CopyBackupCommand({ SourceBackupId: BackupId });
    expect(await failure(fsx.east.send(copy))).to.include({ name: "SourceBackupUnavailable" });
    await fsx.available(FileSystemId);
    await fsx.east.send(new DeleteBackupCommand({ BackupId }));
  });

  it("can fail after it was available, and its copy keeps what it has", async () => {
    const SourceBackupId = await fsx.available(await fsx.fileSystem());
    const { Backup } = await fsx.east.send(new CopyBackupCommand({ SourceBackupId }));
    fsx.plane.failBackup(EAST, SourceBackupId, "found broken");
    fsx.advance(1500);
    expect(await fsx.look(SourceBackupId)).to.include({ Lifecycle: "FAILED" });
    expect(await fsx.look(Backup?.BackupId)).to.include({ Lifecycle: "AVAILABLE" });
  });

  it("never ends where it was asked to, until it is told to fail", async () => {
    fsx.endings.push({ stuck: true });
    const FileSystemId = await fsx.fileSystem();
    const { BackupId } = await fsx.backup({ FileSystemId });
    fsx.advance(365 * 86_400_000);
    expect(await fsx.look(BackupId)).to.include({ Lifecycle: "CREATING" });
    expect(await failure(fsx.backup({ FileSystemId }))).to.include({ name: "BackupInProgress" });
    expect(await failure(fsx.east.send(new DeleteBackupCommand({ BackupId })))).to.include({
      name: "BackupInProgress",
    });
    fsx.plane.failBackup(EAST, BackupId ?? "", "given up");
    expect(await fsx.look(BackupId)).to.include({ Lifecycle: "FAILED" });
    await fsx.backup({ FileSystemId });
  });

  it("fails under a key that cannot be used, and is not copied from or to one", async () => {
    const key = `arn:aws:kms:${EAST}:000000000000:key/one`;
    const FileSystemId = await fsx.fileSystem("OPENZFS", { KmsKeyId: key });
    const SourceBackupId = await fsx.available(FileSystemId);
    const copy = (more: object = {}) =>
      fsx.client(WEST).send(new CopyBackupCommand({ SourceBackupId, SourceRegion: EAST, ...more }));
    expect(await failure(copy({ KmsKeyId: key }))).to.include({ name: "InvalidDestinationKmsKey" });
    fsx.disabledKeys.add(key);
    expect(await failure(copy())).to.include({ name: "InvalidSourceKmsKey" });
    const { BackupId } = await fsx.backup({ FileSystemId });
    fsx.advance(1000);
    expect(await fsx.look(BackupId)).to.include({ Lifecycle: "FAILED" });
  });

  it("is not copied where its type cannot be", async () => {
    const tiered = await fsx.fileSystem("OPENZFS", {
      StorageType: "INTELLIGENT_TIERING",
      StorageCapacity: undefined,
      SubnetIds: OF_TYPE.MULTI_AZ.SubnetIds,
      OpenZFSConfiguration: {
        DeploymentType: "MULTI_AZ_1",
        ThroughputCapacity: 160,
        PreferredSubnetId: OF_TYPE.MULTI_AZ.SubnetIds[0],
      },
    });
    const copy = (SourceBackupId: string, region: string, from = EAST) =>
      fsx.client(region).send(new CopyBackupCommand({ SourceBackupId, SourceRegion: from }));
    expect(await failure(copy(await fsx.available(tiered), WEST))).to.include({ name: "UnsupportedOperation" });
    const multiAz = await fsx.available(await fsx.fileSystem("MULTI_AZ"));
    expect(await failure(copy(multiAz, "us-west-1"))).to.include({ name: "IncompatibleRegionForMultiAZ" });
    await copy(multiAz, WEST);
    expect(await failure(copy(multiAz, WEST, "nowhere"))).to.include({ name: "InvalidRegion" });
    expect(await failure(copy("backup-0123456789abcdef0", WEST))).to.include({ name: "BackupNotFound" });
  });

  it("takes tags along with a copy where it is told to, those of the call first", async () => {
    const { BackupId } = await fsx.backup({
      FileSystemId: await fsx.fileSystem(),
      Tags: Array.from({ length: 50 }, (_, i) => ({ Key: `k${i}`, Value: "old" })),
    });
    fsx.advance(1000);
    const copy = (Tags?: { Key: string; Value: string }[]) =>
      fsx
        .client(WEST)
        .send(new CopyBackupCommand({ SourceBackupId: BackupId, SourceRegion: EAST, CopyTags: true, Tags }));
    const { Backup } = await copy([{ Key: "k0", Value: "new" }]);
    expect(Backup?.Tags).to.have.length(50).and.to.deep.include({ Key: "k0", Value: "new" });
    expect(await failure(copy([{ Key: "k50", Value: "one too many" }]))).to.include({ name: "BadRequest" });
  });

  it("can be put into the past, of any type, to make an estate that has run for months", async () => {
    const of = await fsx.fileSystem();
    const past = parsePast({
      backups: [
        { of, creationTime: "2025-11-01T03:00:00.000Z", tags: { a: "b" } },
        { of, creationTime: "2025-11-02T03:00:00.000Z", type: "AWS_BACKUP" },
      ],
    });
    const [first, second] = await fsx.plane.plantBackups(EAST, past);
    const planted = await fsx.look(first);
    expect(planted).to.include({ Lifecycle: "AVAILABLE", Type: "USER_INITIATED" });
    expect(planted?.CreationTime).to.deep.equal(new Date("2025-11-01T03:00:00.000Z"));
    expect(await fsx.look(second)).to.include({ Type: "AWS_BACKUP" });
    expect(() => parsePast({ backups: [{ of: "vol-1", creationTime: "yesterday" }] })).to.throw(
      /of: is the id.*creationTime/,
    );
  });
});
