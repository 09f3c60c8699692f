import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateVolumeCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  RunInstancesCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, given, startEc2 } from "./harness.js";

const EAST = "us-east-1";
const WEST = "us-west-2";
const keyIn = (region: string) => `arn:aws:kms:${region}:000000000000:key/12345678-1234-1234-1234-123456789012`;
const NOT_ACCESSIBLE = "Given key ID is not accessible";

describe("sandbox EC2: KMS keys that are disabled while they are in use", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;
  /** Regions whose key is enabled. */
  let enabled: Set<string>;

  beforeEach(async () => {
    ec2 = await startEc2({ snapshotMillis: 1000, copyMillis: 1500 });
    enabled = new Set([EAST, WEST]);
    ec2.plane.settings.keyLookup = async (region, key) =>
      key === keyIn(region) && enabled.has(region) ? key : undefined;
    east = ec2.client(EAST);
  });
  afterEach(() => ec2.stop());

  /** Lets so much time pass, and EBS look at keys in the background. */
  const pass = async (ms: number): Promise<void> => {
    ec2.advance(ms);
    await ec2.client(EAST).send(new DescribeSnapshotsCommand({ OwnerIds: ["self"] }));
    await new Promise((resolve) => setImmediate(resolve));
  };
  const endOf = async (id: string | undefined, region: string) => {
    const { Snapshots } = await ec2.client(region).send(new DescribeSnapshotsCommand({ SnapshotIds: [given(id)] }));
    const { State, StateMessage } = given(Snapshots?.[0]);
    return [State, StateMessage];
  };
  const snapshotUnderKey = async (): Promise<string> => {
    const disk = { AvailabilityZone: `${EAST}a`, Size: 1, Encrypted: true, KmsKeyId: keyIn(EAST) };
    const { VolumeId } = await east.send(new CreateVolumeCommand(disk));
    await pass(10);
    return given((await east.send(new CreateSnapshotCommand({ VolumeId }))).SnapshotId);
  };

  it("let a snapshot end in error, with its event; with the key it is completed", async () => {
    const good = await snapshotUnderKey();
    await pass(1000);
    expect(await endOf(good, EAST)).to.deep.equal(["completed", undefined]);
    const bad = await snapshotUnderKey();
    enabled.delete(EAST);
    await pass(1000);
    expect(await endOf(bad, EAST)).to.deep.equal(["error", NOT_ACCESSIBLE]);
    expect(ec2.events.at(-1)?.detail).to.include({ event: "createSnapshot", result: "failed", cause: NOT_ACCESSIBLE });
  });

  it("take the whole set of an instance with them", async () => {
    const Ebs = { VolumeSize: 1, Encrypted: true, KmsKeyId: keyIn(EAST) };
    const launch = { ImageId: "ami-0123456789abcdef0", MinCount: 1, MaxCount: 1 };
    const BlockDeviceMappings = [{ DeviceName: "/dev/sdf", Ebs }];
    const { Instances } = await east.send(new RunInstancesCommand({ ...launch, BlockDeviceMappings }));
    await pass(10);
    enabled.delete(EAST);
    const InstanceSpecification = { InstanceId: given(Instances?.[0]?.InstanceId) };
    const { Snapshots = [] } = await east.send(new CreateSnapshotsCommand({ InstanceSpecification }));
    await pass(1000);
    const ends = await Promise.all(Snapshots.map(({ SnapshotId }) => endOf(SnapshotId, EAST)));
    expect(ends.map(([state]) => state)).to.deep.equal(["error", "error"]);
    expect(ends.map(([, why]) => why)).to.include(NOT_ACCESSIBLE);
    expect(ec2.events.at(-1)?.detail).to.include({ event: "createSnapshots", result: "failed" });
  });

  for (const disabled of [EAST, WEST]) {
    it(`let a copy end in error when it is the key of ${disabled === EAST ? "the source" : "the copy"}`, async () => {
      const SourceSnapshotId = await snapshotUnderKey();
      await pass(1000);
      const input = { SourceRegion: EAST, SourceSnapshotId, Encrypted: true, KmsKeyId: keyIn(WEST) };
      const { SnapshotId: good } = await ec2.client(WEST).send(new CopySnapshotCommand(input));
      await pass(1500);
      expect(await endOf(good, WEST)).to.deep.equal(["completed", undefined]);
      const { SnapshotId: bad } = await ec2.client(WEST).send(new CopySnapshotCommand(input));
      enabled.delete(disabled);
      await pass(1500);
      expect(await endOf(bad, WEST)).to.deep.equal(["error", NOT_ACCESSIBLE]);
      expect(ec2.events.at(-1)?.detail).to.include({ event: "copySnapshot", result: "failed", cause: NOT_ACCESSIBLE });
    });
  }
});
