import { CloudWatchClient, DescribeAlarmsCommand, GetDashboardCommand } from "@aws-sdk/client-cloudwatch";
import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DescribeLogGroupsCommand,
  PutRetentionPolicyCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, ListTablesCommand } from "@aws-sdk/client-dynamodb";
import { DescribeVolumesCommand, EC2Client } from "@aws-sdk/client-ec2";
import { EventBridgeClient, ListEventBusesCommand } from "@aws-sdk/client-eventbridge";
import { IAMClient, ListRolesCommand } from "@aws-sdk/client-iam";
import { DescribeKeyCommand, KMSClient, ListAliasesCommand, ListKeysCommand } from "@aws-sdk/client-kms";
import { LambdaClient, ListEventSourceMappingsCommand, ListFunctionsCommand } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { ListScheduleGroupsCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { ListStateMachinesCommand, SFNClient } from "@aws-sdk/client-sfn";
import { ListSubscriptionsCommand, ListTopicsCommand, SNSClient } from "@aws-sdk/client-sns";
import { ListQueuesCommand, SQSClient } from "@aws-sdk/client-sqs";
import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { eventually, HOME, ROLE } from "../../support/sandbox.js";
import { recordSteps, withEngine } from "./support.js";
import { watching } from "./watching.js";

type Options = { readonly provider: aws.Provider };

const allow = (action: string, resource: pulumi.Input<string>) =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [{ Effect: "Allow", Principal: "*", Action: action, Resource: [resource] }],
  });
const trust = JSON.stringify({
  Version: "2012-10-17",
  Statement: [{ Effect: "Allow", Action: "sts:AssumeRole", Principal: { Service: "lambda.amazonaws.com" } }],
});
const READ_ONLY = "arn:aws:iam::aws:policy/ReadOnlyAccess";

function compute(o: Options) {
  const actions = ["s3:GetObject", "sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"];
  const inline = { Version: "2012-10-17", Statement: [{ Effect: "Allow", Action: actions, Resource: "*" }] };
  const role = new aws.iam.Role(
    "role",
    { assumeRolePolicy: trust, description: "d", inlinePolicies: [{ name: "a", policy: JSON.stringify(inline) }] },
    o,
  );
  new aws.iam.RolePolicyAttachment("attachment", { role, policyArn: READ_ONLY }, o);
  const code = new pulumi.asset.AssetArchive({ "i.js": new pulumi.asset.StringAsset("exports.h = async () => 1") });
  const lambda = new aws.lambda.Function(
    "lambda",
    {
      role: role.arn,
      handler: "i.h",
      runtime: "nodejs22.x",
      architectures: ["arm64"],
      code,
      reservedConcurrentExecutions: 3,
    },
    o,
  );
  const logs = new aws.cloudwatch.LogGroup(
    "logs",
    { name: "/types/made-before", retentionInDays: 3 },
    {
      ...o,
      import: "/types/made-before",
    },
  );
  const machine = { StartAt: "A", States: { A: { Type: "Succeed" } } };
  new aws.sfn.StateMachine(
    "machine",
    {
      roleArn: role.arn,
      definition: JSON.stringify(machine),
      loggingConfiguration: { level: "ERROR", logDestination: pulumi.interpolate`${logs.arn}:*` },
    },
    o,
  );
  return { role, lambda };
}

function messages({ role, lambda }: ReturnType<typeof compute>, o: Options) {
  const queue = new aws.sqs.Queue("queue", { visibilityTimeoutSeconds: 60, tags: { a: "b" } }, o);
  new aws.sqs.QueuePolicy("queue-policy", { queueUrl: queue.id, policy: allow("sqs:SendMessage", queue.arn) }, o);
  const source = { eventSourceArn: queue.arn, batchSize: 5, functionResponseTypes: ["ReportBatchItemFailures"] };
  new aws.lambda.EventSourceMapping("mapping", { ...source, functionName: lambda.name }, o);
  const topic = new aws.sns.Topic("topic", { displayName: "hi" }, o);
  new aws.sns.TopicPolicy("topic-policy", { arn: topic.arn, policy: allow("sns:Publish", topic.arn) }, o);
  const subscription = { topic: topic.arn, protocol: "sqs", endpoint: queue.arn, rawMessageDelivery: true };
  new aws.sns.TopicSubscription("to-queue", { ...subscription, filterPolicy: JSON.stringify({ a: ["b"] }) }, o);
  new aws.sns.TopicSubscription("to-mail", { topic: topic.arn, protocol: "email", endpoint: "a@example.com" }, o);
  const bus = new aws.cloudwatch.EventBus("bus", { description: "d" }, o);
  const pattern = { name: "rule", eventBusName: bus.name, eventPattern: JSON.stringify({ source: ["aws.ec2"] }) };
  const rule = new aws.cloudwatch.EventRule("rule", pattern, o);
  const to = { rule: rule.name, eventBusName: bus.name };
  new aws.cloudwatch.EventTarget("to-lambda", { ...to, arn: lambda.arn }, o);
  const inputTransformer = { inputPaths: { a: "$.detail" }, inputTemplate: '"<a>"' };
  new aws.cloudwatch.EventTarget("to-queue", { ...to, arn: queue.arn, targetId: "queue", inputTransformer }, o);
  const invoke = { action: "lambda:InvokeFunction", principal: "events.amazonaws.com", sourceArn: rule.arn };
  new aws.lambda.Permission("permission", { ...invoke, function: lambda.name }, o);
  const group = new aws.scheduler.ScheduleGroup("group", {}, o);
  new aws.scheduler.Schedule(
    "schedule",
    {
      groupName: group.name,
      scheduleExpression: "rate(1 hour)",
      flexibleTimeWindow: { mode: "OFF" },
      target: { arn: lambda.arn, roleArn: role.arn, input: '{ "kind": "tick" }' },
    },
    o,
  );
}

