import { DescribeSubnetsCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateFileSystemFromBackupCommand,
  DeleteFileSystemCommand,
  DescribeFileSystemsCommand,
  FSxClient,
} from "@aws-sdk/client-fsx";
import { CommandProblem } from "../automation/cli/outcome.js";
import type { Deps } from "../automation/estate/deps.js";
import type { ClientConfig } from "../kinds/purger.js";
import type { Readers } from "./proof.js";

const TIMEOUT_MS = 60_000;
const LOOK_EVERY_MS = 200;

interface Means {
  readonly admin: Readers["admin"];
  readonly deps: Pick<Deps, "now" | "sleep">;
  config(region: string): ClientConfig;
}

/** What reads copies back in a sandbox. */
export const readersOf = ({ admin, deps, config }: Means): Readers => ({
  admin,
  restored: (region, backup, use) => withRestored(backup, { config: config(region), deps }, use),
});

/** Makes an OpenZFS file system of a backup, hands it over when it is available, and removes it afterwards. */
async function withRestored<T>(
  backup: string,
  { config, deps }: { readonly config: ClientConfig; readonly deps: Pick<Deps, "now" | "sleep"> },
  use: (fileSystem: string) => Promise<T>,
): Promise<T> {
  const fsx = new FSxClient(config);
  const made = await fsx.send(
    new CreateFileSystemFromBackupCommand({ BackupId: backup, SubnetIds: [await anySubnet(config)] }),
  );
  const id = made.FileSystem?.FileSystemId ?? "";
  try {
    await untilAvailable(id, fsx, deps);
    return await use(id);
  } finally {
    const OpenZFSConfiguration = { SkipFinalBackup: true };
    await fsx.send(new DeleteFileSystemCommand({ FileSystemId: id, OpenZFSConfiguration }));
    fsx.destroy();
  }
}

/** One of the default VPC, which the sandbox has in every region. */
async function anySubnet(config: ClientConfig): Promise<string> {
  const ec2 = new EC2Client(config);
  const Filters = [{ Name: "default-for-az", Values: ["true"] }];
  const { Subnets: [first] = [] } = await ec2.send(new DescribeSubnetsCommand({ Filters }));
  ec2.destroy();
  return first?.SubnetId ?? "";
}

async function untilAvailable(id: string, fsx: FSxClient, deps: Pick<Deps, "now" | "sleep">): Promise<void> {
  const deadline = deps.now() + TIMEOUT_MS;
  for (;;) {
    const seen = await fsx.send(new DescribeFileSystemsCommand({ FileSystemIds: [id] }));
    const lifecycle = seen.FileSystems?.[0]?.Lifecycle;
    if (lifecycle === "AVAILABLE") return;
    if (lifecycle !== "CREATING" || deps.now() > deadline)
      throw new CommandProblem("failed", `${id}, made of a copy, is ${lifecycle}`);
    await deps.sleep(LOOK_EVERY_MS);
  }
}
