import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Contexts } from "./account.js";
import { awsxService } from "./awsx/service.js";
import { Clients } from "./calls/clients.js";
import { service } from "./service.js";

export interface ProviderOptions {
  /** Where every AWS service is. */
  readonly endpoint: string;
  /** Relative paths of assets and archives start here. */
  readonly projectRoot: string;
}

/** Archives travel inside messages; the engine's own limit is 400 MB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/** The stand-ins for two official providers, each behind a port of its own, as engines expect. */
export interface Providers {
  readonly aws: number;
  readonly awsx: number;
  close(): Promise<void>;
}

/** Serves the stand-ins on loopback. Engines attach with `PULUMI_DEBUG_PROVIDERS=aws:<port>,awsx:<port>`, any number at
 * a time. */
export async function startProviders(options: ProviderOptions): Promise<Providers> {
  const clients = new Clients(options.endpoint);
  const [aws, awsx] = [makeServer(), makeServer()];
  aws.addService(ResourceProviderService, service(new Contexts(clients, options.projectRoot)));
  awsx.addService(ResourceProviderService, awsxService());
  const [awsPort, awsxPort] = [await listen(aws), await listen(awsx)];
  return {
    aws: awsPort,
    awsx: awsxPort,
    async close() {
      // Engines keep their connections; what is under way fails, as when a plugin ends.
      awsx.forceShutdown();
      aws.forceShutdown();
      clients.close();
    },
  };
}

const makeServer = () =>
  new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });

function listen(server: Server): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:0`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
}
