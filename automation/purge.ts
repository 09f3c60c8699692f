import { DeleteSnapshotCommand, EC2Client, paginateDescribeSnapshots } from "@aws-sdk/client-ec2";
import { TAG } from "../core/tags.js";
import type { ClientConfig } from "./client-config.js";
import type { Purged } from "./deps.js";
import { messageOf } from "./outcome.js";

/** Deletes all snapshots of a deployment in a region. For test environments: nothing brings them back. */
export async function purgeRegion(deployment: string, config: ClientConfig): Promise<Purged> {
  const client = new EC2Client({ ...config, retryMode: "adaptive" });
  const request = { OwnerIds: ["self"], Filters: [{ Name: `tag:${TAG.deployment}`, Values: [deployment] }] };
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
