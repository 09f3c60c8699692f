import { spawnSync } from "node:child_process";
import { mkdirSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "chai";
import { makeFunction } from "../../support/lambda.js";
import { eventually, HOME, ROLE, withSandbox } from "../../support/sandbox.js";

describe("functions in the sandbox", () => {
  const sandbox = withSandbox();
  let lambda: LambdaClient;
  let states: SFNClient;

  before(() => {
    lambda = sandbox.client(LambdaClient, HOME);
    states = sandbox.client(SFNClient, HOME);
  });

  const invoke = async (name: string, payload: unknown = {}) => {
    const answer = await lambda.send(new InvokeCommand({ FunctionName: name, Payload: JSON.stringify(payload) }));
    return {
      failed: answer.FunctionError,
      body: JSON.parse(Buffer.from(answer.Payload ?? "null").toString()) as unknown,
    };
  };

  const run = async (name: string, definition: unknown, input: unknown = {}) => {
    const { stateMachineArn } = await states.send(
      new CreateStateMachineCommand({ name, definition: JSON.stringify(definition), roleArn: ROLE }),
    );
    const { executionArn } = await states.send(
      new StartExecutionCommand({ stateMachineArn, input: JSON.stringify(input) }),
    );
    return await eventually(
      () => states.send(new DescribeExecutionCommand({ executionArn })),
      ({ status }) => status !== "RUNNING",
      { what: `the end of ${name}` },
    );
  };

  it("report the error's own name and go on warm", async () => {
    await makeFunction(
      lambda,
      "thrower",
      `let calls = 0;
       class MyError extends Error { constructor(m) { super(m); this.name = "MyError"; } }
       exports.handler = async (event) => { calls++; if (event.fail) throw new MyError("no"); return calls; };`,
    );
    const failed = await invoke("thrower", { fail: true });
    expect(failed.failed).to.equal("Unhandled");
    expect(failed.body).to.include({ errorType: "MyError", errorMessage: "no" });
    expect(failed.body).to.have.property("trace").that.is.an("array").with.property("0", "MyError: no");
    expect((await invoke("thrower")).body, "the same worker").to.equal(2);
  });

  it("find no package that is not in their archive", async () => {
    const above = join(sandbox.info.stateDir, "node_modules", "above");
    mkdirSync(above, { recursive: true });
    writeFileSync(join(above, "index.js"), "");
    await makeFunction(lambda, "borrower", 'exports.handler = async () => { require("above"); };');
    const { body } = await invoke("borrower");
    expect(body).to.include({ errorType: "Error", errorMessage: "Cannot find module 'above'" });
  });

  it("report what is thrown without being an error, and an exit", async () => {
    await makeFunction(
      lambda,
      "odd",
      "exports.handler = async ({ exit }) => { if (exit) process.exit(1); throw 'a string'; };",
    );
    expect((await invoke("odd")).body).to.include({ errorType: "string", errorMessage: "a string" });
    expect((await invoke("odd", { exit: true })).body).to.have.property("errorType", "Runtime.ExitError");
  });

  it("let state machines retry and catch by that name", async () => {
    const arn = await makeFunction(
      lambda,
      "flaky",
      `const seen = {};
       class Throttled extends Error { constructor() { super("later"); this.name = "Throttled"; } }
       class Broken extends Error { constructor() { super("never"); this.name = "Broken"; } }
       exports.handler = async ({ id, fail }) => {
         seen[id] = (seen[id] ?? 0) + 1;
         if (fail) throw new Broken();
         if (seen[id] < 3) throw new Throttled();
         return seen[id];
       };`,
    );
    const definition = {
      StartAt: "Work",
      States: {
        Work: {
          Type: "Task",
          Resource: "arn:aws:states:::lambda:invoke",
          Parameters: { FunctionName: arn, "Payload.$": "$" },
          ResultSelector: { "calls.$": "$.Payload" },
          Retry: [
            {
              ErrorEquals: ["Throttled"],
              IntervalSeconds: 1,
              BackoffRate: 10,
              MaxDelaySeconds: 1,
              MaxAttempts: 3,
              JitterStrategy: "FULL",
            },
          ],
          Catch: [{ ErrorEquals: ["Broken"], Next: "Caught" }],
          End: true,
        },
        Caught: { Type: "Pass", Result: "caught", End: true },
      },
    };
    expect((await run("retries", definition, { id: 1 })).output).to.equal('{"calls": 3}');
    expect((await run("catches", definition, { id: 2, fail: true })).output).to.equal('"caught"');
  });
});

describe("the mends of the emulator", () => {
  it("end the start when what they replace has changed", () => {
    const folder = join(__dirname, "../../../sandbox/emulator");
    const script = `import sys; sys.path.insert(0, ${JSON.stringify(folder)}); import mend; mend.expect(mend, "expect", "0")`;
    const env = { ...process.env, PYTHONDONTWRITEBYTECODE: "1" };
    const run = spawnSync(process.env["LOCKSTEP_PYTHON"] ?? "", ["-c", script], { encoding: "utf8", env });
    expect(run.status).to.equal(1);
    expect(run.stderr).to.match(/mend.expect has changed .* review its mend/);
  });
});
