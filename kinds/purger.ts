/** How all that a deployment made of a kind is removed, for test environments: types only. The command alone does it, with a person's rights. */

/** Where and as whom AWS is called. */
export interface ClientConfig {
  readonly region: string;
  readonly endpoint?: string;
  readonly maxAttempts?: number;
  readonly useFipsEndpoint?: false;
  readonly useDualstackEndpoint?: false;
  readonly credentials?: { readonly accessKeyId: string; readonly secretAccessKey: string };
}

/** What a purge did in one region. */
export interface Purged {
  readonly deleted: number;
  /** Artifacts that could not be deleted, and why. */
  readonly kept: readonly string[];
}

export interface Purger {
  /** Artifacts of a deployment in a region that AWS would not delete, and why. */
  unpurgeable(deployment: string, config: ClientConfig): Promise<readonly string[]>;
  /** Deletes all of a deployment's in a region: nothing brings them back. */
  purge(deployment: string, config: ClientConfig): Promise<Purged>;
}
