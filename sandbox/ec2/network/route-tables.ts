import type { Call, Commit } from "../call.js";
import { freshId } from "../state/ids.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { madeBefore, readClientToken } from "../wire/client-token.js";
import { Ec2Error, invalidValue, unsupported } from "../wire/errors.js";
import type { FilterTable } from "../wire/filters.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf, list } from "../wire/xml.js";
import { dependencyViolation, describe, findOne } from "./common.js";
import type { Route, RouteTable } from "./model.js";

const isMain = (table: RouteTable): boolean => table.associations.some(({ subnet }) => subnet === undefined);

/** API_Route, State: "blackhole ... the specified gateway isn't attached to the VPC". */
const stateOf = (call: Call, table: RouteTable, route: Route): string => {
  const gateway = route.gateway === undefined ? undefined : call.shelf.internetGateways.get(route.gateway);
  const nat = route.natGateway === undefined ? undefined : call.shelf.natGateways.get(route.natGateway);
  return gateway?.vpc === table.vpc || nat?.state === "available" ? "active" : "blackhole";
};

const routeXml = (call: Call, table: RouteTable, route: Route): string =>
  leaf("destinationCidrBlock", route.destination) +
  leaf("gatewayId", route.gateway) +
  leaf("natGatewayId", route.natGateway) +
  leaf("state", stateOf(call, table, route)) +
  leaf("origin", "CreateRoute");

const localCidr = (call: Call, table: RouteTable): string => call.shelf.vpcs.get(table.vpc)?.cidr ?? "";

const localXml = (call: Call, table: RouteTable): string =>
  leaf("destinationCidrBlock", localCidr(call, table)) +
  leaf("gatewayId", "local") +
  leaf("state", "active") +
  leaf("origin", "CreateRouteTable");

const associated = branch("associationState", leaf("state", "associated"));

const tableXml = (call: Call, table: RouteTable): string =>
  leaf("routeTableId", table.id) +
  leaf("vpcId", table.vpc) +
  leaf("ownerId", call.context.account) +
  list("routeSet", [localXml(call, table), ...table.routes.map((route) => routeXml(call, table, route))]) +
  list(
    "associationSet",
    table.associations.map(
      ({ id, subnet }) =>
        leaf("routeTableAssociationId", id) +
        leaf("routeTableId", table.id) +
        leaf("subnetId", subnet) +
        leaf("main", subnet === undefined) +
        associated,
    ),
  ) +
  list("propagatingVgwSet", []) +
  tagSet(table.tags);

/** API_CreateRouteTable. */
export function createRouteTable(call: Call, params: Params): Commit {
  const token = readClientToken(params);
  const [before] = madeBefore(call, params, "route-table", token, (id) => call.shelf.routeTables.get(id));
  if (before) return () => branch("routeTable", tableXml(call, before));
  const vpc = findOne(call, "vpc", params.required("VpcId"), "vpcId");
  const tags = readTagSpecifications(params, ["route-table"])["route-table"];
  return () => {
    const table: RouteTable = {
      kind: "route-table",
      id: freshId("rtb"),
      seq: call.store.nextSeq(),
      region: call.region,
      tags,
      vpc: vpc.id,
      routes: [],
      associations: [],
      ...(token ? { token } : {}),
    };
    call.store.commit([{ put: table }]);
    return branch("routeTable", tableXml(call, table)) + leaf("clientToken", token?.token);
  };
}

/** API_DeleteRouteTable: "You must disassociate the route table from any subnets ... You can't delete the main route table". */
export function deleteRouteTable(call: Call, params: Params): Commit {
  const table = findOne(call, "route-table", params.required("RouteTableId"), "routeTableId");
  if (table.associations.length > 0) {
    throw dependencyViolation(`The routeTable '${table.id}' has dependencies and cannot be deleted.`);
  }
  return () => {
    call.store.commit([{ drop: table.id }]);
    return leaf("return", true);
  };
}

