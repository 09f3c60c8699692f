import { CreateSnapshotCommand, CreateVolumeCommand, EC2Client } from "@aws-sdk/client-ec2";
import {
  CreateEventBusCommand,
  EventBridgeClient,
  PutEventsCommand,
  PutRuleCommand,
  PutTargetsCommand,
} from "@aws-sdk/client-eventbridge";
import { CreateKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { LambdaClient } from "@aws-sdk/client-lambda";
import { CreateStateMachineCommand, SFNClient } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, DeleteMessageCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { bundleLambda, makeFunction, permitEvents } from "../../support/lambda.js";
import { AWAY, eventually, HOME, ROLE, withSandbox } from "../../support/sandbox.js";

const ACCOUNT = "000000000000";

describe("events in the sandbox", () => {
  const sandbox = withSandbox();
  const bridge = (region = HOME) => sandbox.client(EventBridgeClient, region);

  before(() => sandbox.admin("POST", "settings", { ec2: { snapshotMillis: 10 } }));

  /** A queue that lets rules in, as AWS demands: all of them, or those of one ARN. */
  const queue = async (name: string, region = HOME, Attributes: Record<string, string> = {}, rule = "*") => {
    const arn = `arn:aws:sqs:${region}:${ACCOUNT}:${name}`;
    const Principal = { Service: "events.amazonaws.com" };
    const Condition = { ArnLike: { "aws:SourceArn": rule } };
    const statement = { Effect: "Allow", Principal, Action: "sqs:SendMessage", Resource: arn, Condition };
    const Policy = JSON.stringify({ Version: "2012-10-17", Statement: [statement] });
    const make = new CreateQueueCommand({ QueueName: name, Attributes: { Policy, ...Attributes } });
    const { QueueUrl } = await sandbox.client(SQSClient, region).send(make);
    return { url: QueueUrl, arn, region };
  };
  /** Takes one message: its body and attributes. */
  const take = async ({ url, region }: { url: string | undefined; region: string }, within = 10_000) => {
    const sqs = sandbox.client(SQSClient, region);
    const receive = new ReceiveMessageCommand({ QueueUrl: url, MessageAttributeNames: ["All"] });
    const { Messages = [] } = await eventually(
      () => sqs.send(receive),
      (answer) => (answer.Messages ?? []).length > 0,
      { within, what: "a message" },
    );
    const [message] = Messages;
    await sqs.send(new DeleteMessageCommand({ QueueUrl: url, ReceiptHandle: message?.ReceiptHandle }));
    const attributes = Object.entries(message?.MessageAttributes ?? {}).map(([k, v]) => [k, v.StringValue]);
    return {
      body: JSON.parse(message?.Body ?? "null") as Record<string, unknown>,
      attributes: Object.fromEntries(attributes),
    };
  };
  const rule = async (
    name: string,
    pattern: unknown,
    target: Record<string, unknown>,
    bus = "default",
    region = HOME,
  ) => {
    const events = bridge(region);
    await events.send(new PutRuleCommand({ Name: name, EventBusName: bus, EventPattern: JSON.stringify(pattern) }));
    await events.send(
      new PutTargetsCommand({ Rule: name, EventBusName: bus, Targets: [{ Id: "1", Arn: "", ...target }] }),
    );
  };
  const put = (source: string, detail: unknown = {}, more: object = {}) =>
    bridge().send(
      new PutEventsCommand({
        Entries: [{ Source: source, DetailType: "test", Detail: JSON.stringify(detail), ...more }],
      }),
    );
  const snapshot = async () => {
    const ec2 = sandbox.client(EC2Client, HOME);
    const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${HOME}a`, Size: 1 }));
    return (await ec2.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId;
  };

  it("goes from EC2 by a rule to a state machine, a function, and back through the gateway", async () => {
    const lambda = sandbox.client(LambdaClient, HOME);
    const done = await queue("done");
    const fn = await makeFunction(
      lambda,
      "describes",
      await bundleLambda(`
        import { DescribeSnapshotsCommand, EC2Client } from "@aws-sdk/client-ec2";
        export const handler = async (event) => {
          const { Snapshots } = await new EC2Client({}).send(
            new DescribeSnapshotsCommand({ SnapshotIds: [event.detail.snapshot_id.split("/")[1]] }));
          return { event, state: Snapshots[0].State };
        };`),
    );
    const definition = {
      StartAt: "Look",
      States: {
        Look: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          Parameters: { FunctionName: fn, "Payload.$": "$" },
          OutputPath: "$.Payload",
          Next: "Tell",
        },
        Tell: {
          Type: "Task",
          Resource: "arn:aws:states:::sqs:sendMessage",
          Parameters: { QueueUrl: done.url, "MessageBody.$": "$" },
          End: true,
        },
      },
    };
    const { stateMachineArn } = await sandbox
      .client(SFNClient, HOME)
      .send(new CreateStateMachineCommand({ name: "looker", definition: JSON.stringify(definition), roleArn: ROLE }));
    await rule("snapshots", { source: ["aws.ec2"] }, { Arn: stateMachineArn, RoleArn: ROLE });
    await sandbox.admin("DELETE", "calls");

    const id = await snapshot();
    const { body } = await take(done);
    expect(body).to.have.property("state", "completed");
    expect(body["event"]).to.include({ version: "0", source: "aws.ec2", account: ACCOUNT, region: HOME });
    expect(body["event"]).to.have.nested.property("detail.snapshot_id").that.contains(id);
    const calls = await sandbox.admin("GET", "calls");
    expect(calls).to.deep.include({
      service: "ec2",
      action: "DescribeSnapshots",
      region: HOME,
      caller: "describes",
      count: 1,
    });
    expect(calls).to.deep.include({ service: "lambda", action: "Invoke", region: HOME, caller: "looker", count: 1 });
    expect(calls).to.deep.include({ service: "sqs", action: "SendMessage", region: HOME, caller: "looker", count: 1 });
  });

  it("reaches a bus of another region, as it was, and goes no further", async () => {
    const there = await queue("there", AWAY);
    const further = await queue("further", HOME);
    await bridge(AWAY).send(new CreateEventBusCommand({ Name: "peer" }));
    await bridge(HOME).send(new CreateEventBusCommand({ Name: "third" }));
    const busArn = (region: string, name: string) => `arn:aws:events:${region}:${ACCOUNT}:event-bus/${name}`;
    const pattern = { source: ["travel"] };
    await rule("out", pattern, { Arn: busArn(AWAY, "peer"), RoleArn: ROLE });
    await rule("in", pattern, { Arn: there.arn }, "peer", AWAY);
    await rule("on", pattern, { Arn: busArn(HOME, "third"), RoleArn: ROLE }, "peer", AWAY);
    await rule("end", pattern, { Arn: further.arn }, "third", HOME);
    await put("travel", { n: 1 }, { Time: new Date("2026-01-02T03:04:05Z"), Resources: ["arn:aws:x:::y"] });
    const { body } = await take(there);
    expect(body).to.deep.include({
      region: HOME,
      time: "2026-01-02T03:04:05Z",
      detail: { n: 1 },
      resources: ["arn:aws:x:::y"],
    });
    const { Messages } = await sandbox
      .client(SQSClient, HOME)
      .send(new ReceiveMessageCommand({ QueueUrl: further.url }));
    expect(Messages ?? []).to.deep.equal([]);
  });

  it("loses, doubles and delays the events it is asked to", async () => {
    const seen = await queue("seen");
    await rule("notifications", { "detail-type": ["EBS Snapshot Notification"] }, { Arn: seen.arn });
    const event = "createSnapshot";
    await sandbox.admin("POST", "faults", {
      events: [
        { event, mode: "lost", times: 1 },
        { event, mode: "late", millis: 500 },
        { event, mode: "doubled" },
      ],
    });
    const [lost, late] = [await snapshot(), await snapshot()];
    const [doubled, single] = [await snapshot(), await snapshot()];
    const ids: string[] = [];
    while (!ids.includes(String(late))) {
      const { body } = await take(seen);
      ids.push(String((body["detail"] as Record<string, unknown>)["snapshot_id"]).split("/")[1] ?? "");
    }
    expect(ids).to.deep.equal([doubled, doubled, single, late]);
    expect(ids).not.to.include(lost);
    expect(await sandbox.admin("GET", "faults")).to.deep.equal({ events: [], calls: [], endings: [] });
  });

  it("puts what cannot be delivered in the dead-letter queue, with the reason", async () => {
    const dead = await queue("dead");
    const lambda = sandbox.client(LambdaClient, HOME);
    const arn = await makeFunction(lambda, "closed", "exports.handler = async () => 1;");
    await rule("unpermitted", { source: ["closed"] }, { Arn: arn, DeadLetterConfig: { Arn: dead.arn } });
    await put("closed", { n: 2 });
    const refused = await take(dead);
    expect(refused.body).to.deep.include({ source: "closed", detail: { n: 2 } });
    expect(refused.attributes).to.include({ ERROR_CODE: "NO_PERMISSIONS", TARGET_ARN: arn });

    const gone = `arn:aws:sqs:${HOME}:${ACCOUNT}:gone`;
    await rule("nowhere", { source: ["nowhere"] }, { Arn: gone, DeadLetterConfig: { Arn: dead.arn } });
    await put("nowhere");
    expect((await take(dead)).attributes).to.include({ ERROR_CODE: "NO_RESOURCE", TARGET_ARN: gone });
  });

  it("sends to a queue only where its policy and that of its key let the rule in", async () => {
    const dead = await queue("dead-too");
    const ruleArn = (name: string) => `arn:aws:events:${HOME}:${ACCOUNT}:rule/${name}`;
    const key = (await sandbox.client(KMSClient, HOME).send(new CreateKeyCommand({}))).KeyMetadata?.KeyId ?? "";
    const closed = {
      other: await queue("other", HOME, {}, ruleArn("another")),
      silent: await queue("silent", HOME, { Policy: "" }),
      locked: await queue("locked", HOME, { KmsMasterKeyId: key }),
    };
    for (const [name, { arn }] of Object.entries(closed)) {
      await rule(name, { source: [name] }, { Arn: arn, DeadLetterConfig: { Arn: dead.arn } });
      await put(name);
      const { attributes } = await take(dead);
      expect(attributes, name).to.include({ ERROR_CODE: "NO_PERMISSIONS", TARGET_ARN: arn, RULE_ARN: ruleArn(name) });
    }
    const own = await queue("own", HOME, {}, ruleArn("own"));
    await rule("own", { source: ["own"] }, { Arn: own.arn });
    await put("own", { n: 3 });
    expect((await take(own)).body).to.deep.include({ detail: { n: 3 } });
  });

  it("invokes a permitted function again when it fails", async () => {
    const tried = await queue("tried");
    const lambda = sandbox.client(LambdaClient, HOME);
    const arn = await makeFunction(
      lambda,
      "second-try",
      await bundleLambda(`
        import { SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
        let tries = 0;
        export const handler = async () => {
          if (++tries < 2) throw new Error("not yet");
          await new SQSClient({}).send(new SendMessageCommand({ QueueUrl: "${tried.url}", MessageBody: String(tries) }));
        };`),
    );
    await permitEvents(lambda, "second-try");
    await rule("tries", { source: ["try"] }, { Arn: arn });
    await put("try");
    expect((await take(tried)).body).to.equal(2);
  });

  it("takes no event in the name of AWS", async () => {
    const { FailedEntryCount, Entries } = await put("aws.ec2");
    expect(FailedEntryCount).to.equal(1);
    expect(Entries?.[0]?.ErrorCode).to.equal("NotAuthorizedForSourceException");
  });

  it("refuses what would be ignored", async () => {
    const events = bridge();
    const fails = async (work: Promise<unknown>, message: RegExp) => {
      const error = await work.then(
        () => undefined,
        (caught: unknown) => caught,
      );
      expect(error).to.be.an("error").with.property("message").that.matches(message);
    };
    await fails(
      events.send(new PutRuleCommand({ Name: "clock", ScheduleExpression: "rate(1 minute)" })),
      /use EventBridge Scheduler/,
    );
    await fails(
      rule("far", { source: ["x"] }, { Arn: `arn:aws:lambda:${AWAY}:${ACCOUNT}:function:f` }),
      /only event buses/,
    );
    await fails(
      rule(
        "tasks",
        { source: ["x"] },
        { Arn: `arn:aws:sqs:${HOME}:${ACCOUNT}:q`, EcsParameters: { TaskDefinitionArn: "t" } },
      ),
      /EcsParameters/,
    );
    await fails(
      rule("machine", { source: ["x"] }, { Arn: `arn:aws:states:${HOME}:${ACCOUNT}:stateMachine:m` }),
      /RoleArn is required/,
    );
  });
});
