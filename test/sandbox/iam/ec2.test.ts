import { expect } from "chai";
import { ACCOUNT, ask, type FakeWorld, fakeEnforcer, OTHER, REGION } from "./fakes.js";

const OURS = { tags: { "lockstep:deployment": "acme" } };
const THEIRS = { tags: {} };
const snapshots = (region: string) => `arn:aws:ec2:${region}::snapshot/*`;
const ourTag = { StringEquals: { "aws:RequestTag/lockstep:deployment": "acme" } };
const isOurs = { StringEquals: { "aws:ResourceTag/lockstep:deployment": "acme" } };
const allow = (Sid: string, Action: string, Resource: string | string[], Condition: object = {}) => ({
  Sid,
  Effect: "Allow",
  Action,
  Resource,
  Condition,
});
const tagged = (tag: string) => ({
  "TagSpecification.1.ResourceType": "snapshot",
  "TagSpecification.1.Tag.1.Key": "lockstep:deployment",
  "TagSpecification.1.Tag.1.Value": tag,
});

/** The statements that allowed a call, or the answer that refused it. */
async function of(world: FakeWorld, action: string, form: Record<string, string>) {
  const rights = fakeEnforcer(world);
  const { refusal } = await ask(rights, `ec2:${action}`, { form });
  if (refusal) return refusal;
  const { statements } = await rights.report();
  return statements.filter(({ used }) => Object.keys(used).length > 0).map(({ sid }) => sid);
}

const ec2 = {
  [`${REGION} snap-1`]: OURS,
  [`${REGION} snap-2`]: THEIRS,
  [`${OTHER} snap-3`]: OURS,
  [`${OTHER} snap-4`]: THEIRS,
  [`${REGION} i-1`]: THEIRS,
  [`${REGION} vol-1`]: THEIRS,
  [`${REGION} vol-2`]: THEIRS,
};

