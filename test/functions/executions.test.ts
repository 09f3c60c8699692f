import { expect } from "chai";
import { executionsArn } from "../../functions/lib/env.js";
import { sfnExecutions } from "../../functions/survey/executions.js";

const ENDED = new Date("2026-11-21T05:00:00.000Z");
const at = ENDED.getTime();
const running = { name: "lsp-1-1", machine: "prod-primary-workflow-toy-cast", attempt: 1, startedAt: 0 };

describe("how an execution ended, as Step Functions tells", () => {
  const cases = [
    [{ status: "RUNNING" }, undefined],
    [{ status: "SUCCEEDED", stopDate: ENDED }, { at }],
    [
      { status: "FAILED", stopDate: ENDED, error: "NoWorker", cause: "none came" },
      { at, why: "its workflow FAILED: NoWorker: none came" },
    ],
    [
      { status: "ABORTED", stopDate: ENDED },
      { at, why: "its workflow ABORTED" },
    ],
  ] as const;
  for (const [answer, expected] of cases) {
    it(`says so of one that is ${answer.status}`, async () => {
      expect(await sfnExecutions(async () => answer).endOf(running)).to.deep.equal(expected);
    });
  }

  it("knows one that is not there from one that cannot be read", async () => {
    const failing = (name: string) =>
      sfnExecutions(() => Promise.reject(Object.assign(new Error("no"), { name }))).endOf(running);
    expect(await failing("ExecutionDoesNotExist")).to.equal("unknown");
    expect(await failing("ThrottlingException").catch((error: Error) => error.name)).to.equal("ThrottlingException");
  });

  it("is asked for under the stack's own partition, region and account", () => {
    const env = { deployment: "prod", role: "primary", region: "cn-north-1", account: "000000000000" } as const;
    const topicArn = "arn:aws-cn:sns:cn-north-1:000000000000:alerts";
    expect(executionsArn({ ...env, table: "t", bucket: "b", topicArn })).to.equal(
      "arn:aws-cn:states:cn-north-1:000000000000:execution",
    );
  });
});
