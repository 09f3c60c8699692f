import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import type { Policy } from "../../core/model/model.js";
import type { Lock } from "../../kinds/ebs/lock-config.js";
import { copySnapshot, deleteSnapshot, lockSnapshots, tagSnapshots } from "../../kinds/ebs/stack/permissions.js";
import { Context } from "../../sandbox/iam/context.js";
import { parsePolicy } from "../../sandbox/iam/document.js";
import { evaluate } from "../../sandbox/iam/evaluate.js";
import { ebs, ebsCopy } from "../support/ebs.js";
import { ACCOUNT } from "../support/pulumi-mocks.js";
import { site } from "../support/site.js";

const EAST = "us-east-1";
const WEST = "us-west-2";
const ID = "1234abcd-12ab-34cd-56ef-1234567890ab";
const keyIn = (region: string, id = ID): string => `arn:aws:kms:${region}:${ACCOUNT}:key/${id}`;

/** What the hand of a DR region may do, each policy copying into it under a key, and elsewhere under none. */
async function statements(kmsKeys: readonly (string | undefined)[]) {
  const retain = { count: 1 };
  const policies = kmsKeys.map(
    (kmsKey, i): Policy => ({
      name: `p${i}`,
      select: { everything: true },
      schedule: "rate(1 hour)",
      retain,
      copy: [
        { region: WEST, retain, ...(kmsKey === undefined ? {} : { kmsKey }) },
        { region: "eu-north-1", retain },
      ],
    }),
  );
  const settings = { ...site().settings, role: "dr" as const, region: WEST, peers: [EAST], policies };
  const made = copySnapshot({ ...site(), settings });
  return Promise.all(
    made.map(async (one) => ({ ...one, resources: await Promise.all(one.resources.map((arn) => resolved(arn))) })),
  );
}

const resolved = (input: pulumi.Input<string>): Promise<string> =>
  new Promise((resolve) => pulumi.output(input).apply(resolve));

describe("keys that copies may be under", () => {
  const source = keyIn(EAST, "*");

  const cases: [string, (string | undefined)[], string[]][] = [
    ["an ARN", [keyIn(WEST)], [keyIn(WEST)]],
    ["an id", [ID], [keyIn(WEST)]],
    [
      "two keys, one of them twice",
      [ID, keyIn(WEST, `mrk-${"a".repeat(32)}`), ID],
      [keyIn(WEST), keyIn(WEST, `mrk-${"a".repeat(32)}`)],
    ],
    ["an alias, which IAM cannot name", ["alias/dr"], [keyIn(WEST, "*")]],
    ["an ARN and an alias", [keyIn(WEST), "alias/dr"], [keyIn(WEST, "*")]],
    ["a key, and none for another policy", [ID, undefined], [keyIn(WEST, "*")]],
    ["none", [undefined], [keyIn(WEST, "*")]],
  ];
  for (const [title, kmsKeys, own] of cases) {
    it(`with ${title}: only what is needed, and only through EC2`, async () => {
      const grants = (await statements(kmsKeys)).filter(({ actions }) =>
        actions.some((action) => action.startsWith("kms:")),
      );
      expect(grants).to.have.length(2);
      for (const { resources, conditions } of grants) {
        expect(resources).to.deep.equal([source, ...own]);
        expect(conditions).to.deep.include({ StringLike: { "kms:ViaService": "ec2.*" } });
      }
      const granting = grants.filter(({ actions }) => actions.includes("kms:CreateGrant"));
      expect(granting.map(({ conditions }) => conditions?.["Bool"])).to.deep.equal([
        { "kms:GrantIsForAWSResource": "true" },
      ]);
    });
  }
});

