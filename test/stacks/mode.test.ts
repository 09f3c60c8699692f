import { expect } from "chai";
import { ConfigError } from "../../core/config/problems.js";
import { deploy } from "../../stacks/deploy.js";
import { readProgram } from "../../stacks/program.js";
import { grantsOf } from "../support/grants.js";
import { ofType, recordProgram } from "../support/pulumi-mocks.js";
import { drConfig, primaryConfig } from "../support/stack-configs.js";

for (const [role, config] of Object.entries({ primary: primaryConfig(), dr: drConfig() })) {
  describe(`lockstep:mode of the ${role} stack`, function () {
    this.timeout(300_000);
    const grants = async (mode: string) =>
      grantsOf(await recordProgram(() => deploy({ ...config, "lockstep:mode": mode }))).flatMap(
        ({ actions }) => actions,
      );

    it("plan: no role may do more than look in EC2, or use a key of snapshots", async () => {
      const ec2 = (await grants("plan")).filter((action) => action.startsWith("ec2:"));
      expect(ec2).to.include("ec2:DescribeSnapshots");
      expect(ec2.filter((action) => !action.startsWith("ec2:Describe"))).to.deep.equal([]);
      expect(await grants("plan")).not.to.include("kms:CreateGrant");
    });

    it("act: the hands may work", async () => {
      expect(await grants("act")).to.include.members([
        role === "dr" ? "ec2:CopySnapshot" : "ec2:CreateSnapshots",
        "ec2:DeleteSnapshot",
      ]);
    });

    it("is told to the functions where it is plan", async () => {
      const made = await recordProgram(() => deploy({ ...config, "lockstep:mode": "plan" }));
      const [settings] = ofType(made, "aws:s3/bucketObjectv2:BucketObjectv2");
      expect(JSON.parse(String(settings?.inputs["content"]))).to.include({ mode: "plan" });
    });

    it("can be nothing else", () => {
      expect(() => readProgram({ ...config, "lockstep:mode": "dry" })).to.throw(
        ConfigError,
        'lockstep:mode: "dry"; right is "act" or "plan"',
      );
    });
  });
}
