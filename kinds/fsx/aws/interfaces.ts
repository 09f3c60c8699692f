import { type EC2Client, paginateDescribeNetworkInterfaces } from "@aws-sdk/client-ec2";
import type { FileSystem } from "@aws-sdk/client-fsx";

/** Values that one filter takes (EC2 user guide, "List and filter using the CLI and API"). */
const FILTER_VALUES = 200;

/** By network interface its security groups. */
export type Groups = ReadonlyMap<string, readonly string[]>;

/**
 * The security groups of file systems: a restore must name them, and FSx tells of the interfaces alone. A filter, since of an id that is no
 * more EC2 makes an error.
 */
export async function readGroups(
  ec2: EC2Client,
  systems: readonly FileSystem[],
  abortSignal: AbortSignal,
): Promise<Groups> {
  const ids = systems.flatMap(({ NetworkInterfaceIds = [] }) => NetworkInterfaceIds);
  const groups = new Map<string, readonly string[]>();
  for (let start = 0; start < ids.length; start += FILTER_VALUES) {
    const Filters = [{ Name: "network-interface-id", Values: ids.slice(start, start + FILTER_VALUES) }];
    for await (const page of paginateDescribeNetworkInterfaces({ client: ec2 }, { Filters }, { abortSignal })) {
      for (const { NetworkInterfaceId, Groups = [] } of page.NetworkInterfaces ?? []) {
        if (NetworkInterfaceId !== undefined)
          groups.set(
            NetworkInterfaceId,
            Groups.flatMap(({ GroupId }) => GroupId ?? []),
          );
      }
    }
  }
  return groups;
}

/** The groups of one file system, each once. */
export const groupsOf = ({ NetworkInterfaceIds = [] }: FileSystem, groups: Groups): string[] =>
  [...new Set(NetworkInterfaceIds.flatMap((id) => groups.get(id) ?? []))].toSorted();
