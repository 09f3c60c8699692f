import { readFile } from "node:fs/promises";
import {
  CloudWatchLogsClient,
  DescribeLogGroupsCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { GetRoleCommand, IAMClient } from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { DeleteTopicCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Stack } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { AWAY, HOME } from "../../support/sandbox.js";
import { recordSteps, withEngine } from "./support.js";

const SECRET = "correct-horse-battery";
const BUCKET = "provider-test-ledger";

const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});

/** What the program asks for; the tests change it between updates. */
const wanted = {
  days: 7,
  logGroup: "/test/home",
  path: "/",
  greeting: "hello",
  extraTags: {} as Record<string, string>,
  forceDestroy: false,
};
/** What the program learned of outputs while it ran. */
const known: string[] = [];

async function program() {
  const home = { provider: new aws.Provider("home", { region: HOME, defaultTags: { tags: { team: "backup" } } }) };
  const away = { provider: new aws.Provider("away", { region: AWAY, skipCredentialsValidation: true }) };
  const tags = { app: "test", ...wanted.extraTags };
  new aws.cloudwatch.LogGroup("logs-home", { name: wanted.logGroup, retentionInDays: wanted.days, tags }, home);
  new aws.cloudwatch.LogGroup("logs-away", { name: "/test/away", retentionInDays: 3 }, away);
  const topic = new aws.sns.Topic("topic", {}, away);
  const roleArgs = { name: "provider-test", path: wanted.path, assumeRolePolicy: trust };
  const role = new aws.iam.Role("role", roleArgs, home);
  new aws.iam.RolePolicy(
    "policy",
    { role, policy: { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: "logs:*", Resource: "*" }] } },
    home,
  );
  const lambda = new aws.lambda.Function(
    "lambda",
    {
      role: role.arn,
      handler: "index.handler",
      runtime: "nodejs22.x",
      code: new pulumi.asset.AssetArchive({
        "index.js": new pulumi.asset.StringAsset(
          `exports.handler = async () => require("fs").readFileSync(__dirname + "/data/a.txt", "utf8") + process.env.WORD`,
        ),
        data: new pulumi.asset.AssetArchive({ "a.txt": new pulumi.asset.StringAsset(wanted.greeting) }),
      }),
      environment: { variables: { WORD: pulumi.secret(SECRET), KEEP: "1" } },
    },
    home,
  );
  new aws.s3.Bucket("bucket", { bucket: BUCKET, forceDestroy: wanted.forceDestroy }, home);
  lambda.arn.apply((arn) => known.push(`arn ${arn}`));
  topic.name.apply((name) => known.push(`name ${name}`));
  return { functionName: lambda.name, environment: lambda.environment, topic: topic.arn };
}

