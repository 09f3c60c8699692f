import { Server, ServerCredentials } from "@grpc/grpc-js";
import { ResourceProviderService } from "@pulumi/pulumi/proto/provider_grpc_pb.js";
import { Contexts } from "./account.js";
import { Clients } from "./clients.js";
import { service } from "./service.js";

export interface ProviderOptions {
  /** Where every AWS service is. */
  readonly endpoint: string;
  /** Relative paths of assets and archives start here. */
  readonly projectRoot: string;
  /** Any free port without it. */
  readonly port?: number;
}

/** Archives travel inside messages; the engine's own limit is 400 MB. */
const MAX_MESSAGE_BYTES = 400 * 1024 * 1024;

/**
 * Serves the stand-in for the official `aws` provider on loopback. Engines attach with
 * `PULUMI_DEBUG_PROVIDERS=aws:<port>`, any number at a time.
 */
export async function startProvider(options: ProviderOptions): Promise<{ port: number; close(): Promise<void> }> {
  const clients = new Clients(options.endpoint);
  const server = new Server({
    "grpc.max_receive_message_length": MAX_MESSAGE_BYTES,
    "grpc.max_send_message_length": MAX_MESSAGE_BYTES,
  });
  server.addService(ResourceProviderService, service(new Contexts(clients, options.projectRoot)));
  const port = await listen(server, options.port ?? 0);
  return {
    port,
    async close() {
      // Engines keep their connections; what is under way fails, as when a plugin ends.
      server.forceShutdown();
      clients.close();
    },
  };
}

function listen(server: Server, port: number): Promise<number> {
  return new Promise((resolve, reject) => {
    server.bindAsync(`127.0.0.1:${port}`, ServerCredentials.createInsecure(), (error, bound) => {
      if (error) reject(error);
      else resolve(bound);
    });
  });
}
