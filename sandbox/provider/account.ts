import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { Clients } from "./calls/clients.js";
import type { ProviderConfig } from "./config.js";
import type { Context } from "./resource/resource.js";

/** Makes the contexts of one sandbox; asks for the account once. */
export class Contexts {
  readonly #clients: Clients;
  readonly #projectRoot: string;
  #account: Promise<string> | undefined;

  constructor(clients: Clients, projectRoot: string) {
    this.#clients = clients;
    this.#projectRoot = projectRoot;
  }

  async get(region: string): Promise<Context> {
    const clients = this.#clients;
    return {
      region,
      account: await this.account(region),
      partition: partitionOf(region),
      projectRoot: this.#projectRoot,
      client: (type) => clients.get(type, region),
    };
  }

  async account(region: string): Promise<string> {
    this.#account ??= this.#ask(region);
    try {
      return await this.#account;
    } catch (error) {
      this.#account = undefined;
      throw error;
    }
  }

  /** Refuses an account that the provider's arguments exclude, in the official provider's words. */
  async guard(config: ProviderConfig): Promise<void> {
    const { allowedAccountIds: allowed, forbiddenAccountIds: forbidden } = config;
    if (allowed.length === 0 && forbidden.length === 0) return;
    const account = await this.account(config.region);
    const refused = forbidden.includes(account) || (allowed.length > 0 && !allowed.includes(account));
    if (refused) throw new Error(`AWS account ID not allowed: ${account}`);
  }

  async #ask(region: string): Promise<string> {
    const identity = await this.#clients.get(STSClient, region).send(new GetCallerIdentityCommand({}));
    if (!identity.Account) throw new Error("sts:GetCallerIdentity gave no account");
    return identity.Account;
  }
}

/** AWS partitions are told apart by the region's name (General Reference: ARNs). */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