function storage(o: Options) {
  const attributes = ["sk", "pk"].map((name) => ({ name, type: "S" }));
  const ttl = { attributeName: "expiresAt", enabled: true };
  const keys = { hashKey: "pk", rangeKey: "sk", attributes, ttl };
  const more = { pointInTimeRecovery: { enabled: true }, streamEnabled: true, streamViewType: "NEW_IMAGE" };
  new aws.dynamodb.Table("table", { ...keys, ...more, billingMode: "PAY_PER_REQUEST" }, o);
  const bucket = new aws.s3.Bucket("Bucket", { forceDestroy: true, tags: { x: "y" } }, o);
  const of = { bucket: bucket.bucket };
  const versioning = { versioningConfiguration: { status: "Enabled" } };
  const versioned = new aws.s3.BucketVersioning("versioning", { ...of, ...versioning }, o);
  new aws.s3.BucketPublicAccessBlock("access", { ...of, blockPublicAcls: true }, o);
  const rules = [{ applyServerSideEncryptionByDefault: { sseAlgorithm: "AES256" } }];
  new aws.s3.BucketServerSideEncryptionConfiguration("encryption", { ...of, rules }, o);
  new aws.s3.BucketOwnershipControls("ownership", { ...of, rule: { objectOwnership: "BucketOwnerEnforced" } }, o);
  const objects = pulumi.interpolate`${bucket.arn}/*`;
  new aws.s3.BucketPolicy("bucket-policy", { ...of, policy: allow("s3:GetObject", objects) }, o);
  const expiry = { expiration: { days: 90 }, noncurrentVersionExpiration: { noncurrentDays: 90 } };
  const lifecycle = [{ id: "runs", status: "Enabled", filter: { prefix: "runs/" }, ...expiry }];
  new aws.s3.BucketLifecycleConfiguration("lifecycle", { ...of, rules: lifecycle }, o);
  const object = { key: "settings.json", content: "{}", contentType: "application/json" };
  new aws.s3.BucketObjectv2("object", { ...of, ...object }, { ...o, dependsOn: [versioned] });
}

function machines(o: Options) {
  const devices = ["/dev/sdf", "/dev/sdg"].map((deviceName) => ({ deviceName, volumeSize: 1, volumeType: "gp3" }));
  const tags = { Name: "machine" };
  const instance = new aws.ec2.Instance(
    "instance",
    { ami: "ami-0123456789abcdef0", instanceType: "t4g.nano", ebsBlockDevices: devices, tags, volumeTags: tags },
    o,
  );
  const { availabilityZone } = instance;
  const volume = new aws.ebs.Volume("volume", { availabilityZone, size: 2, type: "gp3" }, o);
  const attachment = { instanceId: instance.id, volumeId: volume.id, deviceName: "/dev/sdh" };
  new aws.ec2.VolumeAttachment("volume-attachment", attachment, o);
  return {
    disks: instance.ebsBlockDevices,
    account: aws.getCallerIdentityOutput({}, o).accountId,
  };
}

async function program() {
  const o = { provider: new aws.Provider("aws", { region: HOME, defaultTags: { tags: { app: "test" } } }) };
  messages(compute(o), o);
  storage(o);
  watching(o);
  return machines(o);
}

