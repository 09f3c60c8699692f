import { createServer } from "node:http";
import type { AddressInfo } from "node:net";
import { CreateSnapshotsCommand, type SnapshotState } from "@aws-sdk/client-ec2";
import { S3Client } from "@aws-sdk/client-s3";
import { expect } from "chai";
import { readSettings as readConfig } from "../../core/config/settings.js";
import type { Create } from "../../core/model/model.js";
import { pointTags } from "../../core/model/point-tags.js";
import { SETTINGS_KEY } from "../../core/names/names.js";
import { readEnv, readStateMachineArn } from "../../functions/lib/env.js";
import { s3Bucket } from "../../functions/store/bucket.js";
import { readSettings } from "../../functions/store/settings.js";
import { creatingEc2 } from "../../kinds/ebs/aws/clients.js";
import { kindOf } from "../../kinds/ebs/aws/errors.js";
import { makeFind } from "../../kinds/ebs/aws/find.js";
import { RULES } from "../../kinds/rules.js";
import { Account } from "../cloud/account.js";
import { asConfig } from "../support/settings.js";
import { create, HOME, settings, snapshotWith } from "./executors.js";
import { answer, awsError, failure, MemoryBucket } from "./fakes.js";

const VARIABLES = {
  LOCKSTEP_DEPLOYMENT: "prod",
  LOCKSTEP_ROLE: "dr",
  LOCKSTEP_TABLE: "prod-dr-ledger",
  LOCKSTEP_BUCKET: "prod-dr-000000000000-eu-central-1",
  LOCKSTEP_TOPIC_ARN: "arn:aws:sns:eu-central-1:000000000000:prod-dr-alerts",
  AWS_REGION: "eu-central-1",
};

describe("environment of a function", () => {
  it("is read whole", () => {
    expect(readEnv(VARIABLES)).to.include({ role: "dr", account: "000000000000", region: "eu-central-1" });
  });

  it("lists all that is wrong in one error", () => {
    const wrong = { ...VARIABLES, LOCKSTEP_ROLE: "workload", LOCKSTEP_TABLE: "", LOCKSTEP_BUCKET: undefined };
    expect(() => readEnv(wrong)).to.throw(/LOCKSTEP_TABLE is not set.*LOCKSTEP_BUCKET is not set.*"workload"/);
    expect(() => readEnv({ ...VARIABLES, LOCKSTEP_TOPIC_ARN: "alerts" })).to.throw(/not an ARN/);
    expect(() => readStateMachineArn({})).to.throw(/LOCKSTEP_STATE_MACHINE_ARN/);
  });
});

describe("settings of a stack", () => {
  it("are read as they were written", async () => {
    const bucket = new MemoryBucket();
    const policies = [
      { name: "p", select: { key: "k", value: "v" }, schedule: "rate(1 hour)", retain: { count: 1 }, copy: [] },
    ];
    await bucket.write(SETTINGS_KEY, asConfig({ ...settings, policies }));
    expect(await readSettings(bucket, RULES)).to.deep.equal({ ...settings, policies });
  });

  it("are read with all that a policy may say, exactly as it was checked", async () => {
    const bucket = new MemoryBucket();
    const config = {
      role: "primary",
      region: "eu-west-1",
      peers: ["eu-central-1"],
      tagNames: { keepForever: "Hold", retention: "Days", crossRegion: false },
      policies: [
        {
          name: "p",
          select: {
            all: [
              { key: "k" },
              { any: [{ key: "l", value: "v" }, { not: { key: "m" } }] },
              { keyLike: "a*", like: "b?" },
              { keyPrefix: "c", prefix: "d" },
            ],
          },
          kinds: ["volume"],
          schedule: "rate(15 minutes)",
          timezone: "Europe/Berlin",
          ebs: {
            include: ["eks", "spot"],
            also: true,
            exclude: { boot: true, devices: ["/dev/sdb"], volumeTags: { a: "b" } },
            copyTags: ["App"],
          },
          pointTags: { Disk: "{volume-id} {device}" },
          retain: { count: 1, age: "7d" },
          copy: [{ region: "eu-central-1", kmsKey: "alias/dr", retain: { count: 1 } }],
        },
        {
          name: "all",
          select: { everything: true },
          schedule: "rate(1 hour)",
          ebs: { copyTags: true },
          retain: { age: "1d" },
        },
        {
          name: "some",
          select: { key: "k" },
          schedule: "rate(1 hour)",
          ebs: { include: [], copyTags: { only: ["app:*"], except: ["app:secret?"] } },
          retain: { age: "1d" },
        },
      ],
    };
    await bucket.write(SETTINGS_KEY, config);
    expect(await readSettings(bucket, RULES)).to.deep.equal(readConfig(config, RULES));
    const [first] = config.policies;
    await bucket.write(SETTINGS_KEY, {
      ...config,
      policies: [{ ...first, select: { not: { any: [{ kye: "k" }] } } }],
    });
    expect((await failure(readSettings(bucket, RULES))).message).to.contain("policies[0].select.not.any[0].kye");
  });

  it("that lack something or have too much are refused by name", async () => {
    const bucket = new MemoryBucket();
    expect((await failure(readSettings(bucket, RULES))).message).to.contain("deploy the stack again");
    await bucket.write(SETTINGS_KEY, { ...asConfig(settings), peers: "x", colour: "red" });
    const { name, message } = await failure(readSettings(bucket, RULES));
    expect(name).to.equal("InvalidInput");
    expect(message).to.contain("peers").and.to.contain("colour");
  });
});

