import type { Filter, Image, Instance, LockedSnapshotsInfo, Snapshot, Volume } from "@aws-sdk/client-ec2";
import { actionOf, type Command, type Input } from "./client.js";

/** What a region has, as EC2 describes it; each is asked for only where somebody lists it. */
export interface Region {
  readonly snapshots?: () => readonly Snapshot[];
  readonly images?: () => readonly Image[];
  readonly locks?: () => readonly LockedSnapshotsInfo[];
  readonly instances?: () => readonly Instance[];
  readonly volumes?: () => readonly Volume[];
}

/** EC2's answer to a Describe, at most `most` of the list at once, or as few as were asked for. */
export function describeIn(region: Region, command: Command, most: number): Input {
  const { input } = command;
  const page = Math.min(most, Number(input["MaxResults"] ?? most));
  switch (actionOf(command)) {
    case "DescribeSnapshots": {
      // The inputs are the SDK's own.
      const filters = (input["Filters"] ?? []) as Filter[];
      const found = (region.snapshots?.() ?? []).filter((snapshot) =>
        filters.every((filter) => fits(snapshot, filter)),
      );
      return paged({ Snapshots: found }, ({ SnapshotId }) => SnapshotId, input, page);
    }
    case "DescribeImages":
      return paged({ Images: region.images?.() ?? [] }, ({ ImageId }) => ImageId, input, page);
    case "DescribeLockedSnapshots":
      return paged({ Snapshots: region.locks?.() ?? [] }, ({ SnapshotId }) => SnapshotId, input, page);
    case "DescribeInstances": {
      const Reservations = (region.instances?.() ?? []).map((instance) => ({ Instances: [instance] }));
      return paged({ Reservations }, ({ Instances: [one] }) => one?.InstanceId, input, page);
    }
    case "DescribeVolumes":
      return paged({ Volumes: region.volumes?.() ?? [] }, ({ VolumeId }) => VolumeId, input, page);
    default:
      throw new Error(`the model of EC2 does not know ${actionOf(command)}`);
  }
}

/** The token is what the last page ended with: what is deleted meanwhile pushes nothing else out of the next one, as in the sandbox. */
function paged<T>(
  list: Readonly<Record<string, readonly T[]>>,
  id: (one: T) => string | undefined,
  { NextToken }: Input,
  size: number,
): Input {
  const [[name, all] = ["", []]] = Object.entries(list);
  const idOf = (one: T): string => id(one) ?? "";
  const after = typeof NextToken === "string" ? NextToken : "";
  const left = all.filter((one) => idOf(one) > after).sort((a, b) => (idOf(a) < idOf(b) ? -1 : 1));
  const page = left.slice(0, size);
  const last = page.at(-1);
  return { [name]: page, ...(last !== undefined && left.length > size && { NextToken: idOf(last) }) };
}

function fits({ SnapshotId, State, Tags, VolumeId }: Snapshot, { Name, Values = [] }: Filter): boolean {
  if (Name === "status") return Values.includes(State ?? "");
  if (Name === "snapshot-id") return Values.includes(SnapshotId ?? "");
  if (Name === "volume-id") return Values.includes(VolumeId ?? "");
  if (Name?.startsWith("tag:"))
    return Values.includes(Tags?.find(({ Key }) => Key === Name.slice(4))?.Value ?? "\u0000");
  throw new Error(`the model of EC2 does not know the filter ${Name ?? ""}`);
}
