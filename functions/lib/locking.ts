import { type EC2Client, LockSnapshotCommand } from "@aws-sdk/client-ec2";
import type { PutLock } from "./finish.js";

/** LockSnapshot; of a pending snapshot the days begin with its completion (EC2 API reference, LockedSnapshotsInfo). */
export const makePutLock =
  (client: EC2Client): PutLock =>
  async (SnapshotId, { mode, days, coolOffHours }) => {
    const coolOff = coolOffHours === undefined ? {} : { CoolOffPeriod: coolOffHours };
    await client.send(new LockSnapshotCommand({ SnapshotId, LockMode: mode, LockDuration: days, ...coolOff }));
  };
