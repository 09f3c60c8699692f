import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, startEc2 } from "./harness.js";

describe("sandbox EC2: copies of snapshots", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;
  let west: EC2Client;
  let source: string;

  beforeEach(async () => {
    ec2 = await startEc2({ snapshotMillis: 1000, copyMillis: 1500 });
    east = ec2.client("us-east-1");
    west = ec2.client("us-west-2");
    const disk = await east.send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 5 }));
    const made = await east.send(
      new CreateSnapshotCommand({
        VolumeId: disk.VolumeId,
        TagSpecifications: [{ ResourceType: "snapshot", Tags: [{ Key: "Secret", Value: "stays" }] }],
      }),
    );
    source = given(made.SnapshotId);
  });

  afterEach(() => ec2.stop());

  const look = async (id: string, client = east): Promise<Snapshot> =>
    given((await client.send(new DescribeSnapshotsCommand({ SnapshotIds: [id] }))).Snapshots?.[0]);
  const copy = (more: Partial<ConstructorParameters<typeof CopySnapshotCommand>[0]> = {}) =>
    west.send(new CopySnapshotCommand({ SourceRegion: "us-east-1", SourceSnapshotId: source, ...more }));

  it("has an arbitrary volume, only the tags given, and its own event in the destination", async () => {
    ec2.advance(1000);
    ec2.events.length = 0;
    const Tags = [{ Key: "Copy", Value: "yes" }];
    const made = await copy({ TagSpecifications: [{ ResourceType: "snapshot", Tags }] });
    expect(made.Tags).to.deep.equal(Tags);
    const id = given(made.SnapshotId);
    const pending = await look(id, west);
    expect(pending).to.include({
      State: "pending",
      VolumeId: "vol-ffffffff",
      VolumeSize: 5,
      TransferType: "standard",
    });
    expect(pending.Tags).to.deep.equal(Tags);
    ec2.advance(1500);
    expect((await look(id, west)).State).to.equal("completed");
    expect(ec2.events).to.have.length(1);
    const arn = `arn:aws:ec2:us-west-2::snapshot/${id}`;
    expect(ec2.events[0]).to.include({ region: "us-west-2", detailType: "EBS Snapshot Notification" });
    expect(ec2.events[0]?.detail).to.deep.include({
      event: "copySnapshot",
      result: "succeeded",
      snapshot_id: arn,
      source: `arn:aws:ec2:us-east-1::snapshot/${source}`,
      Incremental: "false",
    });
    await copy();
    ec2.advance(1500);
    expect(ec2.events[1]?.detail["Incremental"]).to.equal("true");
  });

  it("refuses a source that is not completed", async () => {
    expect(await failure(copy())).to.include({ code: "IncorrectState", status: 400 });
  });

  it("finds out later that the source does not exist", async () => {
    const made = await copy({ SourceSnapshotId: "snap-00000000000000001" });
    const id = given(made.SnapshotId);
    expect((await look(id, west)).State).to.equal("pending");
    ec2.advance(1500);
    expect((await failure(look(id, west))).code).to.equal("InvalidSnapshot.NotFound");
    expect(ec2.events.at(-1)?.detail).to.include({ result: "failed", cause: "Source snapshot ID is not valid" });
  });

  it("fails when the source is deleted meanwhile", async () => {
    ec2.advance(1000);
    const { SnapshotId } = await copy();
    await east.send(new DeleteSnapshotCommand({ SnapshotId: source }));
    ec2.advance(1500);
    expect((await look(given(SnapshotId), west)).State).to.equal("error");
  });

  it("accepts a bad KMS key and ends in error later", async () => {
    ec2.advance(1000);
    const { SnapshotId } = await copy({ Encrypted: true, KmsKeyId: "alias/nobody" });
    const id = given(SnapshotId);
    expect(await look(id, west)).to.include({ State: "pending", Encrypted: true });
    ec2.advance(1500);
    // The key is looked at in the background.
    await new Promise((resolve) => setImmediate(resolve));
    expect(await look(id, west)).to.include({ State: "error", StateMessage: "Given key ID is not accessible" });
    expect(ec2.events.at(-1)?.detail).to.include({ event: "copySnapshot", result: "failed" });
    expect(await ec2.plane.readSnapshot("us-west-2", id, 0, 1).catch((error) => error.message)).to.contain("in error");
  });

  it("encrypts with the key that the lookup knows, and with the region's default", async () => {
    const arn = "arn:aws:kms:us-west-2:000000000000:key/12345678-1234-1234-1234-123456789012";
    ec2.plane.settings.keyLookup = async (region, key) =>
      region === "us-west-2" && key === "alias/mine" ? arn : undefined;
    ec2.advance(1000);
    const mine = given((await copy({ Encrypted: true, KmsKeyId: "alias/mine" })).SnapshotId);
    const standard = given((await copy({ Encrypted: true })).SnapshotId);
    ec2.advance(1500);
    await new Promise((resolve) => setImmediate(resolve));
    expect(await look(mine, west)).to.include({ State: "completed", KmsKeyId: arn });
    expect((await look(standard, west)).KmsKeyId).to.match(/^arn:aws:kms:us-west-2:000000000000:key\/[0-9a-f-]{36}$/);
    expect(await failure(copy({ KmsKeyId: arn }))).to.include({ code: "InvalidParameterDependency" });
    expect(await failure(copy({ Encrypted: false }))).to.include({ code: "InvalidParameterValue" });
    // A copy of an encrypted snapshot is encrypted, with the default key of its own region.
    const back = await east.send(new CopySnapshotCommand({ SourceRegion: "us-west-2", SourceSnapshotId: mine }));
    const seen = await look(given(back.SnapshotId));
    expect(seen.Encrypted).to.equal(true);
    expect(seen.KmsKeyId).to.match(/^arn:aws:kms:us-east-1:/);
  });

  it("has 20 slots per destination region", async () => {
    ec2.advance(1000);
    await Promise.all(Array.from({ length: 20 }, () => copy()));
    const refused = await failure(copy());
    expect(refused.code).to.equal("ResourceLimitExceeded");
    expect(refused.message).to.equal(
      "Too many snapshot copies in progress. The limit is 20 for this destination region.",
    );
    const other = ec2.client("eu-west-1");
    await other.send(new CopySnapshotCommand({ SourceRegion: "us-east-1", SourceSnapshotId: source }));
    ec2.advance(1500);
    await copy();
  });

  it("knows time-based copies and refuses odd durations, regions and ids", async () => {
    ec2.advance(1000);
    const { SnapshotId } = await copy({ CompletionDurationMinutes: 30 });
    expect(await look(given(SnapshotId), west)).to.include({
      TransferType: "time-based",
      CompletionDurationMinutes: 30,
    });
    expect((await failure(copy({ CompletionDurationMinutes: 20 }))).code).to.equal("InvalidParameterValue");
    expect((await failure(copy({ SourceRegion: "mars-east-1" }))).message).to.contain("mars-east-1");
    expect((await failure(copy({ SourceSnapshotId: "snap-nothex" }))).code).to.equal("InvalidSnapshotID.Malformed");
    const wrong = await ec2.raw({
      Action: "CopySnapshot",
      SourceRegion: "us-east-1",
      SourceSnapshotId: source,
      DestinationRegion: "eu-west-1",
    });
    expect(wrong.status).to.equal(400);
    expect(wrong.body).to.contain("destinationRegion");
  });
});