describe("the resource types of the provider stand-in", function () {
  this.timeout(300_000);
  const { sandbox, stack } = withEngine();
  const at = <C>(type: Parameters<typeof sandbox.client<C>>[0]) => sandbox.client(type, HOME);

  /** Everything of the program that is there, by name or id. */
  const remains = async (): Promise<string[]> => {
    const { Buckets = [] } = await at(S3Client).send(new ListBucketsCommand({}));
    const { TableNames = [] } = await at(DynamoDBClient).send(new ListTablesCommand({}));
    const { QueueUrls = [] } = await at(SQSClient).send(new ListQueuesCommand({}));
    const { Topics = [] } = await at(SNSClient).send(new ListTopicsCommand({}));
    const { Subscriptions = [] } = await at(SNSClient).send(new ListSubscriptionsCommand({}));
    const { Functions = [] } = await at(LambdaClient).send(new ListFunctionsCommand({}));
    const { EventSourceMappings = [] } = await at(LambdaClient).send(new ListEventSourceMappingsCommand({}));
    const { stateMachines = [] } = await at(SFNClient).send(new ListStateMachinesCommand({}));
    const { EventBuses = [] } = await at(EventBridgeClient).send(new ListEventBusesCommand({}));
    const { ScheduleGroups = [] } = await at(SchedulerClient).send(new ListScheduleGroupsCommand({}));
    const { Roles = [] } = await at(IAMClient).send(new ListRolesCommand({}));
    const { logGroups = [] } = await at(CloudWatchLogsClient).send(new DescribeLogGroupsCommand({}));
    const { Aliases = [] } = await at(KMSClient).send(new ListAliasesCommand({}));
    const { MetricAlarms = [] } = await at(CloudWatchClient).send(new DescribeAlarmsCommand({}));
    // The emulator's list of dashboards cannot be read by the SDK.
    const dashboard = at(CloudWatchClient).send(new GetDashboardCommand({ DashboardName: "types" }));
    const { DashboardName } = await dashboard.catch(() => ({ DashboardName: undefined }));
    const { Volumes = [] } = await at(EC2Client).send(new DescribeVolumesCommand({}));
    const ids = [
      ...Buckets.map(({ Name }) => Name),
      ...[...TableNames, ...QueueUrls],
      ...Topics.map(({ TopicArn }) => TopicArn),
      ...Subscriptions.map(({ Endpoint }) => Endpoint),
      ...Functions.map(({ FunctionName }) => FunctionName),
      ...EventSourceMappings.map(({ UUID }) => UUID),
      ...stateMachines.map(({ name }) => name),
      ...EventBuses.map(({ Name }) => Name).filter((name) => name !== "default"),
      ...ScheduleGroups.map(({ Name }) => Name).filter((name) => name !== "default"),
      ...Roles.filter(({ Arn, Path }) => Arn !== ROLE && !Path?.startsWith("/aws-service-role/")).map(
        (one) => one.RoleName,
      ),
      // Lambda makes its own log group where the program makes none.
      ...logGroups.map(({ logGroupName }) => logGroupName).filter((name) => !name?.startsWith("/aws/lambda/")),
      ...Aliases.map(({ AliasName }) => AliasName),
      ...MetricAlarms.map(({ AlarmName }) => AlarmName),
      DashboardName,
      ...Volumes.map(({ VolumeId }) => VolumeId),
    ];
    return ids.flatMap((id) => id ?? []);
  };

  it("are made, imported, seen unchanged and taken away, all of them", async () => {
    await at(CloudWatchLogsClient).send(new CreateLogGroupCommand({ logGroupName: "/types/made-before" }));
    const retention = { logGroupName: "/types/made-before", retentionInDays: 3 };
    await at(CloudWatchLogsClient).send(new PutRetentionPolicyCommand(retention));
    const estate = await stack("types", program);

    const { outputs } = await estate.up();
    expect(outputs["account"]?.value).to.equal("000000000000");
    const disks: { deviceName: string; volumeId: string; iops: number }[] = outputs["disks"]?.value;
    expect(disks.map(({ deviceName, iops }) => `${deviceName} ${iops}`)).to.deep.equal([
      "/dev/sdf 3000",
      "/dev/sdg 3000",
    ]);
    expect(disks[0]?.volumeId).to.match(/^vol-[0-9a-f]{17}$/);
    expect(await remains()).to.include.members(["/types/made-before", disks[0]?.volumeId, "alias/by-arn", "types"]);
    const { Keys = [] } = await at(KMSClient).send(new ListKeysCommand({}));

    const { steps, details, onEvent } = recordSteps();
    await estate.up({ onEvent });
    expect(steps, JSON.stringify([...details])).to.deep.equal([]);
    const refreshed = await estate.refresh();
    expect(Object.keys(refreshed.summary.resourceChanges ?? {})).to.deep.equal(["same"]);
    await estate.destroy();
    expect(await eventually(remains, (left) => left.length === 0)).to.deep.equal([]);
    const states = Keys.map(async ({ KeyId }) => {
      const { KeyMetadata } = await at(KMSClient).send(new DescribeKeyCommand({ KeyId }));
      return KeyMetadata?.KeyState;
    });
    expect(await Promise.all(states)).to.deep.equal(["PendingDeletion", "PendingDeletion"]);
  });
});
