import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  ListSchedulesCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { CreateStateMachineCommand, ListExecutionsCommand, SFNClient } from "@aws-sdk/client-sfn";
import { CreateQueueCommand, ReceiveMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import { makeFunction } from "../../support/lambda.js";
import { eventually, HOME, ROLE, withSandbox } from "../../support/sandbox.js";

const ACCOUNT = "000000000000";

describe("Scheduler in the sandbox", () => {
  const sandbox = withSandbox();
  let scheduler: SchedulerClient;
  let sqs: SQSClient;
  before(() => {
    scheduler = sandbox.client(SchedulerClient, HOME);
    sqs = sandbox.client(SQSClient, HOME);
  });

  const input = (Name: string, more: Partial<CreateScheduleCommandInput> = {}): CreateScheduleCommandInput => ({
    Name,
    ScheduleExpression: "cron(0 3 * * ? *)",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: { Arn: `arn:aws:sqs:${HOME}:${ACCOUNT}:nowhere`, RoleArn: ROLE },
    ...more,
  });
  const create = (name: string, more: Partial<CreateScheduleCommandInput> = {}) =>
    scheduler.send(new CreateScheduleCommand(input(name, more)));
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => ({ name: "none", message: "" }),
      // What the SDK throws is an Error.
      (caught: Error) => ({ name: caught.name, message: caught.message }),
    );
  const queue = async (name: string) => {
    const { QueueUrl } = await sqs.send(new CreateQueueCommand({ QueueName: name }));
    return { url: QueueUrl, arn: `arn:aws:sqs:${HOME}:${ACCOUNT}:${name}` };
  };
  const message = async (url: string | undefined) => {
    const receive = new ReceiveMessageCommand({ QueueUrl: url, MessageAttributeNames: ["All"] });
    const { Messages } = await eventually(
      () => sqs.send(receive),
      (answer) => (answer.Messages ?? []).length > 0,
      { what: "a message" },
    );
    return Messages?.[0];
  };
  /** A local time a moment from now, in New York. */
  const soon = () => {
    const parts = new Intl.DateTimeFormat("sv-SE", {
      dateStyle: "short",
      timeStyle: "medium",
      timeZone: "America/New_York",
    });
    return { text: parts.format(Date.now() + 2000).replace(" ", "T"), zone: "America/New_York" };
  };

  it("fires a rate at once and fills in the context", async () => {
    const { url, arn } = await queue("rates");
    const Input =
      '{"at":"<aws.scheduler.scheduled-time>","arn":"<aws.scheduler.schedule-arn>","try":<aws.scheduler.attempt-number>}';
    await create("rate", { ScheduleExpression: "rate(1 hour)", Target: { Arn: arn, RoleArn: ROLE, Input } });
    const body = JSON.parse((await message(url))?.Body ?? "") as Record<string, unknown>;
    expect(body).to.include({ arn: `arn:aws:scheduler:${HOME}:${ACCOUNT}:schedule/default/rate`, try: 1 });
    expect(body["at"]).to.match(/^\d{4}-\d\d-\d\dT\d\d:\d\d:\d\dZ$/);
    expect(Date.now() - Date.parse(String(body["at"]))).to.be.within(0, 10_000);
  });

  it("fires once in its time zone, and goes when it should", async () => {
    const { url, arn } = await queue("once");
    const { text, zone } = soon();
    await create("once", {
      ScheduleExpression: `at(${text})`,
      ScheduleExpressionTimezone: zone,
      ActionAfterCompletion: "DELETE",
      Target: { Arn: arn, RoleArn: ROLE, Input: "now" },
    });
    expect((await message(url))?.Body).to.equal("now");
    expect((await failure(scheduler.send(new GetScheduleCommand({ Name: "once" })))).name).to.equal(
      "ResourceNotFoundException",
    );
  });

  it("starts state machines and invokes functions", async () => {
    const states = sandbox.client(SFNClient, HOME);
    const lambda = sandbox.client(LambdaClient, HOME);
    const definition = JSON.stringify({ StartAt: "A", States: { A: { Type: "Pass", End: true } } });
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({ name: "ticked", definition, roleArn: ROLE }),
    );
    const fn = await makeFunction(
      lambda,
      "ticked",
      "let seen = []; exports.handler = async (e) => { if (e.n) seen.push(e.n); return seen; };",
    );
    const target = (Arn = "") => ({ Arn, RoleArn: ROLE, Input: '{"n":7}' });
    await create("machine", { ScheduleExpression: "rate(1 day)", Target: target(stateMachineArn) });
    await create("function", { ScheduleExpression: "rate(1 day)", Target: target(fn) });
    await eventually(
      () => states.send(new ListExecutionsCommand({ stateMachineArn })),
      ({ executions }) => executions?.[0]?.status === "SUCCEEDED",
      { what: "the execution" },
    );
    await eventually(
      async () =>
        Buffer.from((await lambda.send(new InvokeCommand({ FunctionName: "ticked" }))).Payload ?? "").toString(),
      (seen) => seen === "[7]",
      { what: "the invocation" },
    );
    const calls = await sandbox.admin("GET", "calls");
    expect(calls).to.deep.include({
      service: "states",
      action: "StartExecution",
      region: HOME,
      caller: "scheduler",
      count: 1,
    });
  });

  it("puts what cannot be delivered in the dead-letter queue", async () => {
    const dead = await queue("dead");
    const Arn = `arn:aws:lambda:${HOME}:${ACCOUNT}:function:missing`;
    await create("misses", {
      ScheduleExpression: "rate(1 day)",
      Target: { Arn, RoleArn: ROLE, Input: '{"a":1}', DeadLetterConfig: { Arn: dead.arn } },
    });
    const letter = await message(dead.url);
    expect(letter?.Body).to.equal('{"a":1}');
    expect(letter?.MessageAttributes?.["ERROR_CODE"]?.StringValue).to.equal("ResourceNotFoundException");
    expect(letter?.MessageAttributes?.["TARGET_ARN"]?.StringValue).to.equal(Arn);
  });

  it("comes again when its invocations fail on the way, and gives up when that lasts", async () => {
    const wish = (calls: object) => sandbox.admin("POST", "faults", { calls });
    const by = { service: "sqs", caller: "scheduler", times: 1 };
    await wish([
      { ...by, mode: "throttle" },
      { ...by, mode: "unreachable" },
    ]);
    const target = await queue("comes-again");
    const daily = { ScheduleExpression: "rate(1 day)" };
    await create("comes-again", { ...daily, Target: { Arn: target.arn, RoleArn: ROLE, Input: "third time" } });
    expect((await message(target.url))?.Body).to.equal("third time");
    expect(await sandbox.admin("GET", "faults")).to.deep.include({ calls: [] });
    await wish([{ mode: "throttle", service: "states", caller: "scheduler" }]);
    const dead = await queue("gives-up");
    const Arn = `arn:aws:states:${HOME}:${ACCOUNT}:stateMachine:any`;
    const policy = { DeadLetterConfig: { Arn: dead.arn }, RetryPolicy: { MaximumRetryAttempts: 1 } };
    await create("gives-up", { ...daily, Target: { Arn, RoleArn: ROLE, Input: "{}", ...policy } });
    const said = (await message(dead.url))?.MessageAttributes;
    expect(said?.["ERROR_CODE"]?.StringValue).to.equal("ThrottlingException");
    expect(said?.["RETRY_ATTEMPTS"]?.StringValue).to.equal("1");
    expect(said?.["EXHAUSTED_RETRY_CONDITION"]?.StringValue).to.equal("MaximumRetryAttempts");
    await sandbox.admin("DELETE", "faults");
  });

  it("keeps, changes, lists and deletes schedules", async () => {
    await scheduler.send(new CreateScheduleGroupCommand({ Name: "g", Tags: [{ Key: "a", Value: "1" }] }));
    const EndDate = new Date("2100-01-01T00:00:00Z");
    for (const name of ["s1", "s2", "s3"]) await create(name, { GroupName: "g", EndDate, Description: name });
    expect((await failure(create("s1", { GroupName: "g" }))).name).to.equal("ConflictException");
    const got = await scheduler.send(new GetScheduleCommand({ Name: "s1", GroupName: "g" }));
    expect(got).to.deep.include({ State: "ENABLED", ScheduleExpressionTimezone: "UTC", Description: "s1", EndDate });
    expect(got.Target?.RetryPolicy).to.deep.equal({ MaximumEventAgeInSeconds: 86_400, MaximumRetryAttempts: 185 });

    await scheduler.send(new UpdateScheduleCommand(input("s1", { GroupName: "g", State: "DISABLED" })));
    const changed = await scheduler.send(new GetScheduleCommand({ Name: "s1", GroupName: "g" }));
    expect([changed.State, changed.Description, changed.CreationDate]).to.deep.equal([
      "DISABLED",
      undefined,
      got.CreationDate,
    ]);

    const first = await scheduler.send(new ListSchedulesCommand({ GroupName: "g", MaxResults: 2 }));
    const rest = await scheduler.send(new ListSchedulesCommand({ GroupName: "g", NextToken: first.NextToken }));
    expect([first, rest].map(({ Schedules }) => Schedules?.map(({ Name }) => Name))).to.deep.equal([
      ["s1", "s2"],
      ["s3"],
    ]);

    await scheduler.send(new DeleteScheduleCommand({ Name: "s2", GroupName: "g" }));
    const ResourceArn = `arn:aws:scheduler:${HOME}:${ACCOUNT}:schedule-group/g`;
    await scheduler.send(new TagResourceCommand({ ResourceArn, Tags: [{ Key: "b", Value: "2" }] }));
    expect((await scheduler.send(new ListTagsForResourceCommand({ ResourceArn }))).Tags).to.deep.equal([
      { Key: "a", Value: "1" },
      { Key: "b", Value: "2" },
    ]);
    await scheduler.send(new DeleteScheduleGroupCommand({ Name: "g" }));
    const gone = await failure(scheduler.send(new GetScheduleCommand({ Name: "s1", GroupName: "g" })));
    expect(gone.name).to.equal("ResourceNotFoundException");
  });

  it("refuses what it does not do", async () => {
    const target = { Arn: `arn:aws:sqs:${HOME}:${ACCOUNT}:q`, RoleArn: ROLE };
    const cases: [Partial<CreateScheduleCommandInput>, string, RegExp][] = [
      [{ ScheduleExpression: "soon" }, "ValidationException", /Invalid Schedule Expression soon/],
      [{ FlexibleTimeWindow: { Mode: "FLEXIBLE", MaximumWindowInMinutes: 5 } }, "ValidationException", /FLEXIBLE/],
      [
        { Target: { ...target, KinesisParameters: { PartitionKey: "k" } } },
        "ValidationException",
        /Target.KinesisParameters/,
      ],
      [
        { Target: { ...target, Arn: "arn:aws:scheduler:::aws-sdk:ec2:createSnapshot" } },
        "ValidationException",
        /aws-sdk:ec2/,
      ],
      [
        { Target: { ...target, Arn: `arn:aws:lambda:${HOME}:${ACCOUNT}:function:f`, Input: "no" } },
        "ValidationException",
        /JSON/,
      ],
      [{ GroupName: "missing" }, "ResourceNotFoundException", /group missing/],
      [{ StartDate: new Date(0) }, "ValidationException", /StartDate/],
    ];
    for (const [more, name, pattern] of cases) {
      const error = await failure(create("refused", more));
      expect(error.name, JSON.stringify(more)).to.equal(name);
      expect(error.message).to.match(pattern);
    }
  });
});
