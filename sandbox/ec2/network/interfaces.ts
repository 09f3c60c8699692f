import type { Call, Commit } from "../call.js";
import { type FilterTable, readFilters } from "../wire/filters.js";
import { cut, readPage } from "../wire/paging.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf, list } from "../wire/xml.js";
import type { ForeignInterface } from "./model.js";

const interfaceXml = (call: Call, { id, subnet, vpc, groups, description }: ForeignInterface): string =>
  leaf("networkInterfaceId", id) +
  leaf("subnetId", subnet) +
  leaf("vpcId", vpc) +
  leaf("description", description) +
  leaf("ownerId", call.context.account) +
  leaf("requesterManaged", true) +
  leaf("status", "in-use") +
  list(
    "groupSet",
    groups.map((group) => leaf("groupId", group) + leaf("groupName", call.shelf.groups.get(group)?.name)),
  ) +
  branch("tagSet", "");

const FILTERS: FilterTable<ForeignInterface> = {
  description: (row) => row.description,
  "group-id": (row) => row.groups,
  "network-interface-id": (row) => row.id,
  "subnet-id": (row) => row.subnet,
  "vpc-id": (row) => row.vpc,
};

/** API_DescribeNetworkInterfaces: only those that other services made, since there are none of one's own. */
export function describeNetworkInterfaces(call: Call, params: Params): Commit {
  const keep = readFilters(params, FILTERS);
  const page = readPage(call, params, { over: "refuse" });
  return () => {
    const rows = (call.settings.interfacesIn?.(call.region) ?? []).filter(({ id }) => id > page.after);
    const found = cut(
      rows.toSorted((a, b) => (a.id < b.id ? -1 : 1)),
      page,
      keep,
      ({ id }) => id,
    );
    return (
      list(
        "networkInterfaceSet",
        found.rows.map((row) => interfaceXml(call, row)),
      ) + found.next
    );
  };
}
