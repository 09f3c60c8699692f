import { CloudWatchLogsClient, FilterLogEventsCommand } from "@aws-sdk/client-cloudwatch-logs";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, HeadObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateScheduleCommand, DeleteScheduleCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, ReceiveMessageCommand, SendMessageCommand, SQSClient } from "@aws-sdk/client-sqs";
import { expect } from "chai";
import type { MoveResult } from "../../../sandbox/control.js";
import { bundleLambda, makeFunction } from "../../support/lambda.js";
import { HOME, ROLE, withSandbox } from "../../support/sandbox.js";

const ACCOUNT = "000000000000";
const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;

describe("the sandbox's clock", () => {
  const sandbox = withSandbox();
  const at = <C>(type: Parameters<typeof sandbox.client<C>>[0]) => sandbox.client(type, HOME);

  // The admin API's own answers (clock/mover.ts).
  const move = async (to: string, replay = false) =>
    (await sandbox.admin("POST", "clock", { to, replay })) as MoveResult;
  const now = async () => Date.parse(((await sandbox.admin("GET", "clock")) as MoveResult).now);
  const isNow = async (time: number | undefined) => expect(((await now()) - (time ?? 0)) / 1000).to.be.within(-1, 60);

  const queue = async (name: string) => {
    const { QueueUrl } = await at(SQSClient).send(new CreateQueueCommand({ QueueName: name }));
    return { url: QueueUrl, arn: `arn:aws:sqs:${HOME}:${ACCOUNT}:${name}` };
  };
  /** What is in a queue, taken out of sight. */
  const bodies = async (url: string | undefined): Promise<string[]> => {
    const all: string[] = [];
    for (;;) {
      const { Messages = [] } = await at(SQSClient).send(
        new ReceiveMessageCommand({ QueueUrl: url, MaxNumberOfMessages: 10, VisibilityTimeout: 3600 }),
      );
      if (Messages.length === 0) return all;
      all.push(...Messages.map(({ Body = "" }) => Body));
    }
  };

  describe("for functions", () => {
    const code = `
      import { PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
      const s3 = new S3Client({ forcePathStyle: true });
      let calls = 0;
      exports.handler = async ({ key }, context) => {
        console.log("called at " + Date.now());
        if (key) await s3.send(new PutObjectCommand({ Bucket: "clock", Key: key, Body: "x" }));
        return { calls: ++calls, now: Date.now(), left: context.getRemainingTimeInMillis() };
      };`;
    interface Answer {
      readonly calls: number;
      readonly now: number;
      readonly left: number;
    }
    const ask = async (key?: string): Promise<Answer> => {
      const input = { FunctionName: "looks", Payload: JSON.stringify({ key }) };
      const { Payload, FunctionError } = await at(LambdaClient).send(new InvokeCommand(input));
      const text = Buffer.from(Payload ?? []).toString();
      if (FunctionError) throw new Error(text);
      return JSON.parse(text) as Answer;
    };
    const s3 = () =>
      new S3Client({
        region: HOME,
        endpoint: sandbox.info.endpoint,
        forcePathStyle: true,
        credentials: { accessKeyId: "test", secretAccessKey: "test" },
      });

    it("moves Date at once where the function is warm, and no limit of time", async () => {
      await makeFunction(at(LambdaClient), "looks", await bundleLambda(code));
      const before = await ask();
      await isNow(before.now);
      await move("+3d");
      const after = await ask();
      expect(after.calls, "the same worker").to.equal(2);
      expect(after.now - before.now).to.be.within(3 * DAY, 3 * DAY + MINUTE);
      await isNow(after.now);
      expect(after.left).to.be.within(1, 10_000);
    });

    it("lets its calls of AWS succeed, which date what they make by it", async () => {
      await s3().send(new CreateBucketCommand({ Bucket: "clock" }));
      expect((await ask("before")).calls).to.equal(3);
      await move("+3d");
      expect((await ask("after")).calls, "warm, with the clients it had").to.equal(4);
      const { LastModified } = await s3().send(new HeadObjectCommand({ Bucket: "clock", Key: "after" }));
      await isNow(LastModified?.getTime());
    });

    it("dates their logs", async () => {
      const { events = [] } = await at(CloudWatchLogsClient).send(
        new FilterLogEventsCommand({ logGroupName: "/aws/lambda/looks", filterPattern: "called" }),
      );
      expect(events).to.have.length(4);
      for (const { message = "", timestamp = 0 } of events)
        expect(timestamp - Number(message.split(" ").at(-1))).to.be.within(0, MINUTE);
      await isNow(events.at(-1)?.timestamp);
    });
  });

  describe("for schedules", () => {
    const schedule = (Name: string, ScheduleExpression: string, Arn: string, more: object = {}) =>
      at(SchedulerClient).send(
        new CreateScheduleCommand({
          Name,
          ScheduleExpression,
          FlexibleTimeWindow: { Mode: "OFF" },
          Target: { Arn, RoleArn: ROLE, Input: `${Name} <aws.scheduler.scheduled-time>` },
          ...more,
        }),
      );
    const seconds = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;
    const midnightAfter = (time: number) => (Math.floor(time / DAY) + 1) * DAY;
    let target: Awaited<ReturnType<typeof queue>>;
    let rate: number;
    let midnight: number;

    before(async () => {
      target = await queue("due");
      rate = Math.ceil((await now()) / 1000) * 1000 + HOUR;
      midnight = midnightAfter(rate);
      await schedule("rate", "rate(1 hour)", target.arn, { StartDate: new Date(rate) });
      await schedule("cron", "cron(0 0 * * ? *)", target.arn);
      await schedule("at", `at(${seconds(midnight + HOUR).slice(0, -1)})`, target.arn, {
        ActionAfterCompletion: "DELETE",
      });
      await schedule("off", "rate(1 minute)", target.arn, { State: "DISABLED" });
    });

    it("fires each that came due once in a jump, for its latest time", async () => {
      const { fired } = await move(seconds(midnight + 2 * DAY + 90 * MINUTE));
      const hours = Math.floor((midnight + 2 * DAY + 90 * MINUTE - rate) / HOUR);
      const expected = [
        `at ${seconds(midnight + HOUR)}`,
        `cron ${seconds(midnight + 2 * DAY)}`,
        `rate ${seconds(rate + hours * HOUR)}`,
      ];
      expect((await bodies(target.url)).sort()).to.deep.equal(expected);
      const told = fired.map(({ schedule: arn, at: time }) => `${arn.split("/").at(-1)} ${seconds(Date.parse(time))}`);
      expect(told.sort()).to.deep.equal(expected);
      midnight += 3 * DAY;
      rate += hours * HOUR;
    });

    it("fires each for all its times in a replay, in order, and dates by them what it sends", async () => {
      const { fired } = await move(seconds(midnight + DAY + 90 * MINUTE), true);
      const hours = Math.floor((midnight + DAY + 90 * MINUTE - rate) / HOUR);
      const expected = [
        ...Array.from({ length: hours }, (_, i) => ({ time: rate + (i + 1) * HOUR, name: "rate" })),
        { time: midnight, name: "cron" },
        { time: midnight + DAY, name: "cron" },
      ].sort((a, b) => a.time - b.time);
      const sent = await bodies(target.url);
      expect([...sent].sort()).to.deep.equal(expected.map(({ name, time }) => `${name} ${seconds(time)}`).sort());
      const times = sent.map((body) => Date.parse(body.split(" ").at(-1) ?? ""));
      expect(times).to.deep.equal(expected.map(({ time }) => time));
      expect(fired).to.have.length(sent.length);
      await at(SchedulerClient).send(new DeleteScheduleCommand({ Name: "rate" }));
      await at(SchedulerClient).send(new DeleteScheduleCommand({ Name: "cron" }));
    });
  });

  it("shows in the Date header of every answer", async () => {
    const sts = { authorization: "AWS4-HMAC-SHA256 Credential=test/20270101/eu-central-1/sts/aws4_request" };
    for (const headers of [sts, { authorization: sts.authorization.replace("sts", "ec2") }]) {
      const body = "Action=GetCallerIdentity&Version=2011-06-15";
      const form = { "content-type": "application/x-www-form-urlencoded" };
      const answer = await fetch(sandbox.info.endpoint, { method: "POST", headers: { ...headers, ...form }, body });
      await answer.text();
      await isNow(Date.parse(answer.headers.get("date") ?? ""));
    }
  });

  it("refuses what it cannot do, and says what it takes", async () => {
    const failure = (body: unknown) =>
      sandbox.admin("POST", "clock", body).then(String, (error: Error) => error.message);
    const before = (await sandbox.admin("GET", "clock")) as MoveResult;
    // Not this very moment: where the clock was never moved, a quick answer may come in the same millisecond.
    expect(await failure({ to: new Date(Date.now() - MINUTE).toISOString() })).to.contain("goes forward only");
    expect(await failure({ to: "soon" })).to.contain("+3d");
    expect(await failure({})).to.contain("to must be a span");
    expect(await failure({ to: "+1d", replay: 1 })).to.contain("replay must be true or false");
    expect(await failure({ to: "+1d", reply: true })).to.contain("clock has no reply");
    expect(await sandbox.admin("GET", "clock")).to.have.property("offsetMs", before.offsetMs);
  });

  it("goes back when the sandbox is reset", async () => {
    await sandbox.admin("POST", "reset");
    expect(await sandbox.admin("GET", "clock")).to.have.property("offsetMs", 0);
    await makeFunction(at(LambdaClient), "after", "exports.handler = async () => Date.now();");
    const { Payload } = await at(LambdaClient).send(new InvokeCommand({ FunctionName: "after" }));
    expect(Math.abs(Number(Buffer.from(Payload ?? []).toString()) - Date.now())).to.be.below(MINUTE);
    const { QueueUrl } = await at(SQSClient).send(new CreateQueueCommand({ QueueName: "after" }));
    await at(SQSClient).send(new SendMessageCommand({ QueueUrl, MessageBody: "1" }));
    const receive = new ReceiveMessageCommand({ QueueUrl, MessageSystemAttributeNames: ["SentTimestamp"] });
    const { Messages } = await at(SQSClient).send(receive);
    expect(Math.abs(Number(Messages?.[0]?.Attributes?.SentTimestamp) - Date.now())).to.be.below(MINUTE);
  });
});
