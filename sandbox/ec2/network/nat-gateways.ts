import type { Call, Commit } from "../call.js";
import { freshId, notFound } from "../state/ids.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { madeBefore, readClientToken } from "../wire/client-token.js";
import { Ec2Error, invalidCombination, invalidValue, missingParameter } from "../wire/errors.js";
import type { FilterTable } from "../wire/filters.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf, list, timestamp } from "../wire/xml.js";
import { associationOf, interfaceOf, userOf } from "./addresses.js";
import { describe, findOne } from "./common.js";
import type { Address, NatGateway, Subnet } from "./model.js";
import { freeAddresses } from "./subnet-addresses.js";

type Shown = NatGateway["state"] | "pending" | "deleting";

function natXml(call: Call, nat: NatGateway, state: Shown = nat.state): string {
  const address = nat.allocation === undefined ? undefined : call.shelf.addresses.get(nat.allocation);
  const own =
    leaf("networkInterfaceId", interfaceOf(nat.id)) +
    leaf("privateIp", nat.privateIp) +
    leaf("isPrimary", true) +
    leaf("status", "succeeded");
  return (
    leaf("natGatewayId", nat.id) +
    leaf("vpcId", nat.vpc) +
    leaf("subnetId", nat.subnet) +
    leaf("state", state) +
    leaf("connectivityType", nat.connectivity) +
    leaf("createTime", timestamp(nat.createdAt)) +
    leaf("deleteTime", nat.deletedAt === undefined ? undefined : timestamp(nat.deletedAt)) +
    list("natGatewayAddressSet", [
      (address
        ? leaf("allocationId", address.id) +
          leaf("publicIp", address.publicIp) +
          leaf("associationId", associationOf(address.id, nat.id))
        : "") + own,
    ]) +
    tagSet(nat.tags)
  );
}

/** The address of a public NAT gateway, which nobody else has; its VPC needs an internet gateway. */
function readAddress(call: Call, id: string, subnet: Subnet): Address {
  const address = findOne(call, "elastic-ip", id, "allocationId");
  if (userOf(call, address)) {
    throw new Ec2Error("Resource.AlreadyAssociated", `Elastic IP address ${address.id} is already associated`);
  }
  if (![...call.shelf.internetGateways.after()].some(({ vpc }) => vpc === subnet.vpc)) {
    // AWS says so a little later, in a NAT gateway that `failed` (API_NatGateway, FailureCode).
    throw new Ec2Error("Gateway.NotAttached", `Network ${subnet.vpc} has no Internet gateway attached`);
  }
  return address;
}

/**
 * API_CreateNatGateway. The answer says `pending`, the next look finds it available. What AWS reports in a gateway that
 * `failed` is an error of the call here.
 */
export function createNatGateway(call: Call, params: Params): Commit {
  const token = readClientToken(params);
  const [before] = madeBefore(call, params, "natgateway", token, (id) => call.shelf.natGateways.get(id));
  const answer = (nat: NatGateway, state?: Shown): string =>
    branch("natGateway", natXml(call, nat, state)) + leaf("clientToken", token?.token);
  if (before) return () => answer(before);
  const subnet = findOne(call, "subnet", params.required("SubnetId"), "subnetId");
  const connectivity = params.optional("ConnectivityType") ?? "public";
  if (connectivity !== "public" && connectivity !== "private") {
    throw invalidValue(`Value (${connectivity}) for parameter connectivityType is invalid.`);
  }
  const allocation = params.optional("AllocationId");
  if (connectivity === "public" && allocation === undefined) throw missingParameter("AllocationId");
  if (connectivity === "private" && allocation !== undefined) {
    throw invalidCombination("A private NAT gateway has no AllocationId");
  }
  const address = allocation === undefined ? undefined : readAddress(call, allocation, subnet);
  const asked = params.optional("PrivateIpAddress");
  const { natgateway: tags } = readTagSpecifications(params, ["natgateway"]);
  const [privateIp = ""] = freeAddresses(call, subnet, 1, asked);
  return () => {
    const nat: NatGateway = {
      kind: "natgateway",
      id: freshId("nat"),
      seq: call.store.nextSeq(),
      region: call.region,
      tags,
      vpc: subnet.vpc,
      subnet: subnet.id,
      connectivity,
      state: "available",
      createdAt: call.now,
      privateIp,
      ...(address ? { allocation: address.id } : {}),
      ...(token ? { token } : {}),
    };
    call.store.commit([{ put: nat }]);
    return answer(nat, "pending");
  };
}

/** API_DeleteNatGateway: the address is free again, routes to it stay as `blackhole`. Seen as `deleted` for an hour. */
export function deleteNatGateway(call: Call, params: Params): Commit {
  const nat = findOne(call, "natgateway", params.required("NatGatewayId"), "natGatewayId");
  if (nat.state === "deleted") throw notFound("natgateway", [nat.id]);
  return () => {
    const { allocation: _, ...rest } = nat;
    call.store.commit([{ put: { ...rest, state: "deleted", deletedAt: call.now } }]);
    return leaf("natGatewayId", nat.id);
  };
}

const filters: FilterTable<NatGateway> = {
  "nat-gateway-id": (row) => row.id,
  state: (row) => row.state,
  "subnet-id": (row) => row.subnet,
  "vpc-id": (row) => row.vpc,
};

/** API_DescribeNatGateways. */
export const describeNatGateways = (call: Call, params: Params): Commit =>
  describe(call, params, {
    kind: "natgateway",
    ids: "NatGatewayId",
    set: "natGatewaySet",
    filters,
    xml: (row) => natXml(call, row),
  });
