import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, readFile, rm, symlink, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { DynamoDBClient, QueryCommand } from "@aws-sdk/client-dynamodb";
import { DescribeSnapshotsCommand, EC2Client, RunInstancesCommand } from "@aws-sdk/client-ec2";
import { IAMClient, ListPoliciesCommand } from "@aws-sdk/client-iam";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { AssumeRoleCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { names } from "../../core/names/names.js";
import { DEPLOYMENT, DR, Harness, PRIMARY, PROJECT, until } from "../e2e/harness.js";
import { listen } from "../e2e/mailbox.js";

const run = promisify(execFile);

/** What a copy of the project does not need: it is large, not tracked, or somebody's state. */
const LEFT_OUT = new Set(["node_modules", ".git", ".lockstep", "dist"]);

/** The programs that the page names, as they are here; `-a` keeps what one block sets for the next ones. */
const PRELUDE = `
set -eua
npm() { shift 3; node --import tsx automation/main.ts "$@"; }
aws() { "$LOCKSTEP_OUTSIDE_PYTHON" -m awscli "$@"; }
[ -f .set ] && . ./.set
`;

/** The tests follow the page from its top. */
describe("docs/deploy-to-aws.md, typed into the sandbox", function () {
  this.timeout(1_200_000);
  this.bail(true);
  let t: Harness;
  let folder: string;
  let blocks: string[];
  let deployer: Readonly<Record<string, string>>;

  before(async () => {
    t = await Harness.start();
    folder = await mkdtemp(join(tmpdir(), "lockstep-page-"));
    for (const name of await readdir(PROJECT)) {
      if (!LEFT_OUT.has(name)) await cp(join(PROJECT, name), join(folder, name), { recursive: true });
    }
    // The stand-in resolves relative paths of packages in the checkout that the sandbox was started from.
    await mkdir(join(PROJECT, "dist"), { recursive: true });
    for (const name of ["node_modules", "dist"]) await symlink(join(PROJECT, name), join(folder, name));
    const role = { RoleArn: "arn:aws:iam::000000000000:role/deployer", RoleSessionName: "page" };
    const { Credentials } = await t.client(STSClient, PRIMARY).send(new AssumeRoleCommand(role));
    deployer = {
      AWS_ACCESS_KEY_ID: Credentials?.AccessKeyId ?? "",
      AWS_SECRET_ACCESS_KEY: Credentials?.SecretAccessKey ?? "",
      AWS_SESSION_TOKEN: Credentials?.SessionToken ?? "",
    };
    const page = await readFile(join(PROJECT, "docs", "deploy-to-aws.md"), "utf8");
    blocks = [...page.matchAll(/^```sh\n([\s\S]*?)\n```$/gm)].flatMap(([, text]) => text ?? []);
  });
  after(async () => {
    await t?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** A role's credentials, and the endpoint: where state and secrets are is the page's business. */
  const environment = (): NodeJS.ProcessEnv => {
    const { PULUMI_BACKEND_URL: _url, PULUMI_CONFIG_PASSPHRASE: _passphrase, ...variables } = t.variables;
    const home = { PULUMI_HOME: join(folder, ".home"), AWS_CONFIG_FILE: "/dev/null", AWS_DEFAULT_REGION: PRIMARY };
    return { ...process.env, ...variables, ...home, ...deployer };
  };

  const shell = async (script: string): Promise<string> => {
    const text = `${PRELUDE}\n${script}\nexport -p | grep -E ' (key|PULUMI_BACKEND_URL)=' > .set || true\n`;
    const options = { cwd: folder, env: environment(), maxBuffer: 64 * 1024 * 1024 };
    const { stdout, stderr } = await run("bash", ["-c", text], options).catch(
      (error: Error & { stdout?: string; stderr?: string }) => {
        throw new Error(`${script}\n${error.stdout}\n${error.stderr}`);
      },
    );
    return stdout + stderr;
  };

  /** Types the next block; nobody is there to be asked. */
  const typeNext = (): Promise<string> => {
    const block = blocks.shift();
    if (block === undefined) throw new Error("the page has no more commands");
    return shell(
      block
        .replaceAll("111122223333", "000000000000")
        .replaceAll(/^(npm run lockstep -- (?:up|down).*)$/gm, "$1 --yes"),
    );
  };

  const edit = async (file: string, change: (text: string) => string) => {
    const path = join(folder, file);
    await writeFile(path, change(await readFile(path, "utf8")));
  };
  const inStacks = async (change: (text: string) => string) => {
    for (const file of ["Pulumi.primary.yaml", "Pulumi.dr.yaml"]) await edit(file, change);
  };

  const snapshots = async (region: string): Promise<number> => {
    const answer = await t.client(EC2Client, region).send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    return answer.Snapshots?.length ?? 0;
  };

  it("1: makes the policies", async () => {
    await typeNext();
    const { Policies } = await t.client(IAMClient, PRIMARY).send(new ListPoliciesCommand({ Scope: "Local" }));
    expect((Policies ?? []).map(({ PolicyName }) => PolicyName)).to.include.members(["lockstep-1", "lockstep-2"]);
  });

  it("2 and 3: keeps state and key in the DR region, and the doctor agrees", async () => {
    await typeNext();
    await inStacks(
      (text) => `secretsprovider: awskms:///alias/lockstep-state?region=us-west-2\n${text}  lockstep:mode: plan\n`,
    );
    const looked = await typeNext();
    expect(looked).to.contain("s3://acme-lockstep-state?region=us-west-2").and.not.to.contain("problem");
    expect(looked).to.match(/primary \(us-east-1\): \d+ create/);
  });

  it("4: deploys, and the same by hand changes nothing", async () => {
    const machine = { ImageId: "ami-0123456789abcdef0", InstanceType: "t3.nano", MinCount: 1, MaxCount: 1 } as const;
    const Tags = [{ Key: "Backup", Value: "daily" }];
    const TagSpecifications = [{ ResourceType: "instance" as const, Tags }];
    await t.client(EC2Client, PRIMARY).send(new RunInstancesCommand({ ...machine, TagSpecifications }));
    await typeNext();
    for (const stack of ["dr", "primary"]) {
      const byHand = await shell(`pulumi up -s ${stack} --yes --non-interactive --color never`);
      expect(byHand, stack)
        .to.match(/Resources:\s+\d+ unchanged/)
        .and.not.match(/created|updated|replaced|deleted/);
    }
  });

  it("4: says that nobody is told, until somebody is", async () => {
    const alone = await shell("npm run lockstep -- alarm").catch((error: Error) => error.message);
    expect(alone).to.contain("NOBODY IS TOLD in us-east-1").and.contain("NOBODY IS TOLD in us-west-2");
    for (const role of ["primary", "dr"] as const) await listen(t, role);
  });

  it("5: plans only: the ledger says what was planned, and there is no snapshot", async () => {
    // It ends with exit code 1: that nothing is protected yet is a problem.
    const said = await typeNext().catch((error: Error) => error.message);
    expect(said).to.contain("lockstep:mode is plan").and.contain("only-plans: us-east-1");
    const asked = await shell("npm run lockstep -- run").catch((error: Error) => error.message);
    expect(asked).to.contain("The stacks only plan");
    // Past the driver, so that there is something to plan.
    const FunctionName = names(DEPLOYMENT, "primary").lambda("trigger");
    const order = new InvokeCommand({ FunctionName, Payload: Buffer.from('{"kind":"run"}') });
    expect((await t.client(LambdaClient, PRIMARY).send(order)).FunctionError).to.equal(undefined);
    const client = t.client(DynamoDBClient, PRIMARY);
    const runs = new QueryCommand({
      TableName: names(DEPLOYMENT, "primary").table,
      KeyConditionExpression: "pk = :run",
      ExpressionAttributeValues: { ":run": { S: "run" } },
    });
    await until("a run in the ledger", 60_000, async () => {
      const { Items } = await client.send(runs);
      const planned = (Items ?? []).map((item) => item["planned"]?.N);
      return planned.includes("1") ? [] : [`planned: ${planned.join(", ")}`];
    });
    expect([await snapshots(PRIMARY), await snapshots(DR)]).to.deep.equal([0, 0]);
  });

  it("6: acts", async () => {
    await inStacks((text) => text.replace("  lockstep:mode: plan\n", ""));
    const said = await typeNext();
    expect(said).not.to.contain("lockstep:mode is plan");
    expect(await snapshots(PRIMARY)).to.be.greaterThan(0);
    expect(await snapshots(DR)).to.be.greaterThan(0);
  });

  it("goes, and the points stay", async () => {
    await edit("Pulumi.yaml", (text) => text.replace(/(lockstep:protect:[\s\S]*?default:) true/, "$1 false"));
    const said = await typeNext();
    expect(said).to.contain("Recovery points that stay");
    expect(await snapshots(DR)).to.be.greaterThan(0);
    expect(blocks, "commands of the page that were not typed").to.deep.equal([]);
  });
});
