import { formatCidr, parseCidr } from "../../cidr.js";
import type { Call, Commit } from "../call.js";
import { Ec2Error, invalidCombination, invalidValue } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { leaf } from "../wire/xml.js";
import { findOne } from "./common.js";
import type { Route, RouteTable } from "./model.js";

interface RouteRequest {
  readonly table: RouteTable;
  readonly destination: string;
  readonly known: Route | undefined;
}

function readRequest(call: Call, params: Params): RouteRequest {
  const table = findOne(call, "route-table", params.required("RouteTableId"), "routeTableId");
  const text = params.required("DestinationCidrBlock");
  const cidr = parseCidr(text);
  if (!cidr)
    throw invalidValue(
      `Value (${text}) for parameter destinationCidrBlock is invalid. This is not a valid CIDR block.`,
    );
  const destination = formatCidr(cidr);
  return { table, destination, known: table.routes.find((route) => route.destination === destination) };
}

/** The internet gateway or NAT gateway that a route leads to; it must belong to the VPC. */
function readTarget(call: Call, params: Params, { table, destination }: RouteRequest): Route {
  const gateway = params.optional("GatewayId");
  const natGateway = params.optional("NatGatewayId");
  if ((gateway === undefined) === (natGateway === undefined)) {
    throw invalidCombination("A route needs exactly one target: the sandbox knows GatewayId and NatGatewayId");
  }
  if (gateway !== undefined) {
    const { id, vpc } = findOne(call, "internet-gateway", gateway, "gatewayId");
    if (vpc !== table.vpc) {
      const message = `route table ${table.id} and network gateway ${id} belong to different networks`;
      throw invalidValue(message);
    }
    return { destination, gateway: id };
  }
  const nat = call.shelf.natGateways.get(natGateway ?? "");
  // errors-overview: a code of its own in routes.
  if (nat?.state !== "available") {
    throw new Ec2Error("InvalidNatGatewayID.NotFound", `The natGateway ID '${natGateway}' does not exist`);
  }
  if (nat.vpc !== table.vpc) {
    throw invalidValue(`route table ${table.id} and NAT gateway ${nat.id} belong to different networks`);
  }
  return { destination, natGateway: nat.id };
}

const missing = ({ table, destination }: RouteRequest) =>
  new Ec2Error(
    "InvalidRoute.NotFound",
    `no route with destination-cidr-block ${destination} in route table ${table.id}`,
  );

const put = (call: Call, { table, destination }: RouteRequest, route?: Route): Commit => {
  const others = table.routes.filter((one) => one.destination !== destination);
  return () => {
    call.store.commit([{ put: { ...table, routes: route ? [...others, route] : others } }]);
    return leaf("return", true);
  };
};

/** API_CreateRoute: to an internet gateway or a NAT gateway. */
export function createRoute(call: Call, params: Params): Commit {
  const request = readRequest(call, params);
  const route = readTarget(call, params, request);
  const local = call.shelf.vpcs.get(request.table.vpc)?.cidr;
  if (request.known || request.destination === local) {
    throw new Ec2Error("RouteAlreadyExists", `The route identified by ${request.destination} already exists.`);
  }
  return put(call, request, route);
}

/** API_ReplaceRoute. */
export function replaceRoute(call: Call, params: Params): Commit {
  const request = readRequest(call, params);
  const route = readTarget(call, params, request);
  if (!request.known) throw missing(request);
  return put(call, request, route);
}

/** API_DeleteRoute. The local route cannot go. */
export function deleteRoute(call: Call, params: Params): Commit {
  const request = readRequest(call, params);
  if (!request.known) throw missing(request);
  return put(call, request);
}
