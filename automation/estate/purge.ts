import { DeleteSnapshotCommand, EC2Client, paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import { TAG } from "../../core/names/tags.js";
import { readImages, readLocks, readSnapshots } from "../../kinds/ebs/aws/lists.js";
import { managedBy } from "../../kinds/ebs/snapshots.js";
import { messageOf } from "../cli/outcome.js";
import type { ClientConfig } from "./client-config.js";
import type { Purged } from "./deps.js";

/** Snapshots of a deployment in a region that AWS would not delete, and why. */
export async function unpurgeable(deployment: string, config: ClientConfig): Promise<readonly string[]> {
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

/** Deletes all snapshots of a deployment in a region. For test environments: nothing brings them back. */
export async function purgeRegion(deployment: string, config: ClientConfig): Promise<Purged> {
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
      kept.push(`${SnapshotId} in ${config.region}: ${messageOf(error)}`);
    }
  }
  return { deleted: ids.length - kept.length, kept };
}
