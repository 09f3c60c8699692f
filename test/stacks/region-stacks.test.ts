import { expect } from "chai";
import { LOG_DELIVERY } from "../../components/controller/state-machine.js";
import { names } from "../../core/names/names.js";
import { deploy } from "../../stacks/deploy.js";
import { grantsOf } from "../support/grants.js";
import { ACCOUNT, type Made, ofType, recordProgram } from "../support/pulumi-mocks.js";
import { drConfig, type EngineConfig, primaryConfig } from "../support/stack-configs.js";

const made = new Map<string, Promise<Made[]>>();

/** Each stack is built once, however many tests look at it. */
function stackOf(config: EngineConfig): Promise<Made[]> {
  const key = JSON.stringify(config);
  const found = made.get(key) ?? recordProgram(() => deploy(config));
  made.set(key, found);
  return found;
}

/** What AWS would know a resource by, with the region where names are regional. */
const IDENTITY: Readonly<Record<string, string>> = {
  "aws:iam/role:Role": "name",
  "aws:s3/bucket:Bucket": "bucket",
  "aws:dynamodb/table:Table": "name",
  "aws:sns/topic:Topic": "name",
  "aws:lambda/function:Function": "name",
  "aws:sfn/stateMachine:StateMachine": "name",
  "aws:cloudwatch/eventBus:EventBus": "name",
  "aws:cloudwatch/eventRule:EventRule": "name",
  "aws:cloudwatch/logGroup:LogGroup": "name",
  "aws:scheduler/schedule:Schedule": "name",
  "aws:sqs/queue:Queue": "name",
};

const identities = (stack: readonly Made[]): string[] =>
  stack.flatMap(({ type, inputs }) => {
    const key = IDENTITY[type];
    return key === undefined ? [] : [`${type} ${String(inputs["eventBusName"])} ${String(inputs[key])}`];
  });

const nameOf = (stack: readonly Made[], type: string): unknown[] =>
  ofType(stack, type)
    .map(({ inputs }) => inputs["name"] ?? inputs["bucket"])
    .toSorted();

const both = [
  { role: "primary" as const, region: "us-east-1", config: primaryConfig(), made: "CreateSnapshots" },
  { role: "dr" as const, region: "us-west-2", config: drConfig(), made: "CopySnapshot" },
];

