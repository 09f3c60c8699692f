import {
  DeleteSnapshotCommand,
  DeleteVolumeCommand,
  DeregisterImageCommand,
  EC2Client,
  paginateDescribeImages,
  paginateDescribeInstances,
  paginateDescribeSnapshots,
  paginateDescribeVolumes,
  TerminateInstancesCommand,
} from "@aws-sdk/client-ec2";
import { clientConfig } from "../automation/estate/client-config.js";
import type { Made } from "./model.js";
import { SMOKE_TAG } from "./session.js";

/** Instances that are on their way out have their tags for an hour. */
const ALIVE = { Name: "instance-state-name", Values: ["pending", "running", "stopping", "stopped"] };

/** Everything of EC2 in a region that carries a smoke test's tag, of one run or of all; what pins others comes last. */
export async function tagged(
  region: string,
  variables: Readonly<Record<string, string>>,
  run?: string,
): Promise<Made[]> {
  const client = new EC2Client(clientConfig(region, variables));
  const mark =
    run === undefined ? { Name: "tag-key", Values: [SMOKE_TAG] } : { Name: `tag:${SMOKE_TAG}`, Values: [run] };
  const own = { OwnerIds: ["self"], Filters: [mark] };
  const found: Made[] = [];
  const add = (kind: string, ids: readonly (string | undefined)[], remove: (id: string) => Promise<unknown>) => {
    for (const id of ids) {
      if (id === undefined) continue;
      const made = { what: `${kind} ${id}`, region };
      found.push({ ...made, remove: () => remove(id).then(() => undefined) });
    }
  };
  for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client }, own))
    add(
      "snapshot",
      Snapshots.map(({ SnapshotId }) => SnapshotId),
      (id) => client.send(new DeleteSnapshotCommand({ SnapshotId: id })),
    );
  for await (const { Volumes = [] } of paginateDescribeVolumes({ client }, { Filters: [mark] }))
    add(
      "volume",
      Volumes.map(({ VolumeId }) => VolumeId),
      (id) => client.send(new DeleteVolumeCommand({ VolumeId: id })),
    );
  for await (const { Images = [] } of paginateDescribeImages({ client }, { Owners: ["self"], Filters: [mark] }))
    add(
      "image",
      Images.map(({ ImageId }) => ImageId),
      (id) => client.send(new DeregisterImageCommand({ ImageId: id })),
    );
  for await (const { Reservations = [] } of paginateDescribeInstances({ client }, { Filters: [mark, ALIVE] }))
    add(
      "instance",
      Reservations.flatMap(({ Instances = [] }) => Instances.map(({ InstanceId }) => InstanceId)),
      (id) => client.send(new TerminateInstancesCommand({ InstanceIds: [id] })),
    );
  return found;
}
