import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSnapshotsCommand,
  DescribeVolumesCommand,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import {
  CreateStateMachineCommand,
  DescribeExecutionCommand,
  SFNClient,
  StartExecutionCommand,
} from "@aws-sdk/client-sfn";
import { expect } from "chai";
import fc from "fast-check";
import { type CallFault, CallFaults, type FaultyCall } from "../../sandbox/faults/calls.js";
import { parseFaults } from "../../sandbox/faults/read.js";
import { bundleLambda, makeFunction } from "../support/lambda.js";
import { AWAY, eventually, HOME, ROLE, withSandbox } from "../support/sandbox.js";

const CALL: FaultyCall = { service: "ec2", action: "CopySnapshot", region: AWAY, caller: "acme-dr-copy" };

const wished = (fault: object): CallFault => {
  const [found] = parseFaults({ calls: fault }).calls;
  if (!found) throw new Error("nothing was read");
  return found;
};

const faultsOf = (...wishes: object[]): CallFaults => {
  const faults = new CallFaults();
  for (const wish of wishes) faults.add(wished(wish));
  return faults;
};

describe("faults of calls", () => {
  it("hit what fits and nothing else", () => {
    const fitting = [{}, { service: "ec2" }, { action: "CopySnapshot" }, { region: AWAY }, { caller: "acme-*" }];
    for (const wish of fitting) {
      expect(faultsOf({ mode: "unreachable", ...wish }).verdict(CALL, 0), JSON.stringify(wish)).to.deep.equal({
        do: "break",
      });
    }
    const others = [{ service: "s3" }, { action: "Copy" }, { region: HOME }, { caller: "acme" }, { caller: "beta-*" }];
    for (const wish of others)
      expect(faultsOf({ mode: "unreachable", ...wish }).verdict(CALL, 0), JSON.stringify(wish)).to.equal(undefined);
  });

  it("hit as many of a hundred as asked, evenly, and as often as asked", () => {
    fc.assert(
      fc.property(fc.integer({ min: 1, max: 100 }), fc.integer({ min: 1, max: 50 }), (percent, times) => {
        const faults = faultsOf({ mode: "throttle", percent });
        const hits = Array.from({ length: 200 }, () => faults.verdict(CALL, 0) !== undefined);
        expect(hits.filter(Boolean)).to.have.length(2 * percent);
        const half = hits.slice(0, 100).filter(Boolean).length;
        expect(half).to.equal(percent);
        const few = faultsOf({ mode: "throttle", times });
        const hit = Array.from({ length: 60 }, () => few.verdict(CALL, 0)).filter(Boolean);
        expect(hit).to.have.length(times);
        expect(few.list(), "used up").to.deep.equal([]);
      }),
    );
  });

  it("refuse what an empty bucket has no token for, each action and region for itself", () => {
    const faults = faultsOf({ mode: "throttle", bucket: { tokens: 3, perSecond: 2 } });
    const passed = (count: number, now: number, call = CALL) =>
      Array.from({ length: count }, () => faults.verdict(call, now)).filter((v) => v === undefined).length;
    expect(passed(5, 0)).to.equal(3);
    expect(passed(5, 0, { ...CALL, region: HOME })).to.equal(3);
    expect(passed(5, 500), "half a second gives one").to.equal(1);
    expect(passed(9, 60_000), "no more than it holds").to.equal(3);
  });

  it("are refused with the field that is wrong", () => {
    const wrong: [object, RegExp][] = [
      [{ calls: { mode: "explode" } }, /calls\.0\.mode/],
      [{ calls: { mode: "throttle", percent: 0 } }, /calls\.0\.percent/],
      [{ calls: { mode: "slow", bucket: { tokens: 1, perSecond: 1 } } }, /a bucket goes with throttle only/],
      [{ endings: { event: "deleteSnapshot" } }, /endings\.0\.event/],
      [{ ends: [] }, /ends/],
    ];
    for (const [body, says] of wrong) expect(() => parseFaults(body), JSON.stringify(body)).to.throw(says);
  });
});

