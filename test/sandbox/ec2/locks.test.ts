import {
  CreateSnapshotCommand,
  CreateVolumeCommand,
  DeleteSnapshotCommand,
  DescribeLockedSnapshotsCommand,
  DescribeSnapshotsCommand,
  type EC2Client,
  LockSnapshotCommand,
  type LockSnapshotRequest,
  UnlockSnapshotCommand,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { type Ec2Harness, failure, given, START, startEc2 } from "./harness.js";

const DAY = 86_400_000;
const HOUR = 3_600_000;

describe("sandbox EC2: snapshot locks", () => {
  let ec2: Ec2Harness;
  let east: EC2Client;

  beforeEach(async () => {
    ec2 = await startEc2({ snapshotMillis: 1000 });
    east = ec2.client("us-east-1");
  });
  afterEach(() => ec2.stop());

  const make = async (): Promise<string> => {
    const volume = await east.send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 1 }));
    return given((await east.send(new CreateSnapshotCommand({ VolumeId: volume.VolumeId }))).SnapshotId);
  };
  const completed = async (): Promise<string> => {
    const id = await make();
    ec2.advance(1000);
    return id;
  };
  const lock = (SnapshotId: string, more: Partial<LockSnapshotRequest>) =>
    east.send(new LockSnapshotCommand({ SnapshotId, LockMode: "governance", ...more }));
  const unlock = (SnapshotId: string) => east.send(new UnlockSnapshotCommand({ SnapshotId }));
  const remove = (SnapshotId: string) => east.send(new DeleteSnapshotCommand({ SnapshotId }));
  const look = async (SnapshotId: string) =>
    (await east.send(new DescribeLockedSnapshotsCommand({ SnapshotIds: [SnapshotId] }))).Snapshots?.[0];

  it("keeps a snapshot from being deleted until the lock ends by itself", async () => {
    const id = await completed();
    const made = await lock(id, { LockDuration: 2 });
    expect(made).to.include({ SnapshotId: id, LockState: "governance", LockDuration: 2 });
    expect(made.LockExpiresOn?.getTime()).to.equal(ec2.now() + 2 * DAY);
    expect(await failure(remove(id))).to.include({ code: "SnapshotLocked", status: 400 });
    ec2.advance(2 * DAY - 1);
    expect((await failure(remove(id))).message).to.contain("locked");
    ec2.advance(1);
    expect(await look(id)).to.include({ LockState: "expired" });
    await remove(id);
  });

  it("begins the duration of a pending snapshot's lock when that completes", async () => {
    const id = await make();
    const made = await lock(id, { LockDuration: 1 });
    expect(made.LockExpiresOn).to.equal(undefined);
    expect(made.LockDurationStartTime).to.equal(undefined);
    expect((await failure(remove(id))).code).to.equal("SnapshotLocked");
    ec2.advance(1000);
    const done = await look(id);
    expect(done?.LockDurationStartTime?.getTime()).to.equal(START + 1000);
    expect(done?.LockExpiresOn?.getTime()).to.equal(START + 1000 + DAY);
  });

  it("lets go of a governance lock, and of a compliance lock while it cools off", async () => {
    const [one, other] = [await completed(), await completed()];
    await lock(one, { LockDuration: 5 });
    await unlock(one);
    await remove(one);
    await lock(other, { LockMode: "compliance", LockDuration: 5, CoolOffPeriod: 3 });
    expect(await look(other)).to.include({ LockState: "compliance-cooloff", CoolOffPeriod: 3 });
    ec2.advance(3 * HOUR - 1);
    await unlock(other);
    expect(await look(other)).to.equal(undefined);
    expect((await failure(unlock(other))).code).to.equal("IncorrectState");
  });

  it("a compliance lock that has cooled off can only be made longer", async () => {
    const id = await completed();
    await lock(id, { LockMode: "compliance", LockDuration: 5, CoolOffPeriod: 1 });
    await lock(id, { LockMode: "compliance", LockDuration: 4, CoolOffPeriod: 1 });
    ec2.advance(HOUR);
    expect(await look(id)).to.include({ LockState: "compliance", LockDuration: 4 });
    for (const call of [
      unlock(id),
      remove(id),
      lock(id, { LockDuration: 9 }),
      lock(id, { LockMode: "compliance", LockDuration: 3 }),
      lock(id, { LockMode: "compliance", LockDuration: 9, CoolOffPeriod: 1 }),
    ]) {
      expect((await failure(call)).code).to.equal("SnapshotLocked");
    }
    await lock(id, { LockMode: "compliance", LockDuration: 9 });
    expect(await look(id)).to.include({ LockDuration: 9 });
  });

  it("refuses what the reference does not allow", async () => {
    const id = await completed();
    const date = new Date(ec2.now() + DAY);
    const codes = async (...tries: Partial<LockSnapshotRequest>[]) =>
      Promise.all(tries.map(async (one) => (await failure(lock(id, one))).code));
    expect(await codes({}, { LockDuration: 1, ExpirationDate: date })).to.deep.equal([
      "InvalidParameterCombination",
      "InvalidParameterCombination",
    ]);
    expect(await codes({ LockDuration: 1, CoolOffPeriod: 1 })).to.deep.equal(["InvalidParameterCombination"]);
    expect(
      await codes({ LockDuration: 0 }, { LockDuration: 36_501 }, { ExpirationDate: new Date(ec2.now()) }),
    ).to.deep.equal(["InvalidParameterValue", "InvalidParameterValue", "InvalidParameterValue"]);
    expect((await failure(lock("snap-00000000000000000", { LockDuration: 1 }))).code).to.equal(
      "InvalidSnapshot.NotFound",
    );
    await lock(id, { ExpirationDate: date });
    expect((await look(id))?.LockExpiresOn).to.deep.equal(date);
    const failed = await make();
    ec2.plane.failSnapshot("us-east-1", failed, "broken");
    expect((await failure(lock(failed, { LockDuration: 1 }))).code).to.equal("IncorrectState");
  });

  it("lists locks by state, page by page, and survives a restart", async () => {
    const ids: string[] = [];
    for (let i = 0; i < 7; i++) ids.push(await make());
    ec2.advance(1000);
    for (const id of ids) await lock(id, { LockDuration: 1 });
    const free = await completed();
    await ec2.restart();
    const page = async (NextToken?: string) =>
      east.send(
        new DescribeLockedSnapshotsCommand({
          MaxResults: 5,
          Filters: [{ Name: "lock-state", Values: ["governance", "compliance", "compliance-cooloff"] }],
          ...(NextToken === undefined ? {} : { NextToken }),
        }),
      );
    const first = await page();
    const second = await page(first.NextToken);
    expect(second.NextToken).to.equal(undefined);
    const found = [...(first.Snapshots ?? []), ...(second.Snapshots ?? [])].map(({ SnapshotId }) => SnapshotId);
    expect(found).to.deep.equal(ids);
    expect(await look(free)).to.equal(undefined);
    ec2.advance(DAY);
    expect((await page()).Snapshots).to.deep.equal([]);
    expect((await east.send(new DescribeSnapshotsCommand({ SnapshotIds: [free] }))).Snapshots).to.have.length(1);
  });
});
