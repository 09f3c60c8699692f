import type { Call, Commit } from "../call.js";
import { freshId } from "../state/ids.js";
import { readTagSpecifications, tagSet } from "../tags.js";
import { Ec2Error } from "../wire/errors.js";
import type { FilterTable } from "../wire/filters.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf, list } from "../wire/xml.js";
import { dependencyViolation, describe, findOne, liveInstances, liveNatGateways } from "./common.js";
import type { InternetGateway } from "./model.js";

const gatewayXml = (call: Call, gateway: InternetGateway): string =>
  leaf("internetGatewayId", gateway.id) +
  leaf("ownerId", call.context.account) +
  list("attachmentSet", gateway.vpc === undefined ? [] : [leaf("vpcId", gateway.vpc) + leaf("state", "available")]) +
  tagSet(gateway.tags);

/** API_CreateInternetGateway. */
export function createInternetGateway(call: Call, params: Params): Commit {
  const tags = readTagSpecifications(params, ["internet-gateway"])["internet-gateway"];
  return () => {
    const { region } = call;
    const seq = call.store.nextSeq();
    const gateway: InternetGateway = { kind: "internet-gateway", id: freshId("igw"), seq, region, tags };
    call.store.commit([{ put: gateway }]);
    return branch("internetGateway", gatewayXml(call, gateway));
  };
}

const readGateway = (call: Call, params: Params): InternetGateway =>
  findOne(call, "internet-gateway", params.required("InternetGatewayId"), "internetGatewayId");

/** API_AttachInternetGateway: one gateway a VPC, one VPC a gateway. */
export function attachInternetGateway(call: Call, params: Params): Commit {
  const gateway = readGateway(call, params);
  const vpc = findOne(call, "vpc", params.required("VpcId"), "vpcId");
  if (gateway.vpc !== undefined) {
    throw new Ec2Error(
      "Resource.AlreadyAssociated",
      `resource ${gateway.id} is already attached to network ${gateway.vpc}`,
    );
  }
  if ([...call.shelf.internetGateways.after()].some((one) => one.vpc === vpc.id)) {
    throw new Ec2Error("InvalidParameterValue", `Network ${vpc.id} already has an internet gateway attached`);
  }
  return () => {
    call.store.commit([{ put: { ...gateway, vpc: vpc.id } }]);
    return leaf("return", true);
  };
}

/** API_DetachInternetGateway: "The VPC must not contain any running instances with Elastic IP addresses or public IPv4 addresses". */
export function detachInternetGateway(call: Call, params: Params): Commit {
  const gateway = readGateway(call, params);
  const vpc = findOne(call, "vpc", params.required("VpcId"), "vpcId");
  if (gateway.vpc !== vpc.id) {
    throw new Ec2Error("Gateway.NotAttached", `resource ${gateway.id} is not attached to network ${vpc.id}`);
  }
  const mapped =
    liveInstances(call).some((one) => one.vpc === vpc.id && one.publicIp !== undefined) ||
    liveNatGateways(call).some((one) => one.vpc === vpc.id && one.allocation !== undefined);
  if (mapped) {
    const hint = "Please unmap those public address(es) before detaching the gateway.";
    throw dependencyViolation(`Network ${vpc.id} has some mapped public address(es). ${hint}`);
  }
  return () => {
    const { vpc: _, ...put } = gateway;
    call.store.commit([{ put }]);
    return leaf("return", true);
  };
}

/** API_DeleteInternetGateway: "You must detach the internet gateway from the VPC before you can delete it". */
export function deleteInternetGateway(call: Call, params: Params): Commit {
  const gateway = readGateway(call, params);
  if (gateway.vpc !== undefined) {
    throw dependencyViolation(`The internetGateway '${gateway.id}' has dependencies and cannot be deleted.`);
  }
  return () => {
    call.store.commit([{ drop: gateway.id }]);
    return leaf("return", true);
  };
}

const filters = (call: Call): FilterTable<InternetGateway> => ({
  "attachment.state": (row) => row.vpc && "available",
  "attachment.vpc-id": (row) => row.vpc,
  "internet-gateway-id": (row) => row.id,
  "owner-id": () => call.context.account,
});

/** API_DescribeInternetGateways. */
export const describeInternetGateways = (call: Call, params: Params): Commit =>
  describe(call, params, {
    kind: "internet-gateway",
    ids: "InternetGatewayId",
    set: "internetGatewaySet",
    filters: filters(call),
    xml: (row) => gatewayXml(call, row),
  });