describe("the provider stand-in", function () {
  this.timeout(300_000);
  const { sandbox, stack } = withEngine();
  let estate: Stack;

  const invoke = async (FunctionName: string) => {
    const { Payload } = await sandbox.client(LambdaClient, HOME).send(new InvokeCommand({ FunctionName }));
    return JSON.parse(Buffer.from(Payload ?? []).toString());
  };
  const logGroups = async (region: string) => {
    const found = await sandbox.client(CloudWatchLogsClient, region).send(new DescribeLogGroupsCommand({}));
    const own = (found.logGroups ?? []).filter(({ logGroupName }) => logGroupName?.startsWith("/test/"));
    return own.map(({ logGroupName, retentionInDays }) => `${logGroupName} ${retentionInDays}`);
  };
  const topics = async () => (await sandbox.client(SNSClient, AWAY).send(new ListTopicsCommand({}))).Topics ?? [];

  before(async () => {
    estate = await stack("estate", program);
  });

  it("previews without making anything: names are known, what AWS decides is not", async () => {
    const { changeSummary } = await estate.preview();
    expect(changeSummary).to.deep.equal({ create: 10 });
    expect(known).to.have.length(1);
    expect(known[0]).to.match(/^name topic-[0-9a-f]{7}$/);
    expect(await logGroups(HOME)).to.deep.equal([]);
  });

  it("makes each resource in the region of its provider, with that provider's default tags", async () => {
    const { outputs } = await estate.up();
    expect(await logGroups(HOME)).to.deep.equal(["/test/home 7"]);
    expect(await logGroups(AWAY)).to.deep.equal(["/test/away 3"]);
    expect(outputs["topic"]?.value).to.match(new RegExp(`^arn:aws:sns:${AWAY}:000000000000:topic-[0-9a-f]{7}$`));
    const resourceArn = `arn:aws:logs:${HOME}:000000000000:log-group:/test/home`;
    const { tags } = await sandbox
      .client(CloudWatchLogsClient, HOME)
      .send(new ListTagsForResourceCommand({ resourceArn }));
    expect(tags).to.deep.equal({ team: "backup", app: "test" });
    expect(await invoke(outputs["functionName"]?.value)).to.equal(`hello${SECRET}`);
  });

  it("keeps secrets secret in the state", async () => {
    const outputs = await estate.outputs();
    expect(outputs["environment"]?.secret).to.equal(true);
    expect(outputs["functionName"]?.secret).to.equal(false);
    const backend = sandbox.env["PULUMI_BACKEND_URL"] ?? "";
    const state = await readFile(new URL(`${backend}/.pulumi/stacks/provider-test/estate.json`), "utf8");
    expect(state).to.contain(outputs["functionName"]?.value).and.not.to.contain(SECRET);
  });

  it("changes nothing the second time", async () => {
    const { summary } = await estate.up();
    expect(summary.resourceChanges).to.deep.equal({ same: 10 });
  });

  it("updates in place or replaces as the official provider does", async () => {
    Object.assign(wanted, { days: 14, path: "/moved/", greeting: "bye ", extraTags: { "a:b": "c" } });
    const { steps, details, onEvent } = recordSteps();
    await estate.up({ onEvent });
    expect(details.get("logs-home")).to.have.members([
      "retentionInDays update",
      'tags["a:b"] add',
      'tagsAll["a:b"] add',
    ]);
    // The role's ARN has its path in it.
    expect(details.get("lambda")).to.have.members(["code update", "role update"]);
    expect(details.get("role")).to.deep.equal(["path update-replace"]);
    // The role's name was given, so that the old role goes first, and before it what hangs on it.
    const ofRole = steps.filter((step) => /role|policy/.test(step));
    expect(ofRole.indexOf("delete-replaced policy")).to.be.lessThan(ofRole.indexOf("delete-replaced role"));
    expect(ofRole.indexOf("delete-replaced role")).to.be.lessThan(ofRole.indexOf("create-replacement role"));
    const { Role: role } = await sandbox
      .client(IAMClient, HOME)
      .send(new GetRoleCommand({ RoleName: "provider-test" }));
    expect(role?.Path).to.equal("/moved/");
    const { functionName } = await estate.outputs();
    expect(await invoke(functionName?.value)).to.equal(`bye ${SECRET}`);
    expect(await logGroups(HOME)).to.deep.equal(["/test/home 14"]);
  });

  it("sees drift and loss in a refresh, and mends both", async () => {
    const change = { logGroupName: "/test/home", retentionInDays: 90 };
    await sandbox.client(CloudWatchLogsClient, HOME).send(new PutRetentionPolicyCommand(change));
    const { topic } = await estate.outputs();
    await sandbox.client(SNSClient, AWAY).send(new DeleteTopicCommand({ TopicArn: topic?.value }));
    const { summary } = await estate.refresh();
    expect(summary.resourceChanges).to.deep.equal({ delete: 1, same: 8, update: 1 });
    const { steps, onEvent } = recordSteps();
    await estate.up({ onEvent });
    expect(steps).to.have.members(["create topic", "update logs-home"]);
    expect(await logGroups(HOME)).to.deep.equal(["/test/home 14"]);
  });

  it("replaces a log group under a new name, the new one first", async () => {
    wanted.logGroup = "/test/other";
    const { steps, onEvent } = recordSteps();
    await estate.up({ onEvent });
    expect(steps.filter((step) => step.endsWith("logs-home"))).to.deep.equal([
      "create-replacement logs-home",
      "replace logs-home",
      "delete-replaced logs-home",
    ]);
    expect(await logGroups(HOME)).to.deep.equal(["/test/other 14"]);
  });

  it("refuses to delete a bucket with objects unless it was told to", async () => {
    const client = sandbox.client(S3Client, HOME);
    await client.send(new PutObjectCommand({ Bucket: BUCKET, Key: "evidence", Body: "x" }));
    const failure = await estate.destroy().then(
      () => "no error",
      (error: unknown) => String(error),
    );
    expect(failure).to.contain("BucketNotEmpty");
    wanted.forceDestroy = true;
    await estate.up();
    const { summary } = await estate.destroy();
    expect(summary.resourceChanges).to.deep.equal({ delete: 10 });
  });

  it("leaves nothing", async () => {
    const functions = await sandbox.client(LambdaClient, HOME).send(new ListFunctionsCommand({}));
    expect(functions.Functions).to.deep.equal([]);
    expect([...(await logGroups(HOME)), ...(await logGroups(AWAY)), ...(await topics())]).to.deep.equal([]);
  });

  it("names what it does not know", async () => {
    const parameter = await stack("unknown-type", async () => {
      new aws.ssm.Parameter("p", { type: "String", value: "x" }, { provider: new aws.Provider("a", { region: HOME }) });
    });
    const failure = await parameter.preview().then(
      () => "no error",
      (error: unknown) => String(error),
    );
    expect(failure).to.contain("the sandbox does not know the resource type aws:ssm/parameter:Parameter");
  });
});
