import type { ServerUnaryCall, UntypedServiceImplementation } from "@grpc/grpc-js";
import { PluginInfo } from "@pulumi/pulumi/proto/plugin_pb.js";
import * as pb from "@pulumi/pulumi/proto/provider_pb.js";
import { Empty } from "google-protobuf/google/protobuf/empty_pb.js";
import type { Contexts } from "./account.js";
import { answer } from "./answer.js";
import { parseConfig } from "./config.js";
import * as messages from "./messages.js";
import { Provider } from "./provider.js";
import { decode } from "./wire.js";

type Call<Q, S> = ServerUnaryCall<Q, S>;

/**
 * The engine's side of the provider. The engine opens one connection for each provider resource and configures it
 * first, so a connection is a configured provider.
 */
export function service(contexts: Contexts): UntypedServiceImplementation {
  const providers = new Map<string, Provider>();
  const providerOf = <Q, S>(call: Call<Q, S>): Provider => {
    const provider = providers.get(call.getPeer());
    if (!provider) throw new Error("provider aws: this connection is not configured");
    return provider;
  };
  const withProvider = <Q, S>(handler: (request: Q, provider: Provider) => S | Promise<S>) =>
    answer<Q, S>((call) => handler(call.request, providerOf(call)));
  return {
    handshake: answer(() => protocol(new pb.ProviderHandshakeResponse())),
    attach: answer(() => new Empty()),
    cancel: answer(() => new Empty()),
    getPluginInfo: answer(() => new PluginInfo().setVersion(VERSION)),
    getSchema: answer(() => {
      throw new Error("the sandbox's provider has no schema; programs use the SDK of the official one");
    }),
    checkConfig: answer((call: Call<pb.CheckRequest, pb.CheckResponse>) => messages.checkConfig(call.request)),
    diffConfig: answer((call: Call<pb.DiffRequest, pb.DiffResponse>) => messages.diffConfig(call.request)),
    configure: answer(async (call: Call<pb.ConfigureRequest, pb.ConfigureResponse>) => {
      const config = parseConfig(decode(call.request.getArgs()).props, process.env);
      await contexts.guard(config);
      providers.set(call.getPeer(), new Provider(config, contexts));
      const response = protocol(new pb.ConfigureResponse());
      response.setSupportspreview(true);
      return response;
    }),
    check: withProvider(messages.check),
    diff: withProvider(messages.diff),
    create: withProvider(messages.create),
    read: withProvider(messages.read),
    update: withProvider(messages.update),
    delete: withProvider(messages.remove),
    invoke: withProvider(messages.invoke),
  };
}

/** The version of the official provider that this one stands in for. */
const VERSION = "7.48.0";

/** The two messages that say what this provider can do name one of their fields differently. */
interface Protocol {
  setAcceptSecrets?(value: boolean): unknown;
  setAcceptsecrets?(value: boolean): unknown;
  setSupportsAutonamingConfiguration(value: boolean): unknown;
}

function protocol<M extends Protocol>(message: M): M {
  message.setAcceptSecrets?.(true);
  message.setAcceptsecrets?.(true);
  message.setSupportsAutonamingConfiguration(true);
  return message;
}
