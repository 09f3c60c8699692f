import { expect } from "chai";
import { names } from "../../core/names/names.js";
import { deploy } from "../../stacks/deploy.js";
import { grantsOf } from "../support/grants.js";
import { ACCOUNT, KEY_ARN, type Made, ofType, recordProgram } from "../support/pulumi-mocks.js";
import { drConfig, primaryConfig } from "../support/stack-configs.js";

interface Statement {
  readonly Effect: string;
  readonly Principal?: string | Readonly<Record<string, string | readonly string[]>>;
  readonly Action: string | readonly string[];
  readonly Condition?: Readonly<Record<string, unknown>>;
}

/** All that a stack is made of: a new kind of resource is looked at by a person before it comes in here. */
const KNOWN = [
  "cloudwatch/dashboard:Dashboard",
  "cloudwatch/eventBus:EventBus",
  "cloudwatch/eventRule:EventRule",
  "cloudwatch/eventTarget:EventTarget",
  "cloudwatch/logGroup:LogGroup",
  "cloudwatch/metricAlarm:MetricAlarm",
  "dynamodb/table:Table",
  "iam/role:Role",
  "iam/rolePolicy:RolePolicy",
  "kms/alias:Alias",
  "kms/key:Key",
  "lambda/eventSourceMapping:EventSourceMapping",
  "lambda/function:Function",
  "s3/bucket:Bucket",
  "s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration",
  "s3/bucketObjectv2:BucketObjectv2",
  "s3/bucketPolicy:BucketPolicy",
  "s3/bucketPublicAccessBlock:BucketPublicAccessBlock",
  "s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration",
  "s3/bucketVersioning:BucketVersioning",
  "scheduler/schedule:Schedule",
  "sfn/stateMachine:StateMachine",
  "sns/topic:Topic",
  "sqs/queue:Queue",
];

/** The statements of every resource policy: of keys, topics, queues and buckets. */
const resourcePolicies = (stack: readonly Made[]) =>
  stack
    .filter(({ type, inputs }) => type !== "aws:iam/rolePolicy:RolePolicy" && typeof inputs["policy"] === "string")
    .flatMap(({ name, inputs }) => {
      // Written by our components, which write every part of it; a part that is missing fails where it is used.
      const { Statement } = JSON.parse(String(inputs["policy"])) as { Statement: readonly Statement[] };
      return Statement.map((statement) => ({ name, ...statement }));
    });

const modeOf = ({ tracingConfig }: Made["inputs"]): unknown =>
  typeof tracingConfig === "object" && tracingConfig !== null && "mode" in tracingConfig && tracingConfig.mode;

