import { expect } from "chai";
import { ConfigError } from "../../core/config/problems.js";
import { deploy } from "../../stacks/deploy.js";
import { recordProgram } from "../support/pulumi-mocks.js";
import { drConfig, type EngineConfig, primaryConfig, workloadConfig } from "../support/stack-configs.js";

/** Keys of what is wrong with a config, after making sure that nothing was registered. */
async function problemKeys(config: EngineConfig): Promise<string[]> {
  let keys: string[] = [];
  const made = await recordProgram(() => {
    try {
      deploy(config);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      keys = error.problems.map(({ key }) => key);
    }
  });
  expect(
    made.map(({ name }) => name),
    "nothing is registered",
  ).to.deep.equal([]);
  return keys;
}

describe("a wrong config", () => {
  it("is one error that lists all of it, under the keys one would set", async () => {
    const keys = await problemKeys({
      ...primaryConfig(),
      "aws:region": "mars-1",
      "lockstep:deployment": "No Good",
      "lockstep:protect": "maybe",
      "lockstep:logDays": "31",
      "lockstep:tracing": "maybe",
      "lockstep:batchSeconds": "301",
      "lockstep:emails": '["nobody"]',
      "lockstep:poilcies": "[]",
      "lockstep:policies": '[{"name":"daily"}]',
    });
    expect(keys).to.include.members([
      "lockstep:poilcies",
      "lockstep:protect",
      "lockstep:logDays",
      "lockstep:tracing",
      "lockstep:batchSeconds",
      "lockstep:emails[0]",
      "lockstep:deployment",
      "aws:region",
      "lockstep:policies[0].schedule",
      "lockstep:policies[0].select",
    ]);
    expect(keys.filter((key) => key === "lockstep:protect")).to.have.length(1);
  });

  it("says what a role may be, once", async () => {
    expect(await problemKeys({ ...primaryConfig(), "lockstep:role": "secondary" })).to.deep.equal(["lockstep:role"]);
    const { "lockstep:role": _, ...none } = primaryConfig();
    expect(await problemKeys(none)).to.deep.equal(["lockstep:role"]);
  });

  it("takes no region but the provider's", async () => {
    expect(await problemKeys({ ...drConfig(), "lockstep:region": "us-west-2" })).to.deep.equal(["lockstep:region"]);
    const { "aws:region": _, ...none } = drConfig();
    expect(await problemKeys(none)).to.include("aws:region");
  });

  it("does not take the settings of one role in another", async () => {
    expect(await problemKeys({ ...primaryConfig(), "lockstep:workload": "{}" })).to.deep.equal(["lockstep:workload"]);
    expect(await problemKeys({ ...workloadConfig(), "lockstep:peers": '["us-west-2"]' })).to.deep.equal([
      "lockstep:peers",
    ]);
  });

  it("of a workload is told in full too", async () => {
    const workload = {
      ...{ instances: 2, instanceType: "big", volumeGiB: 1.5, size: 3, tags: { "aws:x": "y" } },
      network: { cidr: "10.0.0.0/24", zones: 0, natGateways: "Two", allowFrom: ["anyone"], ipv6: true },
      tiers: {
        web: { count: -1, subnets: "secret", tags: { "aws:y": "z" } },
        data: { volumesGiB: [1, 0], bootGiB: "8" },
        cache: {},
      },
      fileSystems: { count: 1.5, storageGiB: 32, throughputMBps: 100, tags: { "aws:z": "y" }, type: "ONTAP" },
    };
    expect(await problemKeys(workloadConfig(workload))).to.have.members([
      "lockstep:workload.size",
      "lockstep:workload.tags.aws:x",
      "lockstep:workload.instances",
      "lockstep:workload.ami",
      "lockstep:workload.instanceType",
      "lockstep:workload.volumeGiB",
      "lockstep:workload.network.ipv6",
      "lockstep:workload.network.cidr",
      "lockstep:workload.network.zones",
      "lockstep:workload.network.natGateways",
      "lockstep:workload.network.allowFrom[0]",
      "lockstep:workload.tiers.cache",
      "lockstep:workload.tiers.web.count",
      "lockstep:workload.tiers.web.subnets",
      "lockstep:workload.tiers.web.tags.aws:y",
      "lockstep:workload.tiers.data.volumesGiB[1]",
      "lockstep:workload.tiers.data.bootGiB",
      "lockstep:workload.fileSystems.type",
      "lockstep:workload.fileSystems.count",
      "lockstep:workload.fileSystems.storageGiB",
      "lockstep:workload.fileSystems.throughputMBps",
      "lockstep:workload.fileSystems.tags.aws:z",
    ]);
    const none = { count: 0 };
    const empty = { ami: "ami-0123456789abcdef0", tiers: { web: none, app: none, data: none } };
    expect(await problemKeys(workloadConfig(empty))).to.deep.equal(["lockstep:workload.tiers"]);
  });
});
