import {
  DeleteFileSystemCommand,
  DescribeBackupsCommand,
  DescribeFileSystemsCommand,
  TagResourceCommand,
  UpdateFileSystemCommand,
} from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { check } from "../../../sandbox/provider/resource/check.js";
import { diff } from "../../../sandbox/provider/resource/diff.js";
import * as lifecycle from "../../../sandbox/provider/resource/lifecycle.js";
import type { Context } from "../../../sandbox/provider/resource/resource.js";
import { typeOf } from "../../../sandbox/provider/types/index.js";
import type { Props } from "../../../sandbox/provider/wire.js";
import { EAST } from "../fsx/harness.js";
import { withFsx } from "../fsx/with-fsx.js";

const SUBNET = "subnet-0123456789abcdef0";
const GROUP = "sg-0123456789abcdef0";
const config = {
  region: EAST,
  defaultTags: { app: "test" },
  allowedAccountIds: [],
  forbiddenAccountIds: [],
};

/** The calls of each type against the plane itself: what the engine does with them is in provider.test.ts. */
describe("FSx file systems by the provider stand-in", () => {
  const fsx = withFsx({ createMillis: 0, updateMillis: 0, deleteMillis: 0, backupMillis: 0 });
  const context: Context = {
    region: EAST,
    account: "000000000000",
    partition: "aws",
    projectRoot: ".",
    // The one service that these types call.
    client: <C>() => fsx.east as C,
  };

  const openZfs = typeOf("aws:fsx/openZfsFileSystem:OpenZfsFileSystem");
  const checked = (news: Props, type = openZfs) =>
    check({ type, name: "files", news, olds: {}, seed: new Uint8Array(), autonaming: undefined, config });
  const inputsOf = (news: Props, type = openZfs) => {
    const { inputs, failures } = checked(news, type);
    expect(failures).to.deep.equal([]);
    return inputs;
  };
  const SMALL = { storageCapacity: 64, throughputCapacity: 64, deploymentType: "SINGLE_AZ_1", subnetIds: [SUBNET] };
  const made = async (news: Props, type = openZfs) => {
    const result = await lifecycle.create(type, context, inputsOf(news, type));
    expect(result.error).to.equal(undefined);
    return result;
  };
  const describeOne = async (id: string) => {
    const { FileSystems = [] } = await fsx.east.send(new DescribeFileSystemsCommand({ FileSystemIds: [id] }));
    return FileSystems[0];
  };
  const changes = (type: typeof openZfs, state: Props, news: Props) =>
    diff(type, state, inputsOf(news, type), []).map(({ path, replace }) => `${path}${replace ? " replace" : ""}`);

  it("are made as asked, with tags of their own and the provider's", async () => {
    const { id, state } = await made({ ...SMALL, securityGroupIds: [GROUP], tags: { Backup: "daily" } });
    expect(id).to.match(/^fs-[0-9a-f]{17}$/);
    expect(state).to.include({
      arn: `arn:aws:fsx:${EAST}:000000000000:file-system/${id}`,
      automaticBackupRetentionDays: 0,
      dnsName: `${id}.fsx.${EAST}.amazonaws.com`,
      ownerId: "000000000000",
      skipFinalBackup: false,
      vpcId: "vpc-0123456789abcdef0",
    });
    expect(state["rootVolumeId"]).to.match(/^fsvol-/);
    expect(state["diskIopsConfiguration"]).to.deep.equal({ iops: 192, mode: "AUTOMATIC" });
    const seen = await describeOne(id);
    expect(seen).to.include({ FileSystemType: "OPENZFS", StorageCapacity: 64, Lifecycle: "AVAILABLE" });
    expect(seen?.Tags).to.have.deep.members([
      { Key: "app", Value: "test" },
      { Key: "Backup", Value: "daily" },
    ]);
  });

  it("are the same the second time, to a refresh and to an import", async () => {
    const news = { ...SMALL, securityGroupIds: [GROUP], tags: { Backup: "daily" } };
    const { id, state } = await made(news);
    expect(changes(openZfs, state, news)).to.deep.equal([]);
    expect(await lifecycle.observe(openZfs, context, id, state)).to.deep.equal(state);
    const imported = (await lifecycle.observe(openZfs, context, id, {})) ?? {};
    // Nobody tells which security groups it is in.
    expect(changes(openZfs, imported, { ...SMALL, tags: { Backup: "daily", app: "test" } })).to.deep.equal([]);
  });

  it("show drift, and are brought back in place", async () => {
    const news = { ...SMALL, tags: { Backup: "daily" } };
    const { id, state } = await made(news);
    const ResourceARN = String(state["arn"]);
    await fsx.east.send(new TagResourceCommand({ ResourceARN, Tags: [{ Key: "Backup", Value: "no" }] }));
    const OpenZFSConfiguration = { ThroughputCapacity: 128, AutomaticBackupRetentionDays: 7 };
    await fsx.east.send(new UpdateFileSystemCommand({ FileSystemId: id, OpenZFSConfiguration }));
    const drifted = (await lifecycle.observe(openZfs, context, id, state)) ?? {};
    expect(changes(openZfs, drifted, news)).to.have.members([
      "automaticBackupRetentionDays",
      "throughputCapacity",
      "tags.Backup",
      "tagsAll.Backup",
    ]);
    const mended = await lifecycle.update(openZfs, context, id, inputsOf(news), drifted);
    expect(changes(openZfs, mended, news)).to.deep.equal([]);
    expect((await describeOne(id))?.OpenZFSConfiguration).to.include({ ThroughputCapacity: 64 });
  });

  it("are made anew where AWS cannot change them", async () => {
    const { state } = await made(SMALL);
    const other = { ...SMALL, subnetIds: ["subnet-0123456789abcdef1"], deploymentType: "SINGLE_AZ_2" };
    expect(changes(openZfs, state, other)).to.have.members(["deploymentType replace", "subnetIds[0] replace"]);
  });

  it("are gone to a refresh when somebody deleted them", async () => {
    const { id, state } = await made(SMALL);
    await fsx.east.send(new DeleteFileSystemCommand({ FileSystemId: id }));
    expect(await lifecycle.observe(openZfs, context, id, state)).to.equal(undefined);
    await openZfs.remove(context, id, state);
  });

  it("leave a last backup unless they are told not to", async () => {
    const kept = await made({ ...SMALL, finalBackupTags: { why: "last" } });
    const other = await made({ ...SMALL, skipFinalBackup: true });
    for (const { id, state } of [kept, other]) await openZfs.remove(context, id, state);
    const { Backups = [] } = await fsx.east.send(new DescribeBackupsCommand({}));
    expect(Backups.map(({ FileSystem }) => FileSystem?.FileSystemId)).to.deep.equal([kept.id]);
    expect(Backups[0]?.Tags).to.deep.include({ Key: "why", Value: "last" });
  });

  it("can be made of a backup", async () => {
    const { id } = await made(SMALL);
    const { BackupId = "" } = await fsx.backup({ FileSystemId: id });
    fsx.advance(60_000);
    const copy = await made({ ...SMALL, backupId: BackupId });
    expect(copy.id).not.to.equal(id);
    expect(copy.state).to.include({ backupId: BackupId, storageCapacity: 64 });
  });

  const lustre: Props = { deploymentType: "PERSISTENT_2", storageCapacity: 1200, perUnitStorageThroughput: 125 };
  const windows: Props = { activeDirectoryId: "d-0123456789", storageCapacity: 32, throughputCapacity: 32 };
  const OTHERS = {
    // That it leaves no last backup is its default, and nothing that AWS tells.
    lustre: {
      given: { ...lustre, subnetIds: SUBNET },
      update: { dataCompressionType: "LZ4" },
      untold: ["skipFinalBackup"],
    },
    windows: { given: { ...windows, subnetIds: [SUBNET] }, update: { throughputCapacity: 64 }, untold: [] },
  } as const;
  for (const name of ["lustre", "windows"] as const) {
    it(`of ${name} are made, imported, changed and removed`, async () => {
      const type = typeOf(`aws:fsx/${name}FileSystem:${name[0]?.toUpperCase()}${name.slice(1)}FileSystem`);
      const { given, update, untold } = OTHERS[name];
      const { id, state } = await made(given, type);
      expect(changes(type, state, given)).to.deep.equal([]);
      const imported = (await lifecycle.observe(type, context, id, {})) ?? {};
      expect(changes(type, imported, { ...given, tags: { app: "test" } })).to.deep.equal(untold);
      const next = { ...given, ...update, tags: { Backup: "daily" } };
      const changed = await lifecycle.update(type, context, id, inputsOf(next, type), state);
      expect(changes(type, changed, next)).to.deep.equal([]);
      await type.remove(context, id, { ...changed, skipFinalBackup: true });
      expect(await lifecycle.observe(type, context, id, changed)).to.equal(undefined);
    });
  }

  it("are refused with inputs that the sandbox does not know, by name", () => {
    const { failures } = checked({ ...SMALL, rootVolumeConfiguration: { readOnly: true }, networkType: "DUAL" });
    expect(failures.map(({ property }) => property)).to.have.members(["rootVolumeConfiguration", "networkType"]);
    expect(checked({ subnetIds: [SUBNET] }).failures.map(({ property }) => property)).to.have.members([
      "deploymentType",
      "throughputCapacity",
    ]);
  });

  it("are not taken for one of another type", async () => {
    const id = await fsx.fileSystem("LUSTRE");
    const text = await lifecycle.observe(openZfs, context, id, {}).then(JSON.stringify, String);
    expect(text).to.contain(`${id} is a file system of type LUSTRE, not OPENZFS`);
  });
});
