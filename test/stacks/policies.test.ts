import { expect } from "chai";
import { names } from "../../core/names/names.js";
import { deploy } from "../../stacks/deploy.js";
import { type Grant, grantsOf } from "../support/grants.js";
import { ACCOUNT, type Made, ofType, recordProgram } from "../support/pulumi-mocks.js";
import { drConfig, type EngineConfig, primaryConfig } from "../support/stack-configs.js";

const EAST = "us-east-1";
const WEST = "us-west-2";
const NORTH = "eu-north-1";

const policy = (name: string, over: object = {}) => ({
  name,
  select: { key: "Backup", value: name },
  schedule: "cron(0 3 * * ? *)",
  retain: { count: 3 },
  ...over,
});
const copyTo = (region: string) => ({ region, retain: { count: 3 } });

const build = (config: EngineConfig, policies: readonly object[], peers?: readonly string[]): Promise<Made[]> =>
  recordProgram(() =>
    deploy({
      ...config,
      "lockstep:policies": JSON.stringify(policies),
      ...(peers ? { "lockstep:peers": JSON.stringify(peers) } : {}),
    }),
  );

describe("schedules of policies", function () {
  this.timeout(300_000);

  it("are one for each policy, in its own zone", async () => {
    const stack = await build(primaryConfig(), [
      policy("berlin", { timezone: "Europe/Berlin" }),
      policy("plain"),
      policy("often", { schedule: "rate(1 minute)", timezone: "Asia/Kolkata" }),
    ]);
    const schedules = ofType(stack, "aws:scheduler/schedule:Schedule").map(({ inputs }) => [
      inputs["name"],
      inputs["scheduleExpression"],
      inputs["scheduleExpressionTimezone"],
    ]);
    const n = names("acme", "primary");
    expect(schedules).to.have.deep.members([
      [n.tickSchedule, "rate(1 minute)", "UTC"],
      [n.policySchedule("berlin"), "cron(0 3 * * ? *)", "Europe/Berlin"],
      [n.policySchedule("plain"), "cron(0 3 * * ? *)", "UTC"],
      [n.policySchedule("often"), "rate(1 minute)", "Asia/Kolkata"],
    ]);
  });
});

describe("rights to make points", function () {
  this.timeout(300_000);
  const creating = (grants: readonly Grant[], action: string) =>
    grants.filter(({ actions, role }) => actions.includes(action) && role.endsWith("-make"));

  it("cover single volumes only where a policy has such, with our tag and no other", async () => {
    const without = grantsOf(await build(primaryConfig(), [policy("a")]));
    expect(creating(without, "ec2:CreateSnapshot")).to.deep.equal([]);
    const grants = grantsOf(await build(primaryConfig(), [policy("a"), policy("b", { kinds: ["volume"] })]));
    expect(
      creating(grants, "ec2:CreateSnapshot").map(({ resources, conditions }) => [resources, conditions]),
    ).to.deep.equal([
      [[`arn:aws:ec2:${EAST}:${ACCOUNT}:volume/*`], undefined],
      [[`arn:aws:ec2:${EAST}::snapshot/*`], { StringEquals: { "aws:RequestTag/lockstep:deployment": "acme" } }],
    ]);
    const tagging = creating(grants, "ec2:CreateTags").map(({ conditions }) => conditions);
    expect(tagging).to.deep.equal([
      { StringEquals: { "ec2:CreateAction": "CreateSnapshots" } },
      { StringEquals: { "ec2:CreateAction": "CreateSnapshot" } },
    ]);
  });
});

describe("a policy that takes in what others make", function () {
  this.timeout(300_000);
  const { schedule: _, ...plain } = policy("theirs", {
    kinds: ["volume"],
    ebs: { source: "any" },
    copy: [copyTo(WEST)],
  });
  const policies = [policy("a"), plain];
  const n = names("acme", "primary");
  const rightsOf = (stack: readonly Made[]) =>
    grantsOf(stack).filter(
      ({ role, actions }) => role === n.iamRole(EAST, "adopt") && !/^logs:/.test(actions[0] ?? ""),
    );
  const actionsOf = (stack: readonly Made[]) => rightsOf(stack).flatMap(({ actions }) => actions);
  const looks = [...["Instances", "Volumes", "Snapshots"].map((one) => `ec2:Describe${one}`), "s3:GetObject"];
  let stack: readonly Made[];
  before(async () => {
    stack = await build(primaryConfig(), policies);
  });

  it("has its run look for them first, with the one role that may tag them", () => {
    const definition = JSON.parse(String(ofType(stack, "aws:sfn/stateMachine:StateMachine")[0]?.inputs["definition"]));
    expect(definition.States.TakeIn.Parameters.FunctionName).to.contain("acme-primary-adopt");
    expect(actionsOf(stack)).to.have.members(["ec2:CreateTags", ...looks, "s3:PutObject"]);
    const of = (action: string) => rightsOf(stack).find(({ actions }) => actions.includes(action));
    expect(of("ec2:CreateTags")?.conditions?.["Null"]).to.deep.equal({
      "aws:ResourceTag/lockstep:deployment": "true",
      "ec2:CreateAction": "true",
    });
    expect(of("s3:PutObject")?.resources[0]).to.match(/\/points\/\*$/);
    const invokes = grantsOf(stack).filter(({ actions }) => actions.includes("lambda:InvokeFunction"));
    const machine = invokes.find(({ role }) => role === n.iamRole(EAST, "state-machine"));
    expect(machine?.resources.some((arn) => arn.includes("acme-primary-adopt"))).to.equal(true);
  });

  it("needs no schedule, and then nobody is told that a point is overdue", () => {
    const schedules = ofType(stack, "aws:scheduler/schedule:Schedule").map(({ inputs }) => inputs["name"]);
    expect(schedules).to.have.members([n.tickSchedule, n.policySchedule("a")]);
    const alarms = ofType(stack, "aws:cloudwatch/metricAlarm:MetricAlarm").map(({ inputs }) => inputs["name"]);
    expect(alarms).to.include.members([n.alarm("rpo-a"), n.alarm("nothing-selected-theirs")]);
    expect(alarms).to.not.include(n.alarm("rpo-theirs"));
  });

  it("lets its DR region hear of a snapshot when that is a point", async () => {
    const delaysOf = (made: readonly Made[]) =>
      ofType(made, "aws:sqs/queue:Queue").flatMap(({ inputs }) => inputs["delaySeconds"] ?? []);
    expect(delaysOf(await build(drConfig(), policies))).to.deep.equal([30]);
    expect(delaysOf(stack)).to.deep.equal([]);
  });

  it("that only plans may look, and tag nothing", async () => {
    const planning = await build({ ...primaryConfig(), "lockstep:mode": "plan" }, [plain]);
    expect(actionsOf(planning)).to.have.members(looks);
  });
});

