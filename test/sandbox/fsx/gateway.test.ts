import { readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import {
  CreateSecurityGroupCommand,
  DescribeNetworkInterfacesCommand,
  DescribeSubnetsCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateBackupCommand, CreateFileSystemCommand, DescribeBackupsCommand, FSxClient } from "@aws-sdk/client-fsx";
import { CreateKeyCommand, DisableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { expect } from "chai";
import { HOME, withSandbox } from "../../support/sandbox.js";

describe("sandbox FSx, through the gateway", () => {
  const sandbox = withSandbox();
  const fsx = () => sandbox.client(FSxClient, HOME, "me");

  async function fileSystem(KmsKeyId?: string) {
    const { Subnets } = await sandbox.client(EC2Client, HOME).send(new DescribeSubnetsCommand({}));
    const { SubnetId = "", VpcId } = Subnets?.[0] ?? {};
    const { FileSystem } = await fsx().send(
      new CreateFileSystemCommand({
        FileSystemType: "OPENZFS",
        StorageCapacity: 64,
        SubnetIds: [SubnetId],
        OpenZFSConfiguration: { DeploymentType: "SINGLE_AZ_1", ThroughputCapacity: 64 },
        KmsKeyId,
      }),
    );
    expect(FileSystem).to.include({ VpcId, Lifecycle: "CREATING" });
    await sandbox.admin("POST", "clock", { to: "+1m" });
    return FileSystem?.FileSystemId ?? "";
  }
  const look = async (id = "") => (await fsx().send(new DescribeBackupsCommand({ BackupIds: [id] }))).Backups?.[0];

  // A reset keeps settings.
  afterEach(() => sandbox.admin("POST", "settings", { fsx: { backupMillis: 1000 } }));

  it("makes a file system in a subnet of EC2's, and backs it up as the sandbox's time goes on", async () => {
    const FileSystemId = await fileSystem();
    await sandbox.admin("POST", "settings", { fsx: { backupMillis: 3_600_000 } });
    const { Backup } = await fsx().send(new CreateBackupCommand({ FileSystemId }));
    expect(await look(Backup?.BackupId)).to.include({ Lifecycle: "CREATING" });
    await sandbox.admin("POST", "clock", { to: "+1h" });
    expect(await look(Backup?.BackupId)).to.include({ Lifecycle: "AVAILABLE" });
    const calls = await sandbox.admin("GET", "calls");
    expect(calls).to.deep.include({ service: "fsx", action: "CreateBackup", region: HOME, caller: "me", count: 1 });
  });

  it("has interfaces that EC2 shows, with its security groups", async () => {
    const ec2 = sandbox.client(EC2Client, HOME);
    const { Subnets } = await ec2.send(new DescribeSubnetsCommand({}));
    const { SubnetId = "", VpcId } = Subnets?.[0] ?? {};
    const { GroupId = "" } = await ec2.send(
      new CreateSecurityGroupCommand({ GroupName: "files", Description: "of a file system", VpcId }),
    );
    const { FileSystem } = await fsx().send(
      new CreateFileSystemCommand({
        ...{ FileSystemType: "OPENZFS", StorageCapacity: 64, SubnetIds: [SubnetId], SecurityGroupIds: [GroupId] },
        OpenZFSConfiguration: { DeploymentType: "SINGLE_AZ_1", ThroughputCapacity: 64 },
      }),
    );
    const Values = FileSystem?.NetworkInterfaceIds ?? [];
    const Filters = [{ Name: "network-interface-id", Values }];
    const { NetworkInterfaces = [] } = await ec2.send(new DescribeNetworkInterfacesCommand({ Filters }));
    expect(Values).to.have.length(1);
    expect(NetworkInterfaces.map((one) => [one.NetworkInterfaceId, one.SubnetId, one.VpcId])).to.deep.equal([
      [Values[0], SubnetId, VpcId],
    ]);
    expect(NetworkInterfaces[0]?.Groups).to.deep.equal([{ GroupId, GroupName: "files" }]);
  });

  it("has its files where the admin API says, and its past", async () => {
    const of = await fileSystem();
    // The admin API's answer (docs/sandbox.md).
    const files = async (id: string) => (await sandbox.admin("GET", `files/${HOME}/${id}`)) as { directory: string };
    writeFileSync(join((await files(of)).directory, "a.txt"), "bytes");
    const past = { backups: [{ of, creationTime: "2025-11-01T03:00:00.000Z" }] };
    const [id = ""] = (await sandbox.admin("POST", `backups/${HOME}`, past)) as string[];
    expect(await look(id)).to.include({ Lifecycle: "AVAILABLE" });
    const kept = await files(id);
    expect(kept).to.include({ writable: false });
    expect(readFileSync(join(kept.directory, "a.txt"), "utf8")).to.equal("bytes");
  });

  it("goes wrong as asked: fails, stays stuck, is throttled, or has a key that is disabled", async () => {
    const kms = sandbox.client(KMSClient, HOME);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const FileSystemId = await fileSystem(KeyMetadata?.Arn);
    const backup = async () => (await fsx().send(new CreateBackupCommand({ FileSystemId }))).Backup?.BackupId ?? "";
    await sandbox.admin("POST", "faults", { endings: { event: "createBackup", how: "stuck" } });
    const stuck = await backup();
    await sandbox.admin("POST", "clock", { to: "+30d" });
    expect(await look(stuck)).to.include({ Lifecycle: "CREATING" });
    await sandbox.admin("POST", "faults", { backups: { region: HOME, backupId: stuck, cause: "the sky fell" } });
    expect((await look(stuck))?.FailureDetails?.Message).to.equal("the sky fell");

    await sandbox.admin("POST", "faults", { calls: { mode: "throttle", service: "fsx", action: "CreateBackup" } });
    expect(await backup().catch((error: Error) => error.name)).to.equal("ThrottlingException");
    await sandbox.admin("DELETE", "faults");

    await kms.send(new DisableKeyCommand({ KeyId: KeyMetadata?.KeyId }));
    const failing = await backup();
    await sandbox.admin("POST", "clock", { to: "+1h" });
    expect(await look(failing)).to.include({ Lifecycle: "FAILED" });
  });
});
