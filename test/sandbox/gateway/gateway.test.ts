import { createHash, randomBytes } from "node:crypto";
import { request } from "node:http";
import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandOutput,
  EC2Client,
} from "@aws-sdk/client-ec2";
import { CreateKeyCommand, DisableKeyCommand, EnableKeyCommand, KMSClient } from "@aws-sdk/client-kms";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { CreateBucketCommand, GetObjectCommand, PutObjectCommand, S3Client } from "@aws-sdk/client-s3";
import { CreateScheduleGroupCommand, SchedulerClient } from "@aws-sdk/client-scheduler";
import { CreateQueueCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import { bundleLambda, makeFunction } from "../../support/lambda.js";
import { AWAY, eventually, HOME, ROLE, withSandbox } from "../../support/sandbox.js";

describe("the gateway", () => {
  const sandbox = withSandbox();
  beforeEach(() => sandbox.admin("DELETE", "calls"));

  const raw = (path: string, headers: Record<string, string>, method = "GET", body?: string) =>
    fetch(`${sandbox.info.endpoint}${path}`, { method, headers, ...(body === undefined ? {} : { body }) });
  const signed = (service: string, key = "test") => ({
    authorization: `AWS4-HMAC-SHA256 Credential=${key}/20260101/${HOME}/${service}/aws4_request, SignedHeaders=host, Signature=0`,
  });

  it("carries large objects both ways, byte for byte", async () => {
    const s3 = sandbox.client(S3Client, HOME);
    const content = randomBytes(20 * 1024 * 1024);
    await s3.send(new CreateBucketCommand({ Bucket: "large" }));
    await s3.send(new PutObjectCommand({ Bucket: "large", Key: "a/b c", Body: content }));
    const { Body } = await s3.send(new GetObjectCommand({ Bucket: "large", Key: "a/b c" }));
    const digest = (bytes: Uint8Array) => createHash("sha256").update(bytes).digest("hex");
    expect(digest((await Body?.transformToByteArray()) ?? new Uint8Array())).to.equal(digest(content));
    const calls = await sandbox.admin("GET", "calls");
    expect(calls).to.deep.include({ service: "s3", action: "PutObject", region: HOME, caller: "test", count: 1 });
  });

  it("waits for what Expect: 100-continue holds back", async () => {
    const s3 = sandbox.client(S3Client, HOME);
    await s3.send(new CreateBucketCommand({ Bucket: "patient" }));
    const status = await new Promise<number | undefined>((resolve, reject) => {
      const headers = { ...signed("s3"), expect: "100-continue", "content-length": "5" };
      const { port } = sandbox.info;
      const put = request({ host: "127.0.0.1", port, method: "PUT", path: "/patient/key", headers }, (answer) => {
        answer.resume();
        resolve(answer.statusCode);
      });
      put.on("continue", () => put.end("hello"));
      put.on("error", reject);
      put.flushHeaders();
    });
    expect(status).to.equal(200);
    expect(await (await raw("/patient/key", signed("s3"))).text()).to.equal("hello");
  });

  it("takes presigned addresses of both signatures for S3's", async () => {
    const s3 = sandbox.client(S3Client, HOME);
    await s3.send(new CreateBucketCommand({ Bucket: "signed" }));
    await s3.send(new PutObjectCommand({ Bucket: "signed", Key: "key", Body: "content" }));
    const newer = `X-Amz-Algorithm=AWS4-HMAC-SHA256&X-Amz-Credential=me%2F20260101%2F${HOME}%2Fs3%2Faws4_request`;
    for (const query of [newer, "AWSAccessKeyId=me&Signature=0&Expires=4000000000"]) {
      expect(await (await raw(`/signed/key?${query}`, {})).text(), query).to.equal("content");
    }
    const calls = await sandbox.admin("GET", "calls");
    expect(calls).to.deep.include({ service: "s3", action: "GetObject", region: HOME, caller: "me", count: 1 });
  });

  it("hands EC2 and Scheduler to the sandbox's own planes", async () => {
    await sandbox.client(EC2Client, AWAY).send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    const made = await sandbox.client(SchedulerClient, HOME).send(new CreateScheduleGroupCommand({ Name: "mine" }));
    expect(made.ScheduleGroupArn).to.equal(`arn:aws:scheduler:${HOME}:000000000000:schedule-group/mine`);
    expect(await sandbox.admin("GET", "calls")).to.have.deep.members([
      { service: "ec2", action: "DescribeSnapshots", region: AWAY, caller: "test", count: 1 },
      { service: "scheduler", action: "CreateScheduleGroup", region: HOME, caller: "test", count: 1 },
    ]);
  });

  it("lets EBS use the keys that KMS has, and no others", async () => {
    await sandbox.admin("POST", "settings", { ec2: { snapshotMillis: 1, copyMillis: 1 } });
    const ec2 = sandbox.client(EC2Client, HOME);
    const kms = sandbox.client(KMSClient, HOME);
    const { KeyMetadata } = await kms.send(new CreateKeyCommand({}));
    const key = KeyMetadata?.Arn ?? "";
    const { VolumeId } = await ec2.send(new CreateVolumeCommand({ AvailabilityZone: `${HOME}a`, Size: 1 }));
    const { SnapshotId } = await ec2.send(new CreateSnapshotCommand({ VolumeId }));
    const unfinished = ({ Snapshots = [] }: DescribeSnapshotsCommandOutput) => Snapshots[0]?.State === "pending";
    const ended = (id: string | undefined) =>
      eventually(
        () => ec2.send(new DescribeSnapshotsCommand({ SnapshotIds: [id ?? ""] })),
        (answer) => !unfinished(answer),
        { what: `the end of ${id}` },
      );
    await ended(SnapshotId);
    const copy = async (KmsKeyId: string) => {
      const source = { SourceRegion: HOME, SourceSnapshotId: SnapshotId };
      const made = await ec2.send(new CopySnapshotCommand({ ...source, Encrypted: true, KmsKeyId }));
      return (await ended(made.SnapshotId)).Snapshots?.[0]?.State;
    };
    expect(await copy(key)).to.equal("completed");
    expect(await copy(key.replace(/[^/]+$/, "00000000-0000-4000-8000-000000000000"))).to.equal("error");
    await kms.send(new DisableKeyCommand({ KeyId: key }));
    expect(await copy(key)).to.equal("error");
    await kms.send(new EnableKeyCommand({ KeyId: key }));
    expect(await copy(key)).to.equal("completed");
  });

  it("counts a function's calls under the function's name", async () => {
    const code = await bundleLambda(`
      import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
      import { DescribeVolumesCommand, EC2Client } from "@aws-sdk/client-ec2";
      export const handler = async () => {
        await new EC2Client({ region: "${AWAY}" }).send(new DescribeVolumesCommand({}));
        return (await new STSClient({}).send(new GetCallerIdentityCommand({}))).Arn;
      };`);
    const lambda = sandbox.client(LambdaClient, HOME);
    await makeFunction(lambda, "asks-who", code);
    await sandbox.admin("DELETE", "calls");
    const { Payload } = await lambda.send(new InvokeCommand({ FunctionName: "asks-who" }));
    expect(Buffer.from(Payload ?? "").toString()).to.equal(
      `"arn:aws:sts::000000000000:assumed-role/${ROLE.split("/")[1]}/asks-who"`,
    );
    expect(await sandbox.admin("GET", "calls")).to.have.deep.members([
      { service: "lambda", action: "Invoke", region: HOME, caller: "test", count: 1 },
      { service: "ec2", action: "DescribeVolumes", region: AWAY, caller: "asks-who", count: 1 },
      { service: "sts", action: "GetCallerIdentity", region: HOME, caller: "asks-who", count: 1 },
    ]);
  });

  it("gives queues addresses that lead through it", async () => {
    const { QueueUrl } = await sandbox.client(SQSClient, HOME).send(new CreateQueueCommand({ QueueName: "jobs" }));
    expect(QueueUrl).to.equal(`${sandbox.info.endpoint}/000000000000/jobs`);
  });

  describe("refuses by name", () => {
    const cases: [string, string, Record<string, string>, string, string][] = [
      [
        "JSON",
        "servicequotas",
        { "x-amz-target": "ServiceQuotasV20190624.GetServiceQuota" },
        "{}",
        "servicequotas:GetServiceQuota",
      ],
      ["REST JSON", "elasticfilesystem", {}, "{}", "elasticfilesystem:POST /"],
      [
        "query",
        "autoscaling",
        { "content-type": "application/x-www-form-urlencoded" },
        "Action=DescribeAutoScalingGroups&Version=2011-01-01",
        "autoscaling:DescribeAutoScalingGroups",
      ],
      ["part of SSM", "ssm", { "x-amz-target": "AmazonSSM.SendCommand" }, "{}", "ssm:SendCommand"],
    ];
    for (const [protocol, service, headers, body, named] of cases) {
      it(`what it does not know: ${protocol}`, async () => {
        const answer = await raw("/", { ...signed(service), ...headers }, "POST", body);
        expect(answer.status).to.equal(400);
        expect(await answer.text()).to.contain(`the sandbox does not know ${named}`);
      });
    }

    it("another account", async () => {
      const other = sandbox.client(STSClient, HOME, "123456789012");
      const error = await other.send(new GetCallerIdentityCommand({})).catch((caught: unknown) => caught);
      expect(error).to.be.an("error").with.property("message").that.contains("123456789012");
    });
  });
});
