import { CreateTagsCommand, type EC2Client, LockSnapshotCommand } from "@aws-sdk/client-ec2";
import type { Lock } from "../lock-config.js";
import { ec2Tags } from "./describe.js";

/** LockSnapshot of one snapshot. */
export type PutLock = (snapshot: string, lock: Lock) => Promise<void>;
/** CreateTags on one snapshot. */
export type PutTags = (snapshot: string, tags: Readonly<Record<string, string>>) => Promise<void>;

/** Locking twice makes the same lock. Of a pending snapshot the days begin with its completion (EC2 API reference, LockedSnapshotsInfo). */
export const makePutLock =
  (client: EC2Client): PutLock =>
  async (SnapshotId, { mode, days, coolOffHours }) => {
    const coolOff = coolOffHours === undefined ? {} : { CoolOffPeriod: coolOffHours };
    await client.send(new LockSnapshotCommand({ SnapshotId, LockMode: mode, LockDuration: days, ...coolOff }));
  };

/** CreateTags on what is there: what it has no room for in the call that made it. Twice makes the same tags. */
export const makePutTags =
  (client: EC2Client): PutTags =>
  async (snapshot, tags) => {
    await client.send(new CreateTagsCommand({ Resources: [snapshot], Tags: ec2Tags(tags) }));
  };