for (const { role, region, config, made: call } of both) {
  describe(`the ${role} stack`, function () {
    this.timeout(300_000);
    const n = names("acme", role);

    it("gives every AWS resource its one explicit provider", async () => {
      const stack = await stackOf(config);
      const [provider, ...others] = ofType(stack, "pulumi:providers:aws");
      expect(others).to.deep.equal([]);
      expect(provider?.inputs["region"]).to.equal(region);
      expect(JSON.parse(String(provider?.inputs["defaultTags"]))).to.deep.equal({ tags: { Owner: "ops" } });
      const orphans = stack.filter(({ type, provider: p }) => type.startsWith("aws:") && !p.endsWith("::aws::aws-id"));
      expect(orphans).to.deep.equal([]);
      expect(stack.filter(({ type }) => type.startsWith("aws:"))).to.have.length.above(30);
    });

    it("names everything by convention", async () => {
      const stack = await stackOf(config);
      const asked = role === "primary" ? (["adopt"] as const) : [];
      const functions = [...(["trigger", "survey", "plan", "make", "delete", "record"] as const), ...asked];
      expect(nameOf(stack, "aws:lambda/function:Function")).to.deep.equal(
        functions.map((fn) => `acme-${role}-${fn}`).toSorted(),
      );
      expect(nameOf(stack, "aws:sfn/stateMachine:StateMachine")).to.deep.equal([n.stateMachine]);
      expect(nameOf(stack, "aws:dynamodb/table:Table")).to.deep.equal([n.table]);
      expect(nameOf(stack, "aws:s3/bucket:Bucket")).to.deep.equal([n.bucket(ACCOUNT, region)]);
      expect(nameOf(stack, "aws:sns/topic:Topic")).to.deep.equal([n.topic]);
      expect(nameOf(stack, "aws:cloudwatch/eventBus:EventBus")).to.deep.equal([n.peerBus]);
      const duties = [...functions, "events", "schedules", "state-machine"];
      expect(nameOf(stack, "aws:iam/role:Role")).to.deep.equal(
        duties.map((duty) => n.iamRole(region, duty)).toSorted(),
      );
      const schedules = [n.tickSchedule, ...(role === "primary" ? [n.policySchedule("daily")] : [])];
      expect(nameOf(stack, "aws:scheduler/schedule:Schedule")).to.deep.equal(schedules.toSorted());
    });

    it("grants no wildcard action, and all resources only where AWS knows no others", async () => {
      const grants = grantsOf(await stackOf(config));
      expect(grants).to.have.length.above(20);
      expect(grants.filter(({ actions }) => actions.some((action) => action.includes("*")))).to.deep.equal([]);
      const wide = grants.filter(({ resources }) => resources.includes("*")).flatMap(({ actions }) => actions);
      const needed = new Set<string>(LOG_DELIVERY);
      expect(wide.filter((action) => !/^(ec2|fsx):Describe/.test(action) && !needed.has(action))).to.deep.equal([]);
      expect(wide).to.include("ec2:DescribeSnapshots");
    });

    it("lets one role delete snapshots, ours only, and that role cannot tag", async () => {
      const grants = grantsOf(await stackOf(config));
      const deletes = grants.filter(({ actions }) => actions.includes("ec2:DeleteSnapshot"));
      expect(deletes.map(({ role: name }) => name)).to.deep.equal([n.iamRole(region, "delete")]);
      expect(deletes[0]?.conditions).to.deep.equal({
        StringEquals: { "aws:ResourceTag/lockstep:deployment": "acme" },
        Null: { "aws:ResourceTag/KeepForever": "true" },
      });
      expect(deletes[0]?.resources).to.deep.equal([`arn:aws:ec2:${region}::snapshot/*`]);
      // What people ask to be adopted is the one thing that is tagged and was not made: rights.test.ts.
      const adopter = n.iamRole(region, "adopt");
      const tags = grants.filter(({ actions, role: name }) => actions.includes("ec2:CreateTags") && name !== adopter);
      expect(tags.map(({ role: name }) => name)).to.deep.equal([n.iamRole(region, "make")]);
      expect(tags[0]?.conditions).to.deep.equal({ StringEquals: { "ec2:CreateAction": call } });
    });

    it("makes new snapshots only with the ownership tag", async () => {
      const grants = grantsOf(await stackOf(config));
      const target = grants.filter(
        ({ actions, resources }) =>
          actions.includes(`ec2:${call}`) && resources.includes(`arn:aws:ec2:${region}::snapshot/*`),
      );
      expect(target.map(({ conditions }) => conditions)).to.deep.equal([
        { StringEquals: { "aws:RequestTag/lockstep:deployment": "acme" } },
      ]);
    });

    it("tells its own queue and the peer's bus of snapshots in its region, and forwards nothing that arrives", async () => {
      const stack = await stackOf(config);
      const [forwards] = ofType(stack, "aws:cloudwatch/eventRule:EventRule").filter(
        ({ name }) => name === "events-ebs-rule",
      );
      expect(JSON.parse(String(forwards?.inputs["eventPattern"]))).to.deep.equal({
        source: ["aws.ec2"],
        "detail-type": ["EBS Snapshot Notification", "EBS Multi-Volume Snapshots Completion Status"],
        region: [region],
      });
      const peer = role === "primary" ? { role: "dr", region: "us-west-2" } : { role: "primary", region: "us-east-1" };
      const peerBus = `arn:aws:events:${peer.region}:${ACCOUNT}:event-bus/acme-${peer.role}-peer`;
      const targets = ofType(stack, "aws:cloudwatch/eventTarget:EventTarget");
      const arrive = targets.filter(({ inputs }) => inputs["eventBusName"] === n.peerBus);
      const queue = `arn:aws:mock:::Queue/${n.events}`;
      expect(arrive.map(({ inputs }) => [inputs["targetId"], inputs["arn"]])).to.deep.equal([["queue", queue]]);
      const leave = targets.filter(({ inputs }) => inputs["eventBusName"] === undefined);
      expect(leave.map(({ inputs }) => [inputs["targetId"], inputs["arn"]])).to.have.deep.members([
        ["queue", queue],
        [peer.region, peerBus],
      ]);
      const puts = grantsOf(stack).filter(({ actions }) => actions.includes("events:PutEvents"));
      expect(puts.flatMap(({ resources }) => resources)).to.deep.equal([peerBus]);
    });

    it("writes its settings where the functions read them", async () => {
      const stack = await stackOf(config);
      const [settings] = ofType(stack, "aws:s3/bucketObjectv2:BucketObjectv2");
      expect(settings?.inputs["key"]).to.equal("settings.json");
      const content = JSON.parse(String(settings?.inputs["content"]));
      expect(content).to.include({ deployment: "acme", role, region });
      expect(content.policies[0].retain).to.deep.equal({ count: 7, age: "7d" });
    });

    it("lets the trigger start the machine of its own stack", async () => {
      const starts = grantsOf(await stackOf(config)).filter(({ actions }) => actions.includes("states:StartExecution"));
      expect(starts.map(({ role: name, resources }) => [name, resources])).to.deep.equal([
        [n.iamRole(region, "trigger"), [`arn:aws:states:${region}:${ACCOUNT}:stateMachine:${n.stateMachine}`]],
      ]);
    });

    it("tells each function what it needs, and only the trigger of the state machine", async () => {
      const stack = await stackOf(config);
      const [machine] = ofType(stack, "aws:sfn/stateMachine:StateMachine");
      for (const { name, inputs } of ofType(stack, "aws:lambda/function:Function")) {
        // The mock's inputs are what the component gave: an environment always has variables.
        const { variables } = inputs["environment"] as { variables: Record<string, string> };
        expect(variables, name).to.include({
          LOCKSTEP_DEPLOYMENT: "acme",
          LOCKSTEP_ROLE: role,
          LOCKSTEP_TABLE: n.table,
        });
        const arn = variables["LOCKSTEP_STATE_MACHINE_ARN"];
        const expected = `arn:aws:mock:::StateMachine/${String(machine?.inputs["name"])}`;
        expect(arn, name).to.equal(name === "controller-trigger-function" ? expected : undefined);
        // Reading long lists takes a whole processor.
        const memorySize = name === "controller-survey-function" ? 2048 : 512;
        expect(inputs, name).to.include({ runtime: "nodejs22.x", handler: "__index.handler", memorySize });
      }
    });
  });
}