describe("bucket", () => {
  const answering = (how: () => unknown) => {
    const { client, sent } = answer(new S3Client({ region: "eu-west-1" }), how);
    return { bucket: s3Bucket(client, "b"), input: () => sent[0]?.input };
  };
  const body = (text: string) => async () => ({ Body: { transformToString: async () => text } });

  it("writes and reads JSON lines", async () => {
    const { bucket, input } = answering(async () => ({}));
    await bucket.writeLines("k", [{ a: 1 }, { b: "x\ny" }]);
    expect(input()).to.deep.include({ Bucket: "b", Key: "k", Body: '{"a":1}\n{"b":"x\\ny"}\n' });
    expect(await answering(body('{"a":1}\n{"b":2}\n')).bucket.readLines("k")).to.deep.equal([{ a: 1 }, { b: 2 }]);
    expect(await answering(body("")).bucket.readLines("k")).to.deep.equal([]);
  });

  it("tells what is not there from what may not be read", async () => {
    const missing = answering(() => Promise.reject(awsError("NoSuchKey", 404)));
    expect(await missing.bucket.read("k")).to.equal(undefined);
    const denied = answering(() => Promise.reject(awsError("AccessDenied", 403)));
    expect((await failure(denied.bucket.read("k"))).name).to.equal("AccessDenied");
    expect((await failure(answering(body("{")).bucket.read("k"))).message).to.equal("the object k is not JSON");
  });
});

describe("errors of AWS", () => {
  const cases: [Error, string][] = [
    [awsError("RequestLimitExceeded", 503), "throttle"],
    [awsError("ResourceLimitExceeded", 400), "limit"],
    [awsError("InvalidInstanceID.NotFound", 400), "refused"],
    [awsError("InternalError", 500), "ambiguous"],
    [new Error("socket hang up"), "ambiguous"],
  ];
  for (const [error, kind] of cases) it(`${error.name} is ${kind}`, () => expect(kindOf(error)).to.equal(kind));
});

describe("EC2 client for calls without a token", () => {
  /** Answers each call with the next status and error code; counts the calls. */
  async function calls(
    answers: readonly { status: number; code: string }[],
  ): Promise<{ count: number; error?: Error }> {
    let count = 0;
    const server = createServer((_, response) => {
      const { status, code } = answers[count++] ?? { status: 200, code: "" };
      response.statusCode = status;
      response.end(
        status === 200
          ? "<CreateSnapshotsResponse/>"
          : `<Response><Errors><Error><Code>${code}</Code><Message>m</Message></Error></Errors></Response>`,
      );
    });
    await new Promise<void>((ready) => server.listen(0, "127.0.0.1", ready));
    // A TCP server's address is an object.
    const { port } = server.address() as AddressInfo;
    const client = creatingEc2("eu-west-1", {
      endpoint: `http://127.0.0.1:${port}`,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
    });
    try {
      const command = new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: "i-1" } });
      const error = await client.send(command).then(
        () => undefined,
        (e: unknown) => e,
      );
      return { count, ...(error instanceof Error && { error }) };
    } finally {
      client.destroy();
      await new Promise((closed) => server.close(closed));
    }
  }

  it("tries again after a throttle", async () => {
    expect(await calls([{ status: 503, code: "RequestLimitExceeded" }])).to.deep.equal({ count: 2 });
  });

  it("never tries again where the call may have been carried out", async () => {
    const { count, error } = await calls([{ status: 500, code: "InternalError" }]);
    expect(count).to.equal(1);
    expect(error?.name).to.equal("InternalError");
  });
});

describe("look-up before a creation", () => {
  const [one, two] = [create(1), create(2)];
  const tagged = (id: string, State: SnapshotState, action: Create) =>
    snapshotWith(id, pointTags(settings, action), { State });

  it("tells living snapshots from failed ones, by the value of the tag", async () => {
    const snapshots = [
      tagged("snap-1", "pending", one),
      tagged("snap-2", "error", two),
      tagged("snap-3", "completed", one),
      tagged("snap-4", "completed", create(4)),
    ];
    const { ec2, calls } = new Account({ [HOME]: { snapshots } }, { page: 2 });
    const find = makeFind(ec2(HOME), HOME);
    const found = await find([one, two, { ...two, point: "lsp-3" }], { settings });
    expect(found).to.deep.equal([
      { alive: ["snap-1", "snap-3"], failed: [] },
      { alive: [], failed: ["snap-2"] },
      { alive: [], failed: [] },
    ]);
    expect(calls[0]?.input).to.deep.include({
      OwnerIds: ["self"],
      Filters: [
        { Name: "tag:lockstep:deployment", Values: ["prod"] },
        { Name: "tag:lockstep:point", Values: [one.point, two.point, "lsp-3"] },
      ],
    });
    expect(await find([], { settings })).to.deep.equal([]);
    expect(calls).to.have.length(2);
  });

  it("does not find what a survey could not place, since that is no point", async () => {
    const [whole, touched] = [tagged("snap-1", "completed", one), tagged("snap-2", "completed", one)];
    const without = { ...touched, Tags: touched.Tags.filter(({ Key }) => Key !== "lockstep:resource") };
    const { ec2 } = new Account({ [HOME]: { snapshots: [without, whole] } });
    const [found] = await makeFind(ec2(HOME), HOME)([one], { settings });
    expect(found?.alive).to.deep.equal(["snap-1"]);
  });
});
