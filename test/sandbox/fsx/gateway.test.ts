import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { CreateBackupCommand, CreateFileSystemCommand, DescribeBackupsCommand, FSxClient } from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { eventually, HOME, withSandbox } from "../../support/sandbox.js";

describe("sandbox FSx, through the gateway", () => {
  const sandbox = withSandbox();

  // A reset keeps settings.
  after(() => sandbox.admin("POST", "settings", { fsx: { backupMillis: 1000 } }));

  it("makes a file system in a subnet of EC2's, and backs it up as the sandbox's time goes on", async () => {
    const { Subnets } = await sandbox.client(EC2Client, HOME).send(new DescribeSubnetsCommand({}));
    const { SubnetId = "", VpcId } = Subnets?.[0] ?? {};
    const fsx = sandbox.client(FSxClient, HOME, "me");
    const { FileSystem } = await fsx.send(
      new CreateFileSystemCommand({
        FileSystemType: "OPENZFS",
        StorageCapacity: 64,
        SubnetIds: [SubnetId],
        OpenZFSConfiguration: { DeploymentType: "SINGLE_AZ_1", ThroughputCapacity: 64 },
      }),
    );
    expect(FileSystem).to.include({ VpcId, Lifecycle: "CREATING" });
    await sandbox.admin("POST", "settings", { fsx: { backupMillis: 3_600_000 } });
    await sandbox.admin("POST", "clock", { to: "+1h" });
    const { Backup } = await fsx.send(new CreateBackupCommand({ FileSystemId: FileSystem?.FileSystemId }));
    const look = async () =>
      (await fsx.send(new DescribeBackupsCommand({ BackupIds: [Backup?.BackupId ?? ""] }))).Backups?.[0];
    expect(await look()).to.include({ Lifecycle: "CREATING" });
    await sandbox.admin("POST", "clock", { to: "+1h" });
    await eventually(look, (seen) => seen?.Lifecycle === "AVAILABLE");
    const calls = await sandbox.admin("GET", "calls");
    expect(calls).to.deep.include({ service: "fsx", action: "CreateBackup", region: HOME, caller: "me", count: 1 });
  });
});
