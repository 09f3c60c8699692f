import { spawnSync } from "node:child_process";
import { mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import path from "node:path";
import * as pulumi from "@pulumi/pulumi";
import { expect } from "chai";
import { CallbackLambda, type CallbackLambdaArgs } from "../../components/lambda/callback-lambda.js";
import { FUNCTIONS, type FunctionName } from "../../core/names/names.js";
import { grantsOf } from "../support/grants.js";
import { type Made, ofType, recordProgram } from "../support/pulumi-mocks.js";
import { options, site } from "../support/site.js";

/** The files of a function's archive and what is in them. */
async function archiveOf(stack: readonly Made[]): Promise<Map<string, string>> {
  const code: unknown = ofType(stack, "aws:lambda/function:Function")[0]?.inputs["code"];
  if (!(code instanceof pulumi.asset.AssetArchive)) throw new Error("the function's code is not an archive of assets");
  const entries = Object.entries(await code.assets);
  return new Map(await Promise.all(entries.map(async ([name, asset]) => [name, await textOf(asset)] as const)));
}

async function textOf(asset: unknown): Promise<string> {
  if (asset instanceof pulumi.asset.StringAsset) return asset.text;
  if (asset instanceof pulumi.asset.FileAsset) return readFile(await asset.path, "utf8");
  throw new Error("neither a text nor a file");
}

const lambda = (fn: FunctionName, more: Partial<CallbackLambdaArgs> = {}) =>
  recordProgram(
    () =>
      new CallbackLambda(
        "probe",
        { site: site(), fn, description: "Probe", statements: [], environment: {}, timeoutSeconds: 30, ...more },
        options(),
      ),
  );

const ENVIRONMENT = {
  AWS_REGION: "us-east-1",
  LOCKSTEP_DEPLOYMENT: "acme",
  LOCKSTEP_ROLE: "primary",
  LOCKSTEP_TABLE: "acme-primary-ledger",
  LOCKSTEP_BUCKET: "acme-primary-111122223333-us-east-1",
  LOCKSTEP_TOPIC_ARN: "arn:aws:sns:us-east-1:111122223333:acme-primary-alerts",
  LOCKSTEP_STATE_MACHINE_ARN: "arn:aws:states:us-east-1:111122223333:stateMachine:acme-primary-reconcile",
};

/** Loads the handler from the archive's files alone, as Lambda's nodejs22.x does: no require of ES modules. */
async function load(files: ReadonlyMap<string, string>): Promise<string> {
  const folder = await mkdtemp(path.join(tmpdir(), "lockstep-archive-"));
  try {
    for (const [name, text] of files) {
      await mkdir(path.dirname(path.join(folder, name)), { recursive: true });
      await writeFile(path.join(folder, name), text);
    }
    const program = 'process.stdout.write(typeof require("./__index.js").handler)';
    const run = spawnSync(process.execPath, ["--no-experimental-require-module", "-e", program], {
      cwd: folder,
      env: ENVIRONMENT,
      encoding: "utf8",
    });
    return run.stdout + run.stderr;
  } finally {
    await rm(folder, { recursive: true });
  }
}

describe("CallbackLambda", function () {
  this.timeout(300_000);

  for (const fn of FUNCTIONS) {
    it(`packs ${fn} and nothing else, and Lambda can load it`, async () => {
      const files = await archiveOf(await lambda(fn));
      expect([...files.keys()].toSorted()).to.deep.equal(["__index.js", `dist/functions/${fn}/handler.js`]);
      expect(files.get("__index.js")).to.have.length.below(1000);
      expect(await load(files)).to.equal("function");
    });
  }

  it("packs the same bytes each time, and no path of this machine", async () => {
    const [one, other] = [await archiveOf(await lambda("plan")), await archiveOf(await lambda("plan"))];
    expect([...one]).to.deep.equal([...other]);
    expect([...one.values()].filter((text) => text.includes(process.cwd()))).to.deep.equal([]);
  });

  it("may write its own log and nothing else by itself", async () => {
    const stack = await lambda("plan");
    const [logs] = ofType(stack, "aws:cloudwatch/logGroup:LogGroup");
    expect(logs?.inputs).to.include({ name: "/aws/lambda/acme-primary-plan", retentionInDays: 30 });
    expect(grantsOf(stack)).to.deep.equal([
      {
        role: "acme-primary-us-east-1-plan",
        actions: ["logs:CreateLogStream", "logs:PutLogEvents"],
        resources: ["arn:aws:mock:::LogGroup//aws/lambda/acme-primary-plan:*"],
        conditions: undefined,
      },
    ]);
    const [role] = ofType(stack, "aws:iam/role:Role");
    expect(JSON.parse(String(role?.inputs["assumeRolePolicy"])).Statement[0].Principal).to.deep.equal({
      Service: "lambda.amazonaws.com",
    });
    expect(ofType(stack, "aws:iam/rolePolicyAttachment:RolePolicyAttachment")).to.deep.equal([]);
  });

  it("reserves concurrency only when asked", async () => {
    const reserved = async (more: Partial<CallbackLambdaArgs>) =>
      ofType(await lambda("plan", more), "aws:lambda/function:Function")[0]?.inputs["reservedConcurrentExecutions"];
    expect(await reserved({})).to.equal(undefined);
    expect(await reserved({ reservedConcurrency: 1 })).to.equal(1);
  });
});