describe("regions beside each other", function () {
  this.timeout(300_000);
  const targetsOf = (stack: readonly Made[]) =>
    ofType(stack, "aws:cloudwatch/eventTarget:EventTarget").map(({ inputs }) => String(inputs["arn"]));
  const settingsOf = (stack: readonly Made[]) =>
    JSON.parse(String(ofType(stack, "aws:s3/bucketObjectv2:BucketObjectv2")[0]?.inputs["content"]));
  const busOf = (region: string, role: "primary" | "dr") =>
    `arn:aws:events:${region}:${ACCOUNT}:event-bus/${names("acme", role).peerBus}`;

  it("a primary tells each of its DR regions, and each of them copies for itself", async () => {
    const policies = [policy("a", { copy: [copyTo(WEST), copyTo(NORTH)] }), policy("b", { copy: [copyTo(NORTH)] })];
    const primary = await build(primaryConfig(), policies, [WEST, NORTH]);
    expect(targetsOf(primary)).to.include.members([busOf(WEST, "dr"), busOf(NORTH, "dr")]);
    expect(settingsOf(primary).policies).to.deep.equal(policies);
    for (const region of [WEST, NORTH]) {
      const dr = await build(drConfig({ region }), policies);
      expect(targetsOf(dr)).to.include(busOf(EAST, "primary"));
      const into = grantsOf(dr).filter(({ actions }) => actions.includes("ec2:CopySnapshot"));
      expect(into.flatMap(({ resources }) => resources)).to.deep.equal([
        `arn:aws:ec2:${EAST}::snapshot/*`,
        `arn:aws:ec2:${region}::snapshot/*`,
      ]);
      expect(settingsOf(dr).policies).to.deep.equal(policies);
    }
  });

  it("two regions that are each other's DR have four stacks that share no name, role or bus", async () => {
    const westward = [policy("a", { copy: [copyTo(WEST)] })];
    const eastward = [policy("a", { copy: [copyTo(EAST)] })];
    const stacks: Made[][] = [];
    // One after the other: the mocks are the process's.
    for (const [config, policies] of [
      [primaryConfig(), westward],
      [drConfig(), westward],
      [primaryConfig({ region: WEST, peer: EAST }), eastward],
      [drConfig({ region: EAST, peer: WEST }), eastward],
    ] as const) {
      stacks.push(await build(config, policies));
    }
    const identities = stacks.flatMap((stack) => {
      const { region } = settingsOf(stack);
      return stack.flatMap(({ type, inputs }) => {
        const name = inputs["name"] ?? inputs["bucket"];
        if (!/^aws:(lambda|sfn|dynamodb|s3|iam|scheduler|sns)/.test(type) || typeof name !== "string") return [];
        // Names of roles and buckets are global; an inline policy's belongs to its role.
        const where = /^aws:(iam|s3)/.test(type) ? "" : region;
        return type.includes("rolePolicy") ? [] : [`${type} ${where} ${name}`];
      });
    });
    expect(identities).to.have.length.above(80);
    expect(new Set(identities).size).to.equal(identities.length);
    expect(stacks.map((stack) => targetsOf(stack).filter((arn) => arn.includes("event-bus")))).to.deep.equal([
      [busOf(WEST, "dr")],
      [busOf(EAST, "primary")],
      [busOf(EAST, "dr")],
      [busOf(WEST, "primary")],
    ]);
  });

  it("no primary may use a key for copies, since they are pulled", async () => {
    const grants = grantsOf(await build(primaryConfig(), [policy("a", { copy: [copyTo(WEST)] })]));
    const forCopies = /^kms:(CreateGrant|ReEncrypt|DescribeKey)/;
    expect(grants.filter(({ actions }) => actions.some((action) => forCopies.test(action)))).to.deep.equal([]);
  });

  it("two deployments in one account may delete and copy only what is their own", async () => {
    for (const deployment of ["acme", "umbrella"]) {
      const dr = grantsOf(await build(drConfig({ deployment }), [policy("a", { copy: [copyTo(WEST)] })]));
      const owned = { "aws:ResourceTag/lockstep:deployment": deployment };
      for (const action of ["ec2:DeleteSnapshot", "ec2:CopySnapshot"]) {
        const [grant] = dr.filter(({ actions }) => actions.includes(action));
        expect(grant?.conditions?.["StringEquals"], action).to.deep.equal(owned);
      }
    }
  });
});
