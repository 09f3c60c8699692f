import { CloudWatchLogsClient, DescribeLogStreamsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { CreateTableCommand, DynamoDBClient, GetItemCommand, ScanCommand } from "@aws-sdk/client-dynamodb";
import { CreateSnapshotCommand, CreateVolumeCommand, DeleteSnapshotCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateRoleCommand,
  DeleteRoleCommand,
  DeleteRolePolicyCommand,
  IAMClient,
  PutRolePolicyCommand,
} from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient, UpdateFunctionConfigurationCommand } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { CLAIM_MS, type Claim, makeClaims } from "../../../functions/store/claims.js";
import { dynamoTable } from "../../../functions/store/table.js";
import { dynamoTransact } from "../../../functions/store/transact.js";
import { makeFunction } from "../../support/lambda.js";
import { eventually, HOME, withSandbox } from "../../support/sandbox.js";

interface Report {
  readonly statements: readonly {
    readonly role: string;
    readonly sid: string;
    readonly used: Record<string, number>;
  }[];
  readonly denied: readonly { readonly role: string; readonly action: string; readonly resource: string }[];
}

const NARROW = "arn:aws:iam::000000000000:role/narrow";
const NOTHING = { Effect: "Deny", Action: "*", Resource: "arn:aws:s3:::nowhere" };
/** The key that the sandbox gives to the function `fn`. */
const KEY = `LAMBDA-fn.${HOME}`;

