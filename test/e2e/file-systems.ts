import {
  CreateBackupCommand,
  DescribeBackupsCommand,
  DescribeFileSystemsCommand,
  FSxClient,
} from "@aws-sdk/client-fsx";
import { expect } from "chai";
import type { Status } from "../../core/report/status.js";
import { problemsOf } from "../outside/checks.js";
import { DEPLOYMENT, DR, type Harness, PRIMARY, SCHEDULE, until } from "./harness.js";

/** The workload's file system, due with the instances, but of a policy of its own: only what asks for it waits for its points. */
export const FILES = {
  name: "files",
  kinds: ["fsx"],
  select: { key: "Backup", value: "daily" },
  schedule: SCHEDULE,
  retain: { count: 2 },
  copy: [{ region: DR, retain: { count: 1 } }],
};

/** Tests of an FSx file system that was backed up for three days, in an environment that is deployed with FILES. */
export function ofFileSystems(harness: () => Harness): void {
  const done = async <T>(line: string): Promise<T> => {
    const outcome = await harness().command(line);
    expect(outcome.ending, outcome.text).to.equal("done");
    return outcome.data as T;
  };

  it("names the file system where it tells what is protected, what is kept, and why", async () => {
    // Nobody has subscribed here, which status calls a failure.
    const { resources } = (await harness().command("status")).data as Status;
    const found = resources.filter(({ kind }) => kind === "fsx");
    expect(found.map(({ name, policy }) => `${name} ${policy}`)).to.deep.equal(["lockstep-workload-files-1 files"]);
    expect(found[0]?.id).to.match(/^fsx:fs-[0-9a-f]{17}$/);
    expect(found[0]?.points[PRIMARY]).to.include({ completed: 2, pending: 0, failed: 0 });
    expect(found[0]?.points[DR]).to.include({ completed: 1, pending: 0, failed: 0 });
    const { actions } = await done<{ actions: Record<string, string>[] }>("plan --all");
    const kept = actions.filter(({ resource }) => resource === found[0]?.id);
    expect(kept.map((one) => `${one["do"]} ${one["region"]}`)).to.have.members([
      `keep ${PRIMARY}`,
      `keep ${PRIMARY}`,
      `keep ${DR}`,
    ]);
    const copied = kept.find(({ region }) => region === DR)?.["point"];
    const { text } = await harness().command(`explain ${copied}`);
    expect(text)
      .to.contain(`${copied} of ${found[0]?.id} by policy files`)
      .and.to.match(/backup-[0-9a-f]+ of fs-/);
  });

  it("has copies of it that a stranger restores, byte for byte", async () => {
    const places = { OUTSIDE_HOME: PRIMARY, OUTSIDE_AWAY: DR, OUTSIDE_DEPLOYMENT: DEPLOYMENT };
    const stranger = { ...harness().variables, AWS_ACCESS_KEY_ID: "stranger", ...places };
    expect(await problemsOf("files_checks", stranger)).to.deep.equal([]);
  });
}

/** As a published system tags its backups (kinds/systems.ts). */
const OTHERS = { Key: "CreatedBy", Value: "Snapshot-Automation-Sample" };

/** A backup that somebody else made of the workload's file system becomes a point of FILES. */
export async function importsWhatOthersBackedUp(t: Harness): Promise<void> {
  const fsx = t.client(FSxClient, PRIMARY);
  const { FileSystems = [] } = await fsx.send(new DescribeFileSystemsCommand({}));
  const { FileSystemId } = FileSystems[0] ?? {};
  const made = await fsx.send(new CreateBackupCommand({ FileSystemId, Tags: [OTHERS] }));
  const BackupIds = [made.Backup?.BackupId ?? ""];
  const look = async () => (await fsx.send(new DescribeBackupsCommand({ BackupIds }))).Backups?.[0];
  await until("the backup of the other system", 30_000, async () => {
    const state = (await look())?.Lifecycle;
    return state === "AVAILABLE" ? [] : [`it is ${state}`];
  });
  const outcome = await t.command(`adopt --policy ${FILES.name} --from fsx-ebs-snapshot-mgmt --yes`);
  expect(outcome.ending, outcome.text).to.equal("done");
  expect(outcome.data).to.include({ written: 1 });
  const tags = Object.fromEntries((await look())?.Tags?.map(({ Key, Value }) => [Key, Value]) ?? []);
  expect(tags).to.include({ [OTHERS.Key]: OTHERS.Value, "lockstep:policy": FILES.name, "lockstep:kind": "fsx" });
  expect(tags["lockstep:resource"]).to.equal(`fsx:${FileSystemId}`);
}