describe("locks", () => {
  const [seven, month]: [Lock, Lock] = [
    { mode: "governance", days: 7 },
    { mode: "compliance", days: 30 },
  ];
  const allowed = (role: "primary" | "dr", home?: Lock, there?: Lock) => {
    const retain = { count: 1 };
    const policy: Policy = {
      name: "p",
      select: { everything: true },
      schedule: "rate(1 hour)",
      retain,
      ...(home === undefined ? {} : ebs({ lock: home })),
      copy: [{ region: WEST, retain, ...(there === undefined ? {} : ebsCopy({ lock: there })) }],
    };
    const region = role === "primary" ? EAST : WEST;
    return lockSnapshots({ ...site(), settings: { ...site().settings, role, region, policies: [policy] } });
  };

  it("may be put on ours only, and for no longer than a policy of the region says", () => {
    expect(allowed("primary", seven, month).map(({ actions, conditions }) => [actions, conditions])).to.deep.equal([
      [
        ["ec2:LockSnapshot"],
        {
          StringEquals: { "aws:ResourceTag/lockstep:deployment": "acme" },
          NumericLessThanEquals: { "ec2:SnapshotLockDuration": "7" },
        },
      ],
    ]);
    expect(allowed("dr", seven, month)[0]?.conditions?.["NumericLessThanEquals"]).to.deep.equal({
      "ec2:SnapshotLockDuration": "30",
    });
  });

  it("need no right where no policy wants them there", () => {
    expect([...allowed("primary", undefined, month), ...allowed("dr", seven), ...allowed("primary")]).to.deep.equal([]);
  });

  it("the tag that keeps for ever stops the role that deletes, by whatever name", () => {
    const settings = { ...site().settings, tagNames: { keepForever: "legal:hold" } };
    expect(deleteSnapshot({ ...site(), settings })[0]?.conditions?.["Null"]).to.deep.equal({
      "aws:ResourceTag/legal:hold": "true",
    });
  });
});

describe("tags of single snapshots", () => {
  const allowed = async (pointTags?: Record<string, string>) => {
    const { settings } = site();
    const policies = [{ ...policyOf(), ...(pointTags === undefined ? {} : { pointTags }) }];
    const made = tagSnapshots({ ...site(), settings: { ...settings, policies } });
    const statements = made.map(async ({ sid, actions, resources, conditions }) => ({
      ...{ Sid: sid, Effect: "Allow", Action: actions, Condition: conditions },
      Resource: await Promise.all(resources.map((arn) => resolved(arn))),
    }));
    return { Version: "2012-10-17", Statement: await Promise.all(statements) };
  };
  const policyOf = (): Policy => ({
    ...{ name: "p", select: { everything: true }, schedule: "rate(1 hour)", retain: { count: 1 }, copy: [] },
  });

  it("F-S18: only ours, only with the keys that policies name for volumes, and never what makes a snapshot ours or keeps it", async () => {
    const document = await allowed({ Disk: "{device}", Volume: "{volume-id}", Point: "{point-id}" });
    const [arn = ""] = document.Statement[0]?.Resource ?? [];
    const snapshot = arn.replace("*", "snap-1");
    const may = (keys: readonly string[], deployment: string) => {
      const context = new Context({
        ...(keys.length > 0 && { "aws:TagKeys": [...keys] }),
        "aws:ResourceTag/lockstep:deployment": deployment,
      });
      const access = { action: "ec2:CreateTags", resource: snapshot, context };
      return evaluate([parsePolicy("p", document)], access).effect === "allow";
    };
    expect(may(["Disk"], "acme")).to.equal(true);
    expect(may(["Disk", "Volume"], "acme")).to.equal(true);
    expect(may(["Disk"], "other")).to.equal(false);
    for (const key of ["Point", "KeepForever", "lockstep:point", "lockstep:deployment"]) {
      expect(may(["Disk", key], "acme"), key).to.equal(false);
    }
    expect(may([], "acme"), "no tags at all").to.equal(false);
  });

  it("are keys to the letter, also those that look like a variable of IAM", async () => {
    const key = `\${aws:username} *`;
    const document = await allowed({ [key]: "{device}" });
    const may = (one: string): boolean => {
      const context = new Context({ "aws:TagKeys": [one], "aws:ResourceTag/lockstep:deployment": "acme" });
      const resource = (document.Statement[0]?.Resource[0] ?? "").replace("*", "snap-1");
      return evaluate([parsePolicy("p", document)], { action: "ec2:CreateTags", resource, context }).effect === "allow";
    };
    expect(may(key)).to.equal(true);
    expect(may("root *"), "no variable").to.equal(false);
    expect(may(key.replace("*", "x")), "no wildcard").to.equal(false);
  });

  it("need no right where no policy has such", async () => {
    expect((await allowed()).Statement).to.deep.equal([]);
    expect((await allowed({ Point: "{point-id}" })).Statement).to.deep.equal([]);
  });
});