for (const { role, region, config } of [
  { role: "primary" as const, region: "us-east-1", config: primaryConfig() },
  { role: "dr" as const, region: "us-west-2", config: drConfig() },
]) {
  describe(`the ${role} stack, hardened`, function () {
    this.timeout(300_000);
    let stack: readonly Made[] = [];
    before(async () => {
      stack = await recordProgram(() => deploy(config));
    });
    const all = (type: string) => ofType(stack, `aws:${type}`);

    it("is made of known kinds of resources", () => {
      const kinds = stack.filter(({ type }) => type.startsWith("aws:")).map(({ type }) => type.slice("aws:".length));
      expect([...new Set(kinds)].toSorted()).to.deep.equal(KNOWN);
    });

    it("lets in nobody from outside", () => {
      const statements = resourcePolicies(stack);
      expect(new Set(statements.map(({ name }) => name)).size, "key, topic, both queues and bucket").to.equal(5);
      const open = statements.filter(
        ({ Effect, Principal }) =>
          Effect === "Allow" && (Principal === undefined || JSON.stringify(Principal).includes('"*"')),
      );
      expect(open).to.deep.equal([]);
      const n = names("acme", role);
      const rules = [n.eventRule("ebs"), `${n.peerBus}/${n.peerRule("ebs")}`].map(
        (rule) => `arn:aws:events:${region}:${ACCOUNT}:rule/${rule}`,
      );
      const senders = statements.filter(({ name, Effect }) => name === "batches-queue" && Effect === "Allow");
      expect(senders.map(({ Principal, Action, Condition }) => ({ Principal, Action, Condition }))).to.deep.equal([
        {
          Principal: { Service: "events.amazonaws.com" },
          Action: "sqs:SendMessage",
          Condition: { ArnEquals: { "aws:SourceArn": rules } },
        },
      ]);
      const [access] = all("s3/bucketPublicAccessBlock:BucketPublicAccessBlock");
      const { blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets } = access?.inputs ?? {};
      expect([blockPublicAcls, blockPublicPolicy, ignorePublicAcls, restrictPublicBuckets]).to.deep.equal(
        Array(4).fill(true),
      );
    });

    it("turns away who comes without TLS", () => {
      const denied = resourcePolicies(stack).filter(({ Effect }) => Effect === "Deny");
      expect(denied.map(({ name }) => name).toSorted()).to.deep.equal([
        "alerts-topic",
        "batches-queue",
        "dead-letters-queue",
        "ledger-policy",
      ]);
      for (const { Condition, Principal } of denied) {
        expect(Condition).to.deep.equal({ Bool: { "aws:SecureTransport": "false" } });
        expect(Principal).to.equal("*");
      }
    });

    it("encrypts what people are told and what was not delivered with its own key, which its writers may use", () => {
      expect(all("sns/topic:Topic")[0]?.inputs["kmsMasterKeyId"]).to.equal(KEY_ARN);
      const queues = all("sqs/queue:Queue");
      expect(queues.map(({ inputs }) => inputs["kmsMasterKeyId"])).to.deep.equal([KEY_ARN, KEY_ARN]);
      expect(all("kms/key:Key")).to.have.length(1);
      const services = resourcePolicies(stack).find(({ name, Sid }: { name: string; Sid?: string }) =>
        name === "encryption-key" ? Sid === "Services" : false,
      );
      expect(services?.Principal).to.deep.equal({ Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] });
      expect(services?.Condition, "services that send no source would be shut out").to.equal(undefined);
      const users = grantsOf(stack).filter(({ resources }) => resources.includes(KEY_ARN));
      const n = names("acme", role);
      expect(users.map(({ role: name }) => name).toSorted()).to.deep.equal(
        ["record", "schedules", "trigger"].map((duty) => n.iamRole(region, duty)),
      );
      for (const { actions } of users) expect(actions).to.deep.equal(["kms:Decrypt", "kms:GenerateDataKey"]);
    });

    it("loses nothing that is on its way to the trigger", () => {
      const queue = `arn:aws:mock:::Queue/${names("acme", role).deadLetters}`;
      for (const { name, inputs } of all("cloudwatch/eventTarget:EventTarget")) {
        expect(inputs["deadLetterConfig"], name).to.deep.equal({ arn: queue });
      }
      for (const { name, inputs } of all("scheduler/schedule:Schedule")) {
        expect(inputs["target"], name).to.deep.include({ deadLetterConfig: { arn: queue } });
      }
      const [gathered] = all("sqs/queue:Queue").filter(({ name }) => name === "batches-queue");
      const redrive: unknown = JSON.parse(String(gathered?.inputs["redrivePolicy"]));
      expect(redrive).to.deep.equal({ deadLetterTargetArn: queue, maxReceiveCount: 5 });
      const letters = all("lambda/function:Function").filter(({ inputs }) => inputs["deadLetterConfig"] !== undefined);
      expect(letters.map(({ name }) => name)).to.deep.equal(["controller-trigger-function"]);
      expect(letters[0]?.inputs["deadLetterConfig"]).to.deep.equal({ targetArn: queue });
      const writers = grantsOf(stack).filter(({ actions }) => actions.includes("sqs:SendMessage"));
      expect(writers.map(({ resources }) => resources)).to.deep.equal([[queue], [queue]]);
    });

    it("gathers events for the trigger as AWS's guide advises, and lets its role take them and no more", () => {
      const n = names("acme", role);
      const [mapping] = all("lambda/eventSourceMapping:EventSourceMapping");
      expect(mapping?.inputs).to.deep.include({
        eventSourceArn: `arn:aws:mock:::Queue/${n.events}`,
        functionName: `arn:aws:mock:::Function/${n.lambda("trigger")}`,
        batchSize: 1000,
        maximumBatchingWindowInSeconds: 20,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: 2 },
      });
      const [queue] = all("sqs/queue:Queue").filter(({ inputs }) => inputs["name"] === n.events);
      const [trigger] = all("lambda/function:Function").filter(({ inputs }) => inputs["name"] === n.lambda("trigger"));
      expect(queue?.inputs["visibilityTimeoutSeconds"]).to.equal(6 * Number(trigger?.inputs["timeout"]) + 20);
      const takers = grantsOf(stack).filter(({ resources }) => String(resources[0]).endsWith(`:${n.events}`));
      expect(takers.map(({ role: name, actions, resources }) => [name, actions, resources])).to.deep.equal([
        [
          n.iamRole(region, "trigger"),
          ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
          [`arn:aws:sqs:${region}:${ACCOUNT}:${n.events}`],
        ],
      ]);
    });

    it("tells X-Ray of runs when asked to, with a right that it has not otherwise", async () => {
      const traced = await recordProgram(() => deploy({ ...config, "lockstep:tracing": "true" }));
      const seen = (made: readonly Made[]) => ({
        functions: new Set(ofType(made, "aws:lambda/function:Function").map(({ inputs }) => modeOf(inputs))),
        machines: ofType(made, "aws:sfn/stateMachine:StateMachine").map(({ inputs }) => inputs["tracingConfiguration"]),
        writers: grantsOf(made).filter(({ actions }) => actions.some((action) => action.startsWith("xray:"))).length,
      });
      const functions = all("lambda/function:Function").length;
      expect(seen(traced)).to.deep.equal({
        functions: new Set(["Active"]),
        machines: [{ enabled: true }],
        writers: functions + 1,
      });
      expect(seen(stack)).to.deep.equal({
        functions: new Set(["PassThrough"]),
        machines: [{ enabled: false }],
        writers: 0,
      });
    });

    it("keeps logs as long as the config says, each function's in a group of its own", () => {
      const groups = all("cloudwatch/logGroup:LogGroup");
      expect(groups.map(({ inputs }) => inputs["retentionInDays"])).to.deep.equal(groups.map(() => 30));
      const logged = groups.map(({ inputs }) => String(inputs["name"]));
      for (const { inputs } of all("lambda/function:Function")) {
        expect(logged).to.include(`/aws/lambda/${String(inputs["name"])}`);
      }
    });
  });
}
