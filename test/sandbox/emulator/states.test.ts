import { LambdaClient, PutFunctionConcurrencyCommand } from "@aws-sdk/client-lambda";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { findUnsupported } from "../../../sandbox/gateway/guards/definition.js";
import { makeFunction } from "../../support/lambda.js";
import { eventually, HOME, ROLE, withSandbox } from "../../support/sandbox.js";

const INVOKE = "arn:aws:states:::lambda:invoke";
const machine = (state: Record<string, unknown>, more: Record<string, unknown> = {}) => ({
  StartAt: "Only",
  States: { Only: { ...state, End: true } },
  ...more,
});
const inline = { StartAt: "Item", States: { Item: { Type: "Pass", End: true } } };
const distributed = { ...inline, ProcessorConfig: { Mode: "DISTRIBUTED", ExecutionType: "STANDARD" } };

describe("a state machine's definition", () => {
  const task = { Type: "Task", Resource: INVOKE, Parameters: { FunctionName: "f" } };

  it("passes with all that is run", () => {
    const retry = {
      ErrorEquals: ["A"],
      IntervalSeconds: 1,
      MaxDelaySeconds: 2,
      JitterStrategy: "FULL",
      BackoffRate: 2,
    };
    const caught = { ErrorEquals: ["States.ALL"], Next: "Only", ResultPath: "$.error" };
    expect(findUnsupported(machine({ ...task, Retry: [retry], Catch: [caught], TimeoutSeconds: 5 }))).to.equal(
      undefined,
    );
    const reader = { Resource: "arn:aws:states:::s3:getObject", ReaderConfig: { InputType: "JSONL" }, Parameters: {} };
    const map = { Type: "Map", ItemProcessor: distributed, ItemReader: reader, ToleratedFailureCount: 1 };
    expect(findUnsupported(machine(map, { TimeoutSeconds: 60 }))).to.equal(undefined);
  });

  const refused: [string, Record<string, unknown>, string][] = [
    ["ItemBatcher", { Type: "Map", ItemProcessor: distributed, ItemBatcher: { MaxItemsPerBatch: 5 } }, "ItemBatcher"],
    ["ResultWriter", { Type: "Map", ItemProcessor: distributed, ResultWriter: {} }, "ResultWriter"],
    [
      "a tolerated failure of an inline Map",
      { Type: "Map", ItemProcessor: inline, ToleratedFailureCount: 1 },
      "Tolerated",
    ],
    ["a heartbeat", { ...task, HeartbeatSeconds: 5 }, "HeartbeatSeconds"],
    ["a time limit by path", { ...task, TimeoutSecondsPath: "$.t" }, "TimeoutSecondsPath"],
    ["tasks of EC2", { Type: "Task", Resource: "arn:aws:states:::aws-sdk:ec2:createSnapshot" }, "aws-sdk:ec2"],
    [
      "tasks of Scheduler",
      { Type: "Task", Resource: "arn:aws:states:::aws-sdk:scheduler:getSchedule" },
      "aws-sdk:scheduler",
    ],
    ["unknown integrations", { Type: "Task", Resource: "arn:aws:states:::http:invoke" }, "http:invoke"],
    [
      "JSONata in Parallel",
      { Type: "Parallel", QueryLanguage: "JSONata", Branches: [inline] },
      "Parallel with JSONata",
    ],
    [
      "JSONata in a distributed Map",
      { Type: "Map", QueryLanguage: "JSONata", ItemProcessor: distributed },
      "distributed Map",
    ],
    ["variables with JSONPath", { Type: "Pass", Assign: { a: 1 } }, "Assign"],
    [
      "MANIFEST",
      {
        Type: "Map",
        ItemProcessor: distributed,
        ItemReader: { ReaderConfig: { InputType: "MANIFEST" }, Resource: "arn:aws:states:::s3:getObject" },
      },
      "MANIFEST",
    ],
    ["states inside", { Type: "Parallel", Branches: [machine({ ...task, HeartbeatSeconds: 5 })] }, "HeartbeatSeconds"],
  ];
  for (const [what, state, named] of refused) {
    it(`is refused with ${what}`, () => expect(findUnsupported(machine(state))).to.contain(named));
  }
});

