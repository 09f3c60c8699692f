import type { Call, Commit } from "../call.js";
import { checkId, derivedId, freshId, notFound } from "../state/ids.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { Ec2Error, unsupported } from "../wire/errors.js";
import { type FilterTable, readFilters, tagsOf } from "../wire/filters.js";
import type { Params } from "../wire/protocol.js";
import { leaf, list } from "../wire/xml.js";
import { findOne, liveNatGateways } from "./common.js";
import { publicAddress } from "./host-addresses.js";
import type { Address, NatGateway } from "./model.js";

/** Ids that follow from what an address belongs to. */
export const interfaceOf = (owner: string): string => derivedId("eni", owner);
export const associationOf = (allocation: string, owner: string): string => derivedId("eipassoc", allocation, owner);

/** The NAT gateway that has the address. */
export const userOf = (call: Call, address: Address): NatGateway | undefined =>
  liveNatGateways(call).find(({ allocation }) => allocation === address.id);

function addressXml(call: Call, address: Address): string {
  const nat = userOf(call, address);
  return (
    leaf("publicIp", address.publicIp) +
    leaf("allocationId", address.id) +
    leaf("domain", "vpc") +
    leaf("publicIpv4Pool", "amazon") +
    leaf("networkBorderGroup", call.region) +
    (nat
      ? leaf("associationId", associationOf(address.id, nat.id)) +
        leaf("networkInterfaceId", interfaceOf(nat.id)) +
        leaf("networkInterfaceOwnerId", call.context.account) +
        leaf("privateIpAddress", nat.privateIp)
      : "") +
    tagSet(address.tags)
  );
}

/** API_AllocateAddress: of Amazon's pool, for VPCs. The addresses are those of the benchmark range, which nobody has. */
export function allocateAddress(call: Call, params: Params): Commit {
  const domain = params.optional("Domain") ?? "vpc";
  if (domain !== "vpc") throw unsupported(`The sandbox has no addresses of the domain '${domain}'`);
  const tags = readTagSpecifications(params, ["elastic-ip"])["elastic-ip"];
  return () => {
    const seq = call.store.nextSeq();
    const { region } = call;
    const publicIp = publicAddress(seq);
    const address: Address = { kind: "elastic-ip", id: freshId("eipalloc"), seq, region, tags, publicIp };
    call.store.commit([{ put: address }]);
    return (
      leaf("publicIp", publicIp) +
      leaf("allocationId", address.id) +
      leaf("publicIpv4Pool", "amazon") +
      leaf("networkBorderGroup", region) +
      leaf("domain", "vpc")
    );
  };
}

/** API_ReleaseAddress: "you must disassociate the Elastic IP address before you can release it ... InvalidIPAddress.InUse". */
export function releaseAddress(call: Call, params: Params): Commit {
  const address = findOne(call, "elastic-ip", params.required("AllocationId"), "allocationId");
  if (userOf(call, address)) {
    throw new Ec2Error("InvalidIPAddress.InUse", `The address with allocation id ${address.id} is in use.`);
  }
  return () => {
    call.store.commit([{ drop: address.id }]);
    return leaf("return", true);
  };
}

const filters = (call: Call): FilterTable<Address> => {
  const user = (row: Address) => userOf(call, row);
  return {
    "allocation-id": (row) => row.id,
    "association-id": (row) => {
      const nat = user(row);
      return nat && associationOf(row.id, nat.id);
    },
    "instance-id": () => undefined,
    "network-border-group": () => call.region,
    "network-interface-id": (row) => {
      const nat = user(row);
      return nat && interfaceOf(nat.id);
    },
    "network-interface-owner-id": (row) => user(row) && call.context.account,
    "private-ip-address": (row) => user(row)?.privateIp,
    "public-ip": (row) => row.publicIp,
  };
};

/** API_DescribeAddresses: not paged. */
export function describeAddresses(call: Call, params: Params): Commit {
  const ids = [...new Set(params.strings("AllocationId"))];
  const publicIps = [...new Set(params.strings("PublicIp"))];
  const keep = readFilters(params, filters(call), tagsOf);
  for (const id of ids) checkId("elastic-ip", id, "allocationId");
  const missing = ids.filter((id) => !call.shelf.addresses.get(id));
  if (missing.length > 0) throw notFound("elastic-ip", missing);
  const all = [...call.shelf.addresses.after()];
  const unknown = publicIps.find((ip) => !all.some(({ publicIp }) => publicIp === ip));
  if (unknown !== undefined) throw new Ec2Error("InvalidAddress.NotFound", `Address '${unknown}' not found.`);
  return () => {
    const named = ({ id, publicIp }: Address): boolean =>
      (ids.length === 0 || ids.includes(id)) && (publicIps.length === 0 || publicIps.includes(publicIp));
    const rows = all.filter((row) => named(row) && keep(row));
    return list(
      "addressesSet",
      rows.map((row) => addressXml(call, row)),
    );
  };
}
