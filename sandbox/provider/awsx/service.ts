import type { ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import * as pb from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import { answer } from "../answer.js";
import { decode, encode, type Props, resourceReference } from "../wire.js";
import { Monitor, type Registered, type Shared } from "./monitor.js";
import { makeVpc, type VpcResult } from "./vpc.js";

/** The version of the official `awsx` that this one stands in for. */
const VERSION = "3.9.0";
const VPC = "awsx:ec2:Vpc";

type Construct = ServerUnaryCall<pb.ConstructRequest, pb.ConstructResponse>;

/** The engine's side of the stand-in for `awsx`: it has nothing to configure, and one component. */
export function awsxService(): UntypedServiceImplementation {
  return {
    handshake: answer(() => new pb.ProviderHandshakeResponse().setAcceptSecrets(true)),
    attach: answer(() => new Empty()),
    cancel: answer(() => new Empty()),
    getPluginInfo: answer(() => new PluginInfo().setVersion(VERSION)),
    checkConfig: answer((call: ServerUnaryCall<pb.CheckRequest, pb.CheckResponse>) =>
      new pb.CheckResponse().setInputs(call.request.getNews()),
    ),
    diffConfig: answer(() => new pb.DiffResponse().setChanges(pb.DiffResponse.DiffChanges.DIFF_NONE)),
    // The engine wants secrets understood. Otherwise values come plain, without references and dependencies.
    configure: answer(() => new pb.ConfigureResponse().setAcceptsecrets(true)),
    construct: answer((call: Construct) => construct(call.request)),
  };
}

async function construct(request: pb.ConstructRequest): Promise<pb.ConstructResponse> {
  const [type, name] = [request.getType(), request.getName()];
  if (type !== VPC) throw new Error(`the sandbox does not know the component ${type}`);
  refuseOptions(request);
  const { props, secrets } = decode(request.getInputs());
  if (secrets.length > 0) throw new Error(`${VPC}: ${name}: the sandbox takes no secret arguments here`);
  const shared: Shared = {
    providers: new Map(request.getProvidersMap().entries()),
    protect: request.hasProtect() ? request.getProtect() : undefined,
    retainOnDelete: request.hasRetainondelete() ? request.getRetainondelete() : undefined,
  };
  const monitor = new Monitor(request.getMonitorendpoint(), shared);
  try {
    const component = await monitor.component(
      { type, name, parent: request.getParent(), inputs: {} },
      { aliases: request.getAliasesList(), dependencies: request.getDependenciesList() },
    );
    const made = await makeVpc(name, props, component.urn, monitor);
    const { outputs, dependencies } = stateOf(made);
    await monitor.outputs(component.urn, outputs);
    const response = new pb.ConstructResponse().setUrn(component.urn).setState(encode(outputs));
    for (const [output, resources] of Object.entries(dependencies)) {
      const urns = new pb.ConstructResponse.PropertyDependencies().setUrnsList(resources.map(({ urn }) => urn));
      response.getStatedependenciesMap().set(output, urns);
    }
    return response;
  } finally {
    monitor.close();
  }
}

/** Options that nobody here passes on to the resources of a component. */
function refuseOptions(request: pb.ConstructRequest): void {
  const given: Readonly<Record<string, boolean>> = {
    additionalSecretOutputs: request.getAdditionalsecretoutputsList().length > 0,
    deletedWith: request.getDeletedwith() !== "",
    ignoreChanges: request.getIgnorechangesList().length > 0,
    replaceOnChanges: request.getReplaceonchangesList().length > 0,
    replaceWith: request.getReplaceWithList().length > 0,
    replacementTrigger: request.hasReplacementTrigger(),
  };
  const found = Object.keys(given).find((name) => given[name]);
  if (found !== undefined) throw new Error(`${VPC}: the sandbox does not know the option "${found}" of a component`);
}

/** The outputs, and which resources each of them comes from. */
function stateOf({ one, resources, ids, subnetLayout }: VpcResult) {
  const { vpc, internetGateway } = one;
  const toReference = ({ urn, id }: Registered): Props => resourceReference(urn, id);
  const map = <T>(of: Readonly<Record<string, readonly Registered[]>>, to: (one: Registered) => T) =>
    Object.fromEntries(Object.entries(of).map(([name, list]) => [name, list.map(to)]));
  const outputs: Props = {
    vpc: toReference(vpc),
    vpcId: vpc.id,
    internetGateway: toReference(internetGateway),
    ...map(resources, toReference),
    ...map(ids, ({ id }) => id),
    subnetLayout,
  };
  const dependencies: Readonly<Record<string, readonly Registered[]>> = {
    vpc: [vpc],
    vpcId: [vpc],
    internetGateway: [internetGateway],
    ...resources,
    ...ids,
  };
  return { outputs, dependencies };
}