describe("state machines in the sandbox", () => {
  const sandbox = withSandbox();
  let states: SFNClient;
  before(() => {
    states = sandbox.client(SFNClient, HOME);
  });

  const create = (name: string, definition: unknown) =>
    states.send(new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn: ROLE }));
  const ended = (executionArn: string | undefined, within = 10_000) =>
    eventually(
      () => states.send(new DescribeExecutionCommand({ executionArn })),
      ({ status }) => status !== "RUNNING",
      { within, what: "the end" },
    );
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => undefined,
      (caught: unknown) => caught,
    );

  it("are checked when they are made and changed", async () => {
    expect(await failure(create("lost", { StartAt: "A", States: { A: { Type: "Pass", Next: "B" } } })))
      .to.be.an("error")
      .with.property("name", "InvalidDefinition");
    const { stateMachineArn } = await create("good", machine({ Type: "Pass" }));
    const definition = JSON.stringify(machine({ Type: "Map", ItemProcessor: distributed, ResultWriter: {} }));
    expect(await failure(states.send(new UpdateStateMachineCommand({ stateMachineArn, definition }))))
      .to.be.an("error")
      .with.property("message")
      .that.contains("ResultWriter");
  });

  it("time out, and what they wait for ends with them", async () => {
    const { stateMachineArn } = await create("slow", machine({ Type: "Wait", Seconds: 60 }, { TimeoutSeconds: 1 }));
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
    expect(await ended(executionArn)).to.include({ status: "TIMED_OUT", error: "States.Timeout" });
  });

  it("count with States.MathAdd", async () => {
    const state = { Type: "Pass", Parameters: { "round.$": "States.MathAdd($.round, 1)" } };
    const { stateMachineArn } = await create("counting", machine(state));
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn, input: '{"round":1}' }));
    const { output, status } = await ended(executionArn);
    expect({ output: JSON.parse(output ?? ""), status }).to.deep.equal({ output: { round: 2 }, status: "SUCCEEDED" });
  });

  it("return the running execution when it is started again alike", async () => {
    const { stateMachineArn } = await create("once", machine({ Type: "Wait", Seconds: 60 }));
    const start = (input: string) => states.send(new StartExecutionCommand({ stateMachineArn, name: "same", input }));
    const first = await start("{}");
    expect((await start("{}")).executionArn).to.equal(first.executionArn);
    expect(await failure(start('{"other":1}')))
      .to.be.an("error")
      .with.property("name", "ExecutionAlreadyExists");
    expect(await failure(states.send(new StartExecutionCommand({ stateMachineArn, name: "a:b" }))))
      .to.be.an("error")
      .with.property("name", "InvalidName");
  });

  it("fail a task whose result is too large", async () => {
    const name = "large";
    const arn = await makeFunction(
      sandbox.client(LambdaClient, HOME),
      name,
      "exports.handler = async () => 'x'.repeat(300000);",
    );
    const definition = machine({ Type: "Task", Resource: INVOKE, Parameters: { FunctionName: arn } });
    const { stateMachineArn } = await create(name, definition);
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
    expect(await ended(executionArn)).to.include({ status: "FAILED", error: "States.DataLimitExceeded" });
  });

  it("name a throttled function's error as AWS does", async () => {
    const lambda = sandbox.client(LambdaClient, HOME);
    const arn = await makeFunction(lambda, "throttled", "exports.handler = async () => 1;");
    await lambda.send(new PutFunctionConcurrencyCommand({ FunctionName: arn, ReservedConcurrentExecutions: 0 }));
    const definition = machine({ Type: "Task", Resource: INVOKE, Parameters: { FunctionName: arn } });
    const { stateMachineArn } = await create("throttled", definition);
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
    expect(await ended(executionArn)).to.include({ status: "FAILED", error: "Lambda.TooManyRequestsException" });
  });

  it("fail at once when the function that should call back throws", async () => {
    const name = "callback";
    const arn = await makeFunction(
      sandbox.client(LambdaClient, HOME),
      name,
      "exports.handler = async () => { throw new RangeError('no'); };",
    );
    const Parameters = { FunctionName: arn, Payload: { "token.$": "$$.Task.Token" } };
    const { stateMachineArn } = await create(
      name,
      machine({ Type: "Task", Resource: `${INVOKE}.waitForTaskToken`, Parameters, TimeoutSeconds: 60 }),
    );
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
    expect(await ended(executionArn)).to.include({ status: "FAILED", error: "RangeError" });
  });

  it("are gone after a reset, and their executions with them", async () => {
    const { stateMachineArn } = await create("forgotten", machine({ Type: "Wait", Seconds: 60 }));
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
    await sandbox.admin("POST", "reset");
    const gone = await failure(states.send(new DescribeExecutionCommand({ executionArn })));
    expect(gone).to.be.an("error").with.property("name", "ExecutionDoesNotExist");
    expect(await failure(states.send(new StartExecutionCommand({ stateMachineArn })))).to.be.an("error");
  });
});