describe("rights of roles, enforced", function () {
  this.timeout(300_000);
  const sandbox = withSandbox();
  const iam = () => sandbox.client(IAMClient, HOME);
  const report = async () => (await sandbox.admin("GET", "permissions")) as Report;
  const allow = (...Statement: readonly object[]) =>
    iam().send(
      new PutRolePolicyCommand({
        RoleName: "narrow",
        PolicyName: "duty",
        PolicyDocument: JSON.stringify({ Version: "2012-10-17", Statement }),
      }),
    );
  const codeOf = async (call: Promise<unknown>): Promise<string> =>
    call.then(
      () => "done",
      (error: Error) => error.name,
    );

  before(async () => {
    await iam().send(new CreateRoleCommand({ RoleName: "narrow", AssumeRolePolicyDocument: "{}" }));
    const lambda = sandbox.client(LambdaClient, HOME);
    await makeFunction(lambda, "fn", "exports.handler = async () => { console.log('here'); };");
    await lambda.send(new UpdateFunctionConfigurationCommand({ FunctionName: "fn", Role: NARROW }));
  });

  it("a snapshot is deleted by who may, and the policy counts from the moment it is there", async () => {
    const ec2 = sandbox.client(EC2Client, HOME);
    const fn = sandbox.client(EC2Client, HOME, KEY);
    const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${HOME}a`, Size: 1 }));
    const tags = [{ Key: "ours", Value: "yes" }];
    const make = async (Tags: typeof tags) => {
      const TagSpecifications = [{ ResourceType: "snapshot" as const, Tags }];
      const { SnapshotId } = await ec2.send(
        new CreateSnapshotCommand({ VolumeId, ...(Tags.length > 0 && { TagSpecifications }) }),
      );
      return new DeleteSnapshotCommand({ SnapshotId });
    };
    const [ours, theirs] = [await make(tags), await make([])];
    expect(await codeOf(fn.send(ours))).to.equal("UnauthorizedOperation");
    await allow({
      Sid: "DeleteOurs",
      Effect: "Allow",
      Action: "ec2:DeleteSnapshot",
      Resource: `arn:aws:ec2:${HOME}::snapshot/*`,
      Condition: { StringEquals: { "aws:ResourceTag/ours": "yes" } },
    });
    expect(await codeOf(fn.send(theirs))).to.equal("UnauthorizedOperation");
    expect(await codeOf(fn.send(ours))).to.equal("done");
    await iam().send(new DeleteRolePolicyCommand({ RoleName: "narrow", PolicyName: "duty" }));
    expect(await codeOf(fn.send(theirs))).to.equal("UnauthorizedOperation");
    expect(await codeOf(ec2.send(theirs)), "a person's key").to.equal("done");
    expect((await report()).denied.filter(({ role }) => role === "narrow")).to.have.length(2);
  });

  it("of data: in the words of each service, and a missing object only for who may list", async () => {
    await sandbox.client(S3Client, HOME).send(new CreateBucketCommand({ Bucket: "bucket" }));
    await sandbox.client(S3Client, HOME).send(new PutObjectCommand({ Bucket: "bucket", Key: "k", Body: "x" }));
    await sandbox.client(DynamoDBClient, HOME).send(
      new CreateTableCommand({
        TableName: "things",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [{ AttributeName: "pk", AttributeType: "S" }],
        KeySchema: [{ AttributeName: "pk", KeyType: "HASH" }],
      }),
    );
    const s3 = sandbox.client(S3Client, HOME, KEY);
    const table = sandbox.client(DynamoDBClient, HOME, KEY);
    const get = (Key: string) => codeOf(s3.send(new GetObjectCommand({ Bucket: "bucket", Key })));
    const item = () => codeOf(table.send(new GetItemCommand({ TableName: "things", Key: { pk: { S: "1" } } })));
    expect([await get("k"), await item()]).to.deep.equal(["AccessDenied", "AccessDeniedException"]);
    const read = { Sid: "Read", Effect: "Allow", Action: ["s3:GetObject", "dynamodb:GetItem"], Resource: "*" };
    await allow(read);
    expect([await get("k"), await item(), await get("none")]).to.deep.equal(["done", "done", "AccessDenied"]);
    expect(await codeOf(table.send(new ScanCommand({ TableName: "things" })))).to.equal("AccessDeniedException");
    await allow(read, { Sid: "Miss", Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::bucket" });
    expect(await get("none")).to.equal("NoSuchKey");
    const used = (await report()).statements
      .filter(({ role }) => role === "narrow")
      .map(({ sid, used }) => [sid, used]);
    expect(used).to.deep.equal([
      ["Read", { "s3:GetObject": 3, "dynamodb:GetItem": 1 }],
      ["Miss", { "s3:ListBucket": 1 }],
    ]);
  });

  it("of transactions: by what each part does, and all of it or nothing", async () => {
    const [pk, sk] = ["pk", "sk"] as const;
    await sandbox.client(DynamoDBClient, HOME).send(
      new CreateTableCommand({
        TableName: "ledger",
        BillingMode: "PAY_PER_REQUEST",
        AttributeDefinitions: [pk, sk].map((AttributeName) => ({ AttributeName, AttributeType: "S" })),
        KeySchema: [
          { AttributeName: pk, KeyType: "HASH" },
          { AttributeName: sk, KeyType: "RANGE" },
        ],
      }),
    );
    const client = sandbox.client(DynamoDBClient, HOME, KEY);
    const claims = makeClaims(dynamoTable(client, "ledger"), dynamoTransact(client, "ledger"));
    const [one, two] = ["lsp-1", "lsp-2"].map((what) => ({ what, region: HOME, holder: "run" })) as [Claim, Claim];
    const settle = () => codeOf(claims.settle([{ claim: one, artifact: "snap-1" }]));
    const put = { Sid: "Put", Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" };
    await allow(NOTHING);
    expect(await codeOf(claims.takeAll([one, two], 0))).to.equal("AccessDeniedException");
    await allow(put);
    expect(await claims.take(two, 0)).to.equal(true);
    expect(await claims.takeAll([one, two], 1)).to.equal(false);
    expect(await claims.takeAll([one], 1), "it was not taken with the other").to.equal(true);
    expect(await claims.takeAll([one, two], CLAIM_MS + 2)).to.equal(true);
    expect(await settle()).to.equal("AccessDeniedException");
    await allow(put, {
      Sid: "Change",
      Effect: "Allow",
      Action: ["dynamodb:UpdateItem", "dynamodb:GetItem"],
      Resource: "*",
    });
    expect(await settle()).to.equal("done");
    expect(await claims.take(one, CLAIM_MS + 3, ["snap-1"])).to.equal(true);
  });

  it("of functions: logs are written only with the right to", async () => {
    const logs = sandbox.client(CloudWatchLogsClient, HOME);
    const invoke = () => sandbox.client(LambdaClient, HOME).send(new InvokeCommand({ FunctionName: "fn" }));
    const written = () => codeOf(logs.send(new DescribeLogStreamsCommand({ logGroupName: "/aws/lambda/fn" })));
    await invoke();
    expect(await written()).to.equal("ResourceNotFoundException");
    const actions = ["logs:CreateLogGroup", "logs:CreateLogStream", "logs:PutLogEvents"];
    await allow({
      Sid: "Log",
      Effect: "Allow",
      Action: actions,
      Resource: `arn:aws:logs:${HOME}:*:log-group:/aws/lambda/fn:*`,
    });
    await invoke();
    expect(await written()).to.equal("done");
  });

  it("of state machines: a task without the right fails", async () => {
    const states = sandbox.client(SFNClient, HOME);
    const call = {
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: "fn" },
      Next: "Put",
    };
    const put = {
      Type: "Task",
      Resource: "arn:aws:states:::dynamodb:putItem",
      Parameters: { TableName: "things", Item: { pk: { S: "1" } } },
      End: true,
    };
    const definition = JSON.stringify({ StartAt: "Call", States: { Call: call, Put: put } });
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({ name: "machine", definition, roleArn: NARROW }),
    );
    const run = async () => {
      const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
      const { status, error } = await eventually(
        () => states.send(new DescribeExecutionCommand({ executionArn })),
        (seen) => seen.status !== "RUNNING",
        { what: "the end" },
      );
      return error ?? status;
    };
    await allow(NOTHING);
    expect(await run()).to.equal("Lambda.AWSLambdaException");
    const invoke = { Sid: "Invoke", Effect: "Allow", Action: "lambda:InvokeFunction", Resource: "*" };
    await allow(invoke);
    expect(await run()).to.equal("States.Permissions");
    await allow(invoke, { Sid: "Put", Effect: "Allow", Action: "dynamodb:PutItem", Resource: "*" });
    expect(await run()).to.equal("SUCCEEDED");
  });

  it("of schedules: what the role may not call is not called", async () => {
    await allow(NOTHING);
    await sandbox.admin("DELETE", "permissions");
    await sandbox.client(SchedulerClient, HOME).send(
      new CreateScheduleCommand({
        Name: "once",
        ScheduleExpression: "rate(1 hour)",
        FlexibleTimeWindow: { Mode: "OFF" },
        Target: { Arn: `arn:aws:lambda:${HOME}:000000000000:function:fn`, RoleArn: NARROW },
      }),
    );
    const { denied } = await eventually(report, (seen) => seen.denied.length > 0, { what: "the refusal" });
    expect(denied[0]).to.include({ role: "narrow", action: "lambda:InvokeFunction" });
  });

  it("a role that is gone has none", async () => {
    await iam().send(new DeleteRolePolicyCommand({ RoleName: "narrow", PolicyName: "duty" }));
    await iam().send(new DeleteRoleCommand({ RoleName: "narrow" }));
    const table = sandbox.client(DynamoDBClient, HOME, KEY);
    expect(await codeOf(table.send(new ScanCommand({ TableName: "things" })))).to.equal("AccessDeniedException");
  });
});