describe("stacks beside each other", function () {
  this.timeout(300_000);

  it("are made of the same parts, but for what takes in points of others and the schedules of policies", async () => {
    const parts = async (config: EngineConfig) =>
      (await stackOf(config)).filter(({ custom }) => !custom).map(({ type, name }) => `${type} ${name}`);
    const [primary, dr] = await Promise.all([parts(primaryConfig()), parts(drConfig())]);
    // Types and names are what the engine knows resources by: another one would replace those of every user.
    expect(primary.filter((part) => !dr.includes(part)).toSorted()).to.deep.equal([
      "lockstep:controller:Adopter adopter",
      "lockstep:iam:ServiceRole adopter-adopt",
      "lockstep:lambda:CallbackLambda adopter-adopt",
      "lockstep:scheduler:PolicySchedules policy",
      "lockstep:scheduler:TriggerSchedule policy-daily",
      "lockstep:stacks:Primary primary",
    ]);
    expect(dr.filter((part) => !primary.includes(part)).toSorted()).to.deep.equal(["lockstep:stacks:Dr dr"]);
    expect(primary.filter((part) => part.startsWith("lockstep:"))).to.have.length.above(20);
  });

  it("two deployments in one region share no name", async () => {
    const one = identities(await stackOf(primaryConfig()));
    const other = identities(await stackOf(primaryConfig({ deployment: "acme-two" })));
    expect(one).to.have.length.above(20);
    expect(one.filter((identity) => other.includes(identity))).to.deep.equal([]);
  });

  it("a region can be primary and DR at once", async () => {
    const primary = identities(await stackOf(primaryConfig()));
    const dr = identities(await stackOf(drConfig({ region: "us-east-1", peer: "us-west-2" })));
    expect(primary.filter((identity) => dr.includes(identity))).to.deep.equal([]);
  });

  it("no name is used twice in one stack", async () => {
    for (const { config } of both) {
      const all = identities(await stackOf(config));
      expect(all).to.deep.equal([...new Set(all)]);
    }
  });
});

describe("protection", function () {
  this.timeout(300_000);
  const dataOf = async (config: EngineConfig) => {
    const stack = await stackOf(config);
    return {
      table: ofType(stack, "aws:dynamodb/table:Table")[0]?.inputs["deletionProtectionEnabled"],
      bucket: ofType(stack, "aws:s3/bucket:Bucket")[0]?.inputs["forceDestroy"],
    };
  };

  it("is on unless the config says otherwise", async () => {
    expect(await dataOf(primaryConfig())).to.deep.equal({ table: true, bucket: false });
    const off = { ...primaryConfig(), "lockstep:protect": "false" };
    expect(await dataOf(off)).to.deep.equal({ table: false, bucket: true });
  });
});