describe("the sandbox's faults", function () {
  this.timeout(300_000);
  const sandbox = withSandbox();
  const wish = (faults: object) => sandbox.admin("POST", "faults", faults);
  const ec2 = (region = HOME) => sandbox.client(EC2Client, region);
  afterEach(() => sandbox.admin("DELETE", "faults"));

  /** The error of a call that is not tried again. */
  async function errorOf(call: Promise<unknown>): Promise<string> {
    return call.then(
      () => "none",
      (error: unknown) => (error instanceof Error ? error.name : String(error)),
    );
  }

  async function snapshot(): Promise<string> {
    const { VolumeId } = await ec2().send(new CreateVolumeCommand({ AvailabilityZone: `${HOME}a`, Size: 1 }));
    const { SnapshotId = "" } = await ec2().send(new CreateSnapshotCommand({ VolumeId }));
    return SnapshotId;
  }

  async function outputOf(states: SFNClient, name: string, definition: object): Promise<unknown> {
    const made = { name, roleArn: ROLE, definition: JSON.stringify(definition) };
    const { stateMachineArn } = await states.send(new CreateStateMachineCommand(made));
    const { executionArn } = await states.send(new StartExecutionCommand({ stateMachineArn }));
    const ended = await eventually(
      () => states.send(new DescribeExecutionCommand({ executionArn })),
      ({ status }) => status !== "RUNNING",
      { what: `the end of ${name}` },
    );
    expect(ended.status, ended.cause).to.equal("SUCCEEDED");
    return JSON.parse(ended.output ?? "");
  }

  const stateOf = async (region: string, id: string) => {
    const { Snapshots = [] } = await ec2(region).send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }));
    return Snapshots[0]?.State;
  };

  async function until(region: string, id: string, state: string): Promise<void> {
    const deadline = Date.now() + 20_000;
    while ((await stateOf(region, id)) !== state) {
      if (Date.now() > deadline) throw new Error(`${id} is ${await stateOf(region, id)}, not ${state}`);
      await new Promise((resolve) => setTimeout(resolve, 50));
    }
  }

  it("throttle with the code of the service, which its SDK tries again", async () => {
    await wish({ calls: [{ mode: "throttle", times: 1 }] });
    await ec2().send(new DescribeVolumesCommand({}));
    const { calls } = (await sandbox.admin("GET", "faults")) as { calls: unknown[] };
    expect(calls, "hit, and tried again").to.deep.equal([]);
    await wish({ calls: [{ mode: "throttle" }] });
    expect(await errorOf(ec2().send(new DescribeVolumesCommand({})))).to.equal("RequestLimitExceeded");
    expect(await errorOf(sandbox.client(S3Client, HOME).send(new ListBucketsCommand({})))).to.equal("SlowDown");
  });

  it("fail with the code asked for, and hit nobody else", async () => {
    await wish({ calls: [{ mode: "error", service: "ec2", caller: "unlucky", code: "Unavailable", status: 503 }] });
    const unlucky = sandbox.client(EC2Client, HOME, "unlucky");
    expect(await errorOf(unlucky.send(new DescribeVolumesCommand({})))).to.equal("Unavailable");
    expect(await errorOf(ec2().send(new DescribeVolumesCommand({})))).to.equal("none");
  });

  it("fail with the status that goes with the code, since nobody knows what became of a call after a 5xx", async () => {
    const codes = ["InternalError", "Unavailable", "InsufficientInstanceCapacity", "UnauthorizedOperation"];
    await wish({ calls: codes.map((code) => ({ mode: "error", action: `Refuses${code}`, code })) });
    const { calls } = (await sandbox.admin("GET", "faults")) as { calls: { status: number }[] };
    expect(calls.map(({ status }) => status)).to.deep.equal([500, 500, 500, 400]);
  });

  it("cut a region off, and let it come back", async () => {
    await wish({ calls: [{ mode: "unreachable", region: AWAY }] });
    expect(await errorOf(ec2(AWAY).send(new DescribeVolumesCommand({})))).to.not.equal("none");
    expect(await errorOf(ec2().send(new DescribeVolumesCommand({})))).to.equal("none");
    await sandbox.admin("DELETE", "faults");
    expect(await errorOf(ec2(AWAY).send(new DescribeVolumesCommand({})))).to.equal("none");
  });

  it("end a function when its call is done and before it hears of it", async () => {
    const lambda = sandbox.client(LambdaClient, HOME);
    const { VolumeId } = await ec2().send(new CreateVolumeCommand({ AvailabilityZone: `${HOME}a`, Size: 1 }));
    const code = await bundleLambda(`
      import { CreateSnapshotCommand, EC2Client } from "@aws-sdk/client-ec2";
      export const handler = async () => {
        await new EC2Client({}).send(new CreateSnapshotCommand({ VolumeId: "${VolumeId}" }));
        return "heard";
      };`);
    await makeFunction(lambda, "victim", code);
    await wish({ calls: [{ mode: "kill", caller: "victim", action: "CreateSnapshot", times: 1 }] });
    const invoke = async () => {
      const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: "victim" }));
      return { FunctionError, said: Buffer.from(Payload ?? []).toString() };
    };
    const killed = await invoke();
    expect(killed.FunctionError).to.equal("Unhandled");
    expect(killed.said).to.contain("Runtime.ExitError");
    const made = async () => {
      const Filters = [{ Name: "volume-id", Values: [VolumeId ?? ""] }];
      return (await ec2().send(new DescribeSnapshotsCommand({ Filters }))).Snapshots?.length;
    };
    expect(await made(), "what it asked for was done").to.equal(1);
    expect(await invoke()).to.deep.equal({ FunctionError: undefined, said: '"heard"' });
    expect(await made()).to.equal(2);
  });

  it("end a function as its time limit does, which a state machine can tell from other ends", async () => {
    const lambda = sandbox.client(LambdaClient, HOME);
    const code = await bundleLambda(`
      import { DescribeVolumesCommand, EC2Client } from "@aws-sdk/client-ec2";
      export const handler = async () => {
        await new EC2Client({}).send(new DescribeVolumesCommand({}));
        return "heard";
      };`);
    const arn = await makeFunction(lambda, "late", code);
    await wish({ calls: [{ mode: "timeout", caller: "late", times: 2 }] });
    const { FunctionError, Payload } = await lambda.send(new InvokeCommand({ FunctionName: "late" }));
    expect(FunctionError).to.equal("Unhandled");
    const said = { errorType: "Sandbox.Timedout", errorMessage: "Task timed out after 10.00 seconds" };
    expect(JSON.parse(Buffer.from(Payload ?? []).toString())).to.deep.equal(said);
    const states = sandbox.client(SFNClient, HOME);
    const task = (Retry?: object[], Catch?: object[]) => ({
      Type: "Task",
      Resource: "arn:aws:states:::lambda:invoke",
      Parameters: { FunctionName: arn },
      OutputPath: "$.Payload",
      ...(Retry && { Retry }),
      ...(Catch && { Catch }),
    });
    const retry = [{ ErrorEquals: ["Sandbox.Timedout"], IntervalSeconds: 1, MaxAttempts: 1 }];
    const definition = { StartAt: "Try", States: { Try: { ...task(retry), End: true } } };
    expect(await outputOf(states, "tries-again", definition)).to.equal("heard");
    await wish({ calls: [{ mode: "timeout", caller: "late", times: 1 }] });
    const Catch = [{ ErrorEquals: ["States.TaskFailed"], Next: "Caught" }];
    const caught = {
      StartAt: "Try",
      States: { Try: { ...task([], Catch), End: true }, Caught: { Type: "Pass", End: true } },
    };
    // What Catch hands on (Step Functions developer guide, "Handling errors in Step Functions workflows").
    const { Error: name, Cause } = (await outputOf(states, "catches", caught)) as { Error: string; Cause: string };
    expect([name, JSON.parse(Cause)]).to.deep.equal([said.errorType, said]);
  });

  it("let the next copies end in error, and no snapshot", async () => {
    await sandbox.admin("POST", "settings", { ec2: { snapshotMillis: 1, copyMillis: 1 } });
    await wish({ endings: { event: "copySnapshot", region: AWAY, cause: "the sky fell" } });
    const source = await snapshot();
    await until(HOME, source, "completed");
    const copy = async () => {
      const input = { SourceRegion: HOME, SourceSnapshotId: source };
      return (await ec2(AWAY).send(new CopySnapshotCommand(input))).SnapshotId ?? "";
    };
    await until(AWAY, await copy(), "error");
    await until(AWAY, await copy(), "completed");
  });

  it("hide a new snapshot for a while", async () => {
    await sandbox.admin("POST", "settings", { ec2: { visibleMillis: 3_600_000 } });
    const id = await snapshot();
    expect(await errorOf(stateOf(HOME, id))).to.equal("InvalidSnapshot.NotFound");
    const { Snapshots = [] } = await ec2().send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    expect(Snapshots.map(({ SnapshotId }) => SnapshotId)).to.not.include(id);
    await sandbox.admin("POST", "settings", { ec2: { visibleMillis: 0 } });
    expect(await stateOf(HOME, id)).to.be.oneOf(["pending", "completed"]);
  });
});
