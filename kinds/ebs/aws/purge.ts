import { DeleteSnapshotCommand, EC2Client, paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import { TAG } from "../../../core/names/tags.js";
import { causeOf } from "../../lib/errors.js";
import type { ClientConfig, Purged, Purger } from "../../purger.js";
import { managedBy } from "../snapshots.js";
import { readImages, readLocks, readSnapshots } from "./lists.js";

/** Deletes all snapshots of a deployment. */
export const ebsPurger: Purger = { unpurgeable, purge };

async function unpurgeable(deployment: string, config: ClientConfig): Promise<readonly string[]> {
  const client = new EC2Client({ ...config, retryMode: "adaptive" });
  const { signal } = new AbortController();
  const [ours, locks, images] = await Promise.all([
    readSnapshots(filters(deployment))(client, signal),
    readLocks(client, signal),
    readImages(client, signal),
  ]);
  const locked = new Set(locks.flatMap(({ SnapshotId }) => SnapshotId ?? []));
  const users = new Map(
    images.flatMap(({ ImageId, BlockDeviceMappings }) =>
      (BlockDeviceMappings ?? []).flatMap(({ Ebs }) =>
        Ebs?.SnapshotId === undefined ? [] : [[Ebs.SnapshotId, ImageId ?? "an AMI"] as const],
      ),
    ),
  );
  return ours.flatMap(({ snapshotId: id, tags }) => {
    const ami = users.get(id);
    if (locked.has(id)) return [`${id} is locked`];
    if (ami !== undefined) return [`${id} is in use by ${ami}`];
    return managedBy(tags) === "AWS Backup" ? [`${id} is AWS Backup's, which alone may delete it`] : [];
  });
}

const filters = (deployment: string) => [{ Name: `tag:${TAG.deployment}`, Values: [deployment] }];

async function purge(deployment: string, config: ClientConfig): Promise<Purged> {
  const client = new EC2Client({ ...config, retryMode: "adaptive" });
  const request = { OwnerIds: ["self"], Filters: filters(deployment) };
  const ids: string[] = [];
  for await (const page of paginateDescribeSnapshots({ client, pageSize: 1000 }, request)) {
    ids.push(...(page.Snapshots ?? []).flatMap((s) => s.SnapshotId ?? []));
  }
  const kept: string[] = [];
  for (const SnapshotId of ids) {
    try {
      await client.send(new DeleteSnapshotCommand({ SnapshotId }));
    } catch (error) {
      if (error instanceof Error && error.name === "InvalidSnapshot.NotFound") continue;
      kept.push(`${SnapshotId} in ${config.region}: ${causeOf(error).message}`);
    }
  }
  return { deleted: ids.length - kept.length, kept };
}