/** API_AssociateRouteTable: with a subnet; "A subnet can only be associated with one route table at a time". */
export function associateRouteTable(call: Call, params: Params): Commit {
  const table = findOne(call, "route-table", params.required("RouteTableId"), "routeTableId");
  const subnet = findOne(call, "subnet", params.required("SubnetId"), "subnetId");
  if (subnet.vpc !== table.vpc) {
    throw invalidValue(`Route table ${table.id} and subnet ${subnet.id} belong to different networks`);
  }
  const other = [...call.shelf.routeTables.after()].find((one) =>
    one.associations.some((association) => association.subnet === subnet.id),
  );
  if (other) {
    const message = `the specified association for route table ${table.id} conflicts with an existing association`;
    throw new Ec2Error("Resource.AlreadyAssociated", message);
  }
  return () => {
    const id = freshId("rtbassoc");
    call.store.commit([{ put: { ...table, associations: [...table.associations, { id, subnet: subnet.id }] } }]);
    return leaf("associationId", id) + associated;
  };
}

function findAssociated(call: Call, id: string): RouteTable {
  const table = [...call.shelf.routeTables.after()].find((one) => one.associations.some((a) => a.id === id));
  if (!table) throw new Ec2Error("InvalidAssociationID.NotFound", `The association ID '${id}' does not exist`);
  if (isMain(table) && table.associations.some((a) => a.id === id && a.subnet === undefined)) {
    throw unsupported("The sandbox keeps the main route table of a VPC");
  }
  return table;
}

const without = (table: RouteTable, association: string): RouteTable => ({
  ...table,
  associations: table.associations.filter(({ id }) => id !== association),
});

/** API_DisassociateRouteTable: the subnet falls back to the main route table. */
export function disassociateRouteTable(call: Call, params: Params): Commit {
  const id = params.required("AssociationId");
  const table = findAssociated(call, id);
  return () => {
    call.store.commit([{ put: without(table, id) }]);
    return leaf("return", true);
  };
}

/** API_ReplaceRouteTableAssociation: the subnet gets another route table, and the association another id. */
export function replaceRouteTableAssociation(call: Call, params: Params): Commit {
  const id = params.required("AssociationId");
  const from = findAssociated(call, id);
  const to = findOne(call, "route-table", params.required("RouteTableId"), "routeTableId");
  const subnet = from.associations.find((one) => one.id === id)?.subnet;
  if (to.vpc !== from.vpc) throw invalidValue(`Route table ${to.id} and ${from.id} belong to different networks`);
  return () => {
    const newId = freshId("rtbassoc");
    const left = without(from, id);
    const base = to.id === from.id ? left : to;
    const put = { ...base, associations: [...base.associations, { id: newId, ...(subnet ? { subnet } : {}) }] };
    call.store.commit(to.id === from.id ? [{ put }] : [{ put: left }, { put }]);
    return leaf("newAssociationId", newId) + associated;
  };
}

/** The route tables that change when a subnet goes. */
export function withoutSubnet(call: Call, subnet: string): RouteTable[] {
  const tables = [...call.shelf.routeTables.after()].filter((one) => one.associations.some((a) => a.subnet === subnet));
  return tables.map((table) => ({ ...table, associations: table.associations.filter((a) => a.subnet !== subnet) }));
}

const filters = (call: Call): FilterTable<RouteTable> => ({
  "association.main": (row) => row.associations.map(({ subnet }) => subnet === undefined),
  "association.route-table-association-id": (row) => row.associations.map(({ id }) => id),
  "association.route-table-id": (row) => row.associations.map(() => row.id),
  "association.subnet-id": (row) => row.associations.map(({ subnet }) => subnet),
  "owner-id": () => call.context.account,
  "route-table-id": (row) => row.id,
  "route.destination-cidr-block": (row) => [localCidr(call, row), ...row.routes.map(({ destination }) => destination)],
  "route.gateway-id": (row) => ["local", ...row.routes.map(({ gateway }) => gateway)],
  "route.nat-gateway-id": (row) => row.routes.map(({ natGateway }) => natGateway),
  "route.origin": (row) => ["CreateRouteTable", ...row.routes.map(() => "CreateRoute")],
  "route.state": (row) => ["active", ...row.routes.map((route) => stateOf(call, row, route))],
  "vpc-id": (row) => row.vpc,
});

/** API_DescribeRouteTables. */
export const describeRouteTables = (call: Call, params: Params): Commit =>
  describe(call, params, {
    kind: "route-table",
    ids: "RouteTableId",
    set: "routeTableSet",
    filters: filters(call),
    xml: (row) => tableXml(call, row),
    // API_DescribeRouteTables, MaxResults: 5 to 100.
    limits: [5, 100],
  });
