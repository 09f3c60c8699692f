import { expect } from "chai";
import { deploy } from "../../stacks/deploy.js";
import { type Made, ofType, recordProgram } from "../support/pulumi-mocks.js";
import { workloadConfig } from "../support/stack-configs.js";

const AMI = "ami-0123456789abcdef0";
const made = (workload?: object) => recordProgram(() => deploy(workloadConfig(workload)));
const instancesOf = (all: readonly Made[]) => ofType(all, "aws:ec2/instance:Instance");
const templateOf = (all: readonly Made[], name: string) => {
  const found = ofType(all, "aws:ec2/launchTemplate:LaunchTemplate").find(({ inputs }) => inputs["name"] === name);
  if (!found) throw new Error(`there is no launch template ${name}`);
  return found;
};

describe("the workload stack", () => {
  it("makes three tiers in two zones, each its own instances, tagged", async () => {
    const all = await made({ ami: AMI, tiers: { app: { tags: { Backup: "daily" } } } });
    expect(instancesOf(all).map(({ inputs }) => inputs["tags"])).to.deep.equal([
      { Tier: "web", Name: "acme-workload-web-1" },
      { Tier: "app", Backup: "daily", Name: "acme-workload-app-1" },
      { Tier: "data", Name: "acme-workload-data-1" },
      { Tier: "data", Name: "acme-workload-data-2" },
    ]);
    for (const { inputs, provider } of instancesOf(all)) {
      expect(provider).to.match(/::aws::aws-id$/);
      expect(inputs["volumeTags"]).to.deep.equal(inputs["tags"]);
    }
    expect(instancesOf(all).map(({ inputs }) => inputs["subnetId"])).to.deep.equal([
      "public-1",
      "private-1",
      "private-1",
      "private-2",
    ]);
  });

  it("makes its network by awsx, cheap unless asked otherwise", async () => {
    const [network] = ofType(await made(), "awsx:ec2:Vpc");
    expect(network?.name, "and so its names on AWS").to.equal("acme-workload");
    expect(network?.inputs).to.deep.equal({
      cidrBlock: "10.0.0.0/16",
      numberOfAvailabilityZones: 2,
      natGateways: { strategy: "Single" },
      subnetStrategy: "Auto",
      enableDnsHostnames: true,
    });
    const asked = { cidr: "10.9.0.0/20", zones: 3, natGateways: "OnePerAz" };
    const [other] = ofType(await made({ ami: AMI, network: asked }), "awsx:ec2:Vpc");
    expect(other?.inputs).to.deep.include({ cidrBlock: "10.9.0.0/20", numberOfAvailabilityZones: 3 });
    expect(other?.inputs["natGateways"]).to.deep.equal({ strategy: "OnePerAz" });
  });

  it("lets only the internet into web, only web into app, only app into data", async () => {
    const all = await made({ ami: AMI, network: { allowFrom: ["203.0.113.0/24", "198.51.100.0/24"] } });
    const rules = ofType(all, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").map(({ inputs }) => [
      inputs["securityGroupId"],
      inputs["cidrIpv4"] ?? inputs["referencedSecurityGroupId"],
      inputs["fromPort"],
      inputs["toPort"],
    ]);
    const groupId = (tier: string) => `acme-workload-${tier}-group-id`;
    expect(rules).to.have.deep.members([
      [groupId("web"), "203.0.113.0/24", 443, 443],
      [groupId("web"), "198.51.100.0/24", 443, 443],
      [groupId("app"), groupId("web"), 8080, 8080],
      [groupId("data"), groupId("app"), 5432, 5432],
    ]);
    for (const tier of ["web", "app", "data"]) {
      expect(templateOf(all, `acme-workload-${tier}`).inputs["vpcSecurityGroupIds"]).to.deep.equal([groupId(tier)]);
    }
  });

  it("makes as many as asked, of what was asked", async () => {
    const data = { count: 3, instanceType: "m7g.large", bootGiB: 20, volumesGiB: [8, 9], subnets: "public" };
    const all = await made({
      ami: "ami-0fedcba9876543210",
      instanceType: "t4g.small",
      tiers: { web: { count: 0 }, data },
    });
    expect(instancesOf(all)).to.have.length(4);
    const { inputs } = templateOf(all, "acme-workload-data");
    expect(inputs).to.include({ imageId: "ami-0fedcba9876543210", instanceType: "m7g.large" });
    const disk = (deviceName: string, volumeSize: number) => ({
      deviceName,
      ebs: { volumeSize, volumeType: "gp3", deleteOnTermination: "true" },
    });
    expect(inputs["blockDeviceMappings"]).to.deep.equal([
      disk("/dev/xvda", 20),
      disk("/dev/sdf", 8),
      disk("/dev/sdg", 9),
    ]);
    expect(templateOf(all, "acme-workload-app").inputs).to.include({ instanceType: "t4g.small" });
    const subnets = instancesOf(all).map(({ inputs: asked }) => asked["subnetId"]);
    expect(subnets).to.deep.equal(["private-1", "public-1", "public-2", "public-1"]);
  });

  it("asks instances for session tokens, and to fill their data volumes", async () => {
    const all = await made({ ami: AMI, tiers: { web: { volumesGiB: [] } } });
    const { metadataOptions, userData } = templateOf(all, "acme-workload-data").inputs;
    expect(metadataOptions).to.include({ httpTokens: "required" });
    expect(Buffer.from(String(userData), "base64").toString()).to.contain("for device in sdf sdg; do");
    expect(templateOf(all, "acme-workload-web").inputs).to.not.have.property("userData");
  });

  it("makes file systems where asked, in private subnets, open to the app tier alone", async () => {
    expect(ofType(await made(), "aws:fsx/openZfsFileSystem:OpenZfsFileSystem")).to.deep.equal([]);
    const fileSystems = { count: 2, throughputMBps: 128, tags: { Backup: "daily" } };
    const all = await made({ ami: AMI, tags: { Team: "a" }, fileSystems });
    const found = ofType(all, "aws:fsx/openZfsFileSystem:OpenZfsFileSystem");
    expect(found.map(({ inputs }) => inputs["tags"])).to.deep.equal([
      { Team: "a", Backup: "daily", Name: "acme-workload-files-1" },
      { Team: "a", Backup: "daily", Name: "acme-workload-files-2" },
    ]);
    expect(found.map(({ inputs }) => inputs["subnetIds"])).to.deep.equal([["private-1"], ["private-2"]]);
    for (const { inputs, provider } of found) {
      expect(provider).to.match(/::aws::aws-id$/);
      expect(inputs).to.include({ storageCapacity: 64, throughputCapacity: 128, deploymentType: "SINGLE_AZ_1" });
      expect(inputs).to.include({ automaticBackupRetentionDays: 0, skipFinalBackup: true });
      expect(inputs["securityGroupIds"]).to.deep.equal(["acme-workload-files-group-id"]);
    }
    const rules = ofType(all, "aws:vpc/securityGroupIngressRule:SecurityGroupIngressRule").filter(
      ({ inputs }) => inputs["securityGroupId"] === "acme-workload-files-group-id",
    );
    expect(rules.map(({ inputs }) => [inputs["referencedSecurityGroupId"], inputs["toPort"]])).to.deep.equal([
      ["acme-workload-app-group-id", 2049],
    ]);
  });

  it("says what it is and has", async () => {
    let outputs: object = {};
    await recordProgram(() => {
      outputs = deploy(workloadConfig({ ami: AMI, fileSystems: { count: 1 } }));
    });
    expect(outputs).to.include({ role: "workload", region: "us-east-1", deployment: "acme" });
    expect(outputs).to.have.all.keys(
      ...["role", "region", "deployment", "vpcId", "publicSubnetIds", "privateSubnetIds", "instanceIds", "tiers"],
      "fileSystemIds",
    );
    expect(outputs).to.have.property("fileSystemIds").with.length(1);
    expect(outputs).to.have.property("instanceIds").with.length(4);
    expect(outputs).to.have.property("tiers").with.all.keys("web", "app", "data");
  });
});
