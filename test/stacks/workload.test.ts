import { expect } from "chai";
import { deploy } from "../../stacks/deploy.js";
import { ofType, recordProgram } from "../support/pulumi-mocks.js";
import { workloadConfig } from "../support/stack-configs.js";

const instancesOf = async (workload?: object) =>
  ofType(await recordProgram(() => deploy(workloadConfig(workload))), "aws:ec2/instance:Instance");

describe("the workload stack", () => {
  it("makes two instances with two data volumes each, tagged so that the policy selects them", async () => {
    const instances = await instancesOf();
    expect(instances.map(({ inputs }) => inputs["tags"])).to.deep.equal([
      { Backup: "daily", Name: "acme-workload-1" },
      { Backup: "daily", Name: "acme-workload-2" },
    ]);
    for (const { inputs, provider } of instances) {
      expect(provider).to.match(/::aws::aws-id$/);
      expect(inputs["volumeTags"]).to.deep.equal(inputs["tags"]);
      expect(inputs["ebsBlockDevices"]).to.deep.equal(
        ["/dev/sdf", "/dev/sdg"].map((deviceName) => ({
          deviceName,
          volumeSize: 1,
          volumeType: "gp3",
          deleteOnTermination: true,
        })),
      );
    }
  });

  it("makes as many as asked, of what was asked", async () => {
    const ami = "ami-0fedcba9876543210";
    const instances = await instancesOf({ instances: 3, ami, instanceType: "m7g.large", volumeGiB: 8 });
    expect(instances).to.have.length(3);
    expect(instances[2]?.inputs).to.include({ ami, instanceType: "m7g.large" });
  });
});
