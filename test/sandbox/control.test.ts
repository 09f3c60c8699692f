import { spawn } from "node:child_process";
import { existsSync, mkdirSync, mkdtempSync, readdirSync, rmSync, writeFileSync } from "node:fs";
import { createServer } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import {
  admin,
  clock,
  down,
  environment,
  moveClock,
  reset,
  SandboxError,
  type SandboxInfo,
  status,
  up,
} from "../../sandbox/control.js";
import { makeFunction } from "../support/lambda.js";
import { eventually, HOME } from "../support/sandbox.js";

describe("the sandbox's control", function () {
  this.timeout(300_000);
  let stateDir: string;

  const makeFolder = () => {
    stateDir = mkdtempSync(join(tmpdir(), "lockstep-control-"));
  };
  const removeFolder = async () => {
    await down({ stateDir });
    rmSync(stateDir, { recursive: true, force: true });
  };

  const start = () => up({ port: 0, stateDir });
  const client = <C>(type: new (config: object) => C, { endpoint }: SandboxInfo) =>
    new type({ endpoint, region: HOME, credentials: { accessKeyId: "test", secretAccessKey: "test" } });
  const emulatorOf = async (info: SandboxInfo) => {
    // The admin API's answer (services.ts).
    const { emulatorPid } = (await admin(info, "GET", "health")) as { emulatorPid: number };
    return emulatorPid;
  };
  /** Whether the process, or with a negative number any of the group, is there. */
  const exists = (pid: number) => {
    try {
      process.kill(pid, 0);
      return true;
    } catch {
      return false;
    }
  };
  const gone = (...pids: number[]) =>
    eventually(
      async () => pids.filter(exists),
      (left) => left.length === 0,
      { what: "the end of all processes" },
    );
  const failure = (work: Promise<unknown>) =>
    work.then(
      () => "no error",
      (error: unknown) => String(error),
    );

  describe("over its life", () => {
    beforeEach(makeFolder);
    afterEach(removeFolder);

    it("starts once, keeps its state and its time, and leaves no process and no temporary folder", async () => {
      const info = await start();
      expect(await status({ stateDir })).to.deep.include({ state: "up", info, emulator: "running" });
      expect(await up({ stateDir }), "up already").to.deep.equal(info);
      const lambda = client(LambdaClient, info);
      await makeFunction(lambda, "looks", "exports.handler = async () => Date.now();");
      await lambda.send(new InvokeCommand({ FunctionName: "looks" }));
      expect(readdirSync(join(stateDir, "tmp")).filter((name) => name.startsWith("ministack-lambda"))).to.have.length(
        1,
      );
      await client(S3Client, info).send(new CreateBucketCommand({ Bucket: "kept" }));
      const emulator = await emulatorOf(info);
      const day = 86_400_000;
      expect(await clock({ stateDir })).to.have.property("offsetMs", 0);
      expect((await moveClock({ to: "+3d", replay: false }, { stateDir })).offsetMs / day).to.be.closeTo(3, 0.001);

      expect(await down({ stateDir })).to.equal(true);
      await gone(info.pid, emulator, -emulator);
      expect(await status({ stateDir })).to.deep.equal({ state: "down" });
      expect(readdirSync(stateDir)).not.to.include.members(["tmp"]);
      expect(readdirSync(stateDir).filter((name) => /\.lock|json/.test(name))).to.deep.equal([]);
      expect(await down({ stateDir }), "down already").to.equal(false);

      const again = await start();
      const { Buckets } = await client(S3Client, again).send(new ListBucketsCommand({}));
      expect(Buckets?.map(({ Name }) => Name)).to.deep.equal(["kept"]);
      expect((await clock({ stateDir })).offsetMs / day).to.be.closeTo(3, 0.001);
      const { Payload } = await client(LambdaClient, again).send(new InvokeCommand({ FunctionName: "looks" }));
      expect((Number(Buffer.from(Payload ?? "").toString()) - Date.now()) / day).to.be.closeTo(3, 0.001);
      await reset({ stateDir });
      expect(await status({ stateDir })).to.have.nested.property("clock.offsetMs", 0);
      expect((await client(S3Client, again).send(new ListBucketsCommand({}))).Buckets ?? []).to.deep.equal([]);
    });

    it("does not come up with the state of another version, and does after a reset", async () => {
      mkdirSync(join(stateDir, "ec2"), { recursive: true });
      writeFileSync(join(stateDir, "ec2", "state.jsonl"), '{"version":"another"}\n');
      const refused = await start().catch((error: unknown) => error);
      expect(refused).to.be.instanceOf(SandboxError);
      expect(String(refused)).to.include("reset the sandbox");
      expect(await reset({ stateDir }), "whether one is up").to.equal(false);
      expect(readdirSync(stateDir)).to.deep.equal([]);
      await start();
      expect(await reset({ stateDir }), "whether one is up").to.equal(true);
    });

    it("says which port is in use and what to do", async () => {
      const server = createServer().listen(0, "127.0.0.1");
      await new Promise((resolve) => server.once("listening", resolve));
      const address = server.address();
      const port = typeof address === "object" && address ? address.port : 0;
      expect(await failure(up({ port, stateDir }))).to.match(new RegExp(`Port ${port} is in use.*--port`));
      server.close();
      expect(await status({ stateDir })).to.deep.equal({ state: "down" });
      expect(existsSync(join(stateDir, "daemon.lock"))).to.equal(false);
    });

    it("takes the official provider only where it is installed, and says how to get it", async () => {
      const home = process.env["PULUMI_HOME"];
      process.env["PULUMI_HOME"] = join(stateDir, "no-plugins");
      try {
        const told = await failure(up({ port: 0, stateDir, official: true }));
        expect(told).to.contain("pulumi plugin install resource aws 7.");
        expect(await status({ stateDir })).to.deep.equal({ state: "down" });
      } finally {
        if (home === undefined) delete process.env["PULUMI_HOME"];
        else process.env["PULUMI_HOME"] = home;
      }
    });

    it("says how to get the emulator, and why it does not start", async () => {
      const python = process.env["LOCKSTEP_PYTHON"];
      delete process.env["LOCKSTEP_PYTHON"];
      try {
        expect(await failure(up({ port: 0, stateDir }))).to.contain("npm start");
      } finally {
        process.env["LOCKSTEP_PYTHON"] = python;
      }
      expect(await failure(up({ port: 0, stateDir, emulatorPython: "/nowhere/python" }))).to.contain("/nowhere/python");
      expect(await failure(up({ port: 0, stateDir, emulatorPython: "false" }))).to.contain(
        "the emulator ended at its start",
      );
      expect(existsSync(join(stateDir, "tmp"))).to.equal(false);
    });

    for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) {
      it(`ends cleanly on ${signal}`, async () => {
        const info = await start();
        const emulator = await emulatorOf(info);
        process.kill(info.pid, signal);
        await gone(info.pid, emulator, -emulator);
        expect(await status({ stateDir })).to.deep.equal({ state: "down" });
        expect(existsSync(join(stateDir, "tmp"))).to.equal(false);
      });
    }

    it("leaves nothing running when it is killed, and starts again", async () => {
      const info = await start();
      const lambda = client(LambdaClient, info);
      await makeFunction(lambda, "waits", "exports.handler = () => new Promise((done) => setTimeout(done, 9000));");
      const call = lambda.send(new InvokeCommand({ FunctionName: "waits" })).catch(() => "cut off");
      const emulator = await emulatorOf(info);
      await eventually(
        async () => readdirSync(join(stateDir, "tmp")),
        (names) => names.some((name) => name.startsWith("ministack-lambda")),
        { what: "the function's worker" },
      );
      process.kill(info.pid, "SIGKILL");
      await gone(info.pid, emulator, -emulator);
      expect(await call).to.equal("cut off");
      expect(await start()).not.to.have.property("pid", info.pid);
    });

    it("ends with the test that started it", async () => {
      const script = `require(${JSON.stringify(join(__dirname, "../../sandbox/control.ts"))})
        .startForTest({ stateDir: ${JSON.stringify(stateDir)} }).then(({ info }) => console.log(info.pid));`;
      const tsx = pathToFileURL(require.resolve("tsx")).href;
      const child = spawn(process.execPath, ["--import", tsx, "-e", script], { stdio: ["ignore", "pipe", "inherit"] });
      const pid = await new Promise<number>((resolve) => child.stdout.once("data", (data) => resolve(Number(data))));
      expect(exists(pid)).to.equal(true);
      child.kill("SIGKILL");
      await gone(pid);
      expect(await status({ stateDir })).to.deep.equal({ state: "down" });
    });
  });

  /** One for all of these; the last ends it. */
  describe("while it is up", () => {
    let info: SandboxInfo;
    before(makeFolder);
    after(removeFolder);

    it("is started by one of two at once, and found by the other", async () => {
      const [one, other] = await Promise.all([start(), start()]);
      expect(one).to.deep.equal(other);
      info = one;
    });

    it("does not move a running sandbox to another port, nor to other providers", async () => {
      expect(await failure(up({ port: info.port - 1, stateDir }))).to.contain(`up on port ${info.port} already`);
      expect(environment({ ...info, official: true })).not.to.have.property("PULUMI_DEBUG_PROVIDERS");
      expect(await failure(up({ stateDir, official: true }))).to.contain("with stand-ins of the providers already");
    });

    it("gives the environment that AWS clients and Pulumi need", async () => {
      expect(environment(info, HOME)).to.deep.equal({
        AWS_ENDPOINT_URL: info.endpoint,
        AWS_ACCESS_KEY_ID: "test",
        AWS_SECRET_ACCESS_KEY: "test",
        AWS_REGION: HOME,
        AWS_USE_FIPS_ENDPOINT: "false",
        AWS_USE_DUALSTACK_ENDPOINT: "false",
        PULUMI_DEBUG_PROVIDERS: `aws:${info.providers.aws},awsx:${info.providers.awsx}`,
        PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        PULUMI_BACKEND_URL: pathToFileURL(join(stateDir, "pulumi")).href,
        PULUMI_CONFIG_PASSPHRASE: "sandbox",
        PULUMI_NODEJS_TRANSPILE_ONLY: "true",
        PULUMI_SKIP_UPDATE_CHECK: "true",
      });
      expect(existsSync(join(stateDir, "pulumi"))).to.equal(true);
    });
    it("tells of a dead emulator, with its last words", async () => {
      process.kill(await emulatorOf(info), "SIGKILL");
      await eventually(
        () => status({ stateDir }),
        (seen) => seen.state === "up" && seen.emulator !== "running",
        { what: "the news" },
      );
      expect(await failure(up({ stateDir }))).to.match(/the emulator ended with SIGKILL.*sandbox down/s);
      const error = await failure(client(S3Client, info).send(new ListBucketsCommand({})));
      expect(error).to.contain("the emulator ended with SIGKILL");
    });
  });
});