describe("rights in EC2", () => {
  const refused = (message: RegExp) => (answer: unknown) => {
    expect(answer).to.include({ status: 403, code: "UnauthorizedOperation" });
    expect(answer).to.have.property("message").that.matches(message);
  };

  it("to delete a snapshot: by the tag that it has", async () => {
    const world = { statements: [allow("DeleteOurs", "ec2:DeleteSnapshot", snapshots(REGION), isOurs)], ec2 };
    expect(await of(world, "DeleteSnapshot", { SnapshotId: "snap-1" })).to.deep.equal(["DeleteOurs"]);
    refused(
      new RegExp(
        `^You are not authorized to perform this operation\\. User: arn:aws:sts::${ACCOUNT}:assumed-role/role/fn is not ` +
          `authorized to perform: ec2:DeleteSnapshot on resource: arn:aws:ec2:${REGION}::snapshot/snap-2 because no ` +
          "identity-based policy allows the ec2:DeleteSnapshot action$",
      ),
    )(await of(world, "DeleteSnapshot", { SnapshotId: "snap-2" }));
    // EC2 says that it is not there.
    expect(await of(world, "DeleteSnapshot", { SnapshotId: "snap-9" })).to.deep.equal([]);
    refused(/snap-1/)(await of({ statements: [], ec2 }, "DeleteSnapshot", { SnapshotId: "snap-1" }));
    refused(/\*/)(await of({ statements: [], ec2 }, "DeleteSnapshot", { SnapshotId: "snap-9" }));
  });

  it("to delete a snapshot: not while it has a tag that must not be there", async () => {
    const unheld = { ...isOurs, Null: { "aws:ResourceTag/KeepForever": "true" } };
    const held = { tags: { ...OURS.tags, KeepForever: "" } };
    const world = {
      statements: [allow("DeleteOurs", "ec2:DeleteSnapshot", snapshots(REGION), unheld)],
      ec2: { ...ec2, [`${REGION} snap-5`]: held },
    };
    expect(await of(world, "DeleteSnapshot", { SnapshotId: "snap-1" })).to.deep.equal(["DeleteOurs"]);
    refused(/snap-5/)(await of(world, "DeleteSnapshot", { SnapshotId: "snap-5" }));
  });

  it("to lock a snapshot: by the tag that it has, and for no longer than the condition says", async () => {
    const short = { ...isOurs, NumericLessThanEquals: { "ec2:SnapshotLockDuration": "7" } };
    const world = { statements: [allow("LockOurs", "ec2:LockSnapshot", snapshots(REGION), short)], ec2 };
    const lock = (SnapshotId: string, days?: string) =>
      of(world, "LockSnapshot", { SnapshotId, ...(days === undefined ? {} : { LockDuration: days }) });
    expect(await lock("snap-1", "7")).to.deep.equal(["LockOurs"]);
    refused(/snap-1/)(await lock("snap-1", "8"));
    refused(/snap-2/)(await lock("snap-2", "7"));
    // A lock until a date has no duration to compare.
    refused(/snap-1/)(await lock("snap-1"));
  });

  it("to tag what is there: by the tag that it has, and by the keys that are asked for", async () => {
    const condition = {
      ...isOurs,
      "ForAllValues:StringEquals": { "aws:TagKeys": ["Disk"] },
      Null: { "aws:TagKeys": "false" },
    };
    const world = { statements: [allow("TagOurs", "ec2:CreateTags", snapshots(REGION), condition)], ec2 };
    const tag = (id: string, ...keys: readonly string[]) =>
      of(world, "CreateTags", {
        "ResourceId.1": id,
        ...Object.fromEntries(keys.map((key, i) => [`Tag.${i + 1}.Key`, key])),
        ...Object.fromEntries(keys.map((_, i) => [`Tag.${i + 1}.Value`, "x"])),
      });
    expect(await tag("snap-1", "Disk")).to.deep.equal(["TagOurs"]);
    refused(/snap-2/)(await tag("snap-2", "Disk"));
    refused(/snap-1/)(await tag("snap-1", "Disk", "lockstep:point"));
    refused(/snap-1/)(await tag("snap-1", "KeepForever"));
    refused(/snap-1/)(await tag("snap-1"));
  });

  describe("to make snapshots of an instance", () => {
    const from = allow("From", "ec2:CreateSnapshots", [
      `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/*`,
      `arn:aws:ec2:${REGION}:${ACCOUNT}:volume/*`,
    ]);
    const to = allow("To", "ec2:CreateSnapshots", snapshots(REGION), ourTag);
    const tags = allow("Tag", "ec2:CreateTags", snapshots(REGION), {
      StringEquals: { "ec2:CreateAction": "CreateSnapshots" },
    });
    const world = { statements: [from, to, tags], ec2, volumes: ["vol-1", "vol-2"] };
    const request = { "InstanceSpecification.InstanceId": "i-1", ...tagged("acme") };

    it("on the instance, its volumes and what is made; and to tag that", async () => {
      expect(await of(world, "CreateSnapshots", request)).to.have.members(["From", "To", "Tag"]);
    });

    it("each of them is needed", async () => {
      for (const one of world.statements) {
        const statements = world.statements.filter((other) => other !== one);
        refused(/is not authorized/)(await of({ ...world, statements }, "CreateSnapshots", request));
      }
    });

    it("only with the tag that is asked for", async () => {
      refused(/snapshot\/\*/)(await of(world, "CreateSnapshots", { ...request, ...tagged("other") }));
      refused(/snapshot\/\*/)(await of(world, "CreateSnapshots", { "InstanceSpecification.InstanceId": "i-1" }));
    });

    it("tags go on nothing that is there, and not with another call", async () => {
      const tag = { "ResourceId.1": "snap-1", "Tag.1.Key": "lockstep:deployment", "Tag.1.Value": "acme" };
      refused(/ec2:CreateTags on resource: arn:aws:ec2:\S+::snapshot\/snap-1 /)(await of(world, "CreateTags", tag));
      refused(/CreateSnapshot on/)(await of(world, "CreateSnapshot", { VolumeId: "vol-1", ...tagged("acme") }));
    });

    it("volumes that are left out need no right", async () => {
      const one = allow("One", "ec2:CreateSnapshots", [
        `arn:aws:ec2:${REGION}:${ACCOUNT}:instance/i-1`,
        `arn:aws:ec2:${REGION}:${ACCOUNT}:volume/vol-2`,
      ]);
      const narrow = { ...world, statements: [one, to, tags] };
      const withoutBoot = { ...request, "InstanceSpecification.ExcludeBootVolume": "true" };
      refused(/volume\/vol-1/)(await of(narrow, "CreateSnapshots", request));
      expect(await of(narrow, "CreateSnapshots", withoutBoot)).to.include("One");
      const without2 = { ...withoutBoot, "InstanceSpecification.ExcludeDataVolumeId.1": "vol-2" };
      expect(await of(narrow, "CreateSnapshots", without2)).to.include("One");
    });
  });

  describe("to copy a snapshot", () => {
    const statements = [
      allow("From", "ec2:CopySnapshot", snapshots(OTHER), isOurs),
      allow("To", "ec2:CopySnapshot", snapshots(REGION), ourTag),
      allow("Tag", "ec2:CreateTags", snapshots(REGION), { StringEquals: { "ec2:CreateAction": "CopySnapshot" } }),
    ];
    const request = { SourceRegion: OTHER, SourceSnapshotId: "snap-3", ...tagged("acme") };

    it("on the source, in its region, and on what is made", async () => {
      expect(await of({ statements, ec2 }, "CopySnapshot", request)).to.have.members(["From", "To", "Tag"]);
      refused(/snapshot\/snap-4/)(
        await of({ statements, ec2 }, "CopySnapshot", { ...request, SourceSnapshotId: "snap-4" }),
      );
      for (const one of statements) {
        const others = statements.filter((other) => other !== one);
        refused(/is not authorized/)(await of({ statements: others, ec2 }, "CopySnapshot", request));
      }
    });

    it("the requested region is the one that is called, for the source too", async () => {
      const only = (region: string) => ({ StringEquals: { "aws:RequestedRegion": region } });
      const all = (region: string) => [allow("All", "ec2:*", "*", only(region))];
      expect(await of({ statements: all(REGION), ec2 }, "CopySnapshot", request)).to.deep.equal(["All"]);
      refused(/snap-3/)(await of({ statements: all(OTHER), ec2 }, "CopySnapshot", request));
    });

    it("under keys: what EBS may not use makes the copy fail later", async () => {
      const key = (region: string) => `arn:aws:kms:${region}:${ACCOUNT}:key/1`;
      const policy = JSON.stringify({
        Statement: [
          { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
        ],
      });
      const via = { StringLike: { "kms:ViaService": "ec2.*" } };
      const useKeys = allow("UseKeys", "kms:*", [key(REGION), key(OTHER)], via);
      const world = (...keys: object[]) => ({
        statements: [...statements, ...keys],
        ec2: { ...ec2, [`${OTHER} snap-3`]: { ...OURS, kmsKeyId: key(OTHER) } },
        resources: { [key(OTHER)]: { policy }, [key(REGION)]: { policy } },
      });
      const encrypted = { ...request, Encrypted: "true", KmsKeyId: key(REGION) };
      const admitted = async (keys: object[]) =>
        ask(fakeEnforcer(world(...keys)), "ec2:CopySnapshot", { form: encrypted });
      expect(await admitted([useKeys])).to.deep.equal({});
      const without = await admitted([]);
      expect(without.refusal).to.equal(undefined);
      expect(without.keysRefused).to.match(/kms:DescribeKey on resource: arn:aws:kms:eu-west-1/);
      const granting = {
        Sid: "GrantsForAws",
        Effect: "Deny",
        Action: "kms:CreateGrant",
        Resource: "*",
        Condition: { Bool: { "kms:GrantIsForAWSResource": "true" } },
      };
      expect((await admitted([useKeys, granting])).keysRefused).to.match(/explicit deny/);
    });
  });

  it("what the sandbox cannot tell the rights of is refused by name", async () => {
    const answer = await of({ statements: [allow("All", "ec2:*", "*")] }, "RunInstances", {});
    expect(answer).to.deep.equal({
      status: 400,
      code: "SandboxUnsupported",
      message: "the sandbox does not know the rights that ec2:RunInstances needs of a role",
    });
  });
});
