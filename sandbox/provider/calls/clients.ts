/** What every AWS client is made with. */
export interface ClientConfig {
  readonly region: string;
  readonly endpoint: string;
  readonly credentials: { readonly accessKeyId: string; readonly secretAccessKey: string };
  readonly maxAttempts: number;
}

type ClientClass<C> = new (config: ClientConfig) => C;

/** Clients by class and region, made once: a client keeps its connections. */
export class Clients {
  readonly #endpoint: string;
  readonly #made = new Map<unknown, Map<string, { destroy(): void }>>();

  constructor(endpoint: string) {
    this.#endpoint = endpoint;
  }

  get<C extends { destroy(): void }>(type: ClientClass<C>, region: string): C {
    const byRegion = this.#made.get(type) ?? new Map<string, { destroy(): void }>();
    this.#made.set(type, byRegion);
    const made = byRegion.get(region) ?? new type(this.#config(region));
    byRegion.set(region, made);
    // The map's key is the class, so what it holds is of that class.
    return made as C;
  }

  close(): void {
    for (const byRegion of this.#made.values()) for (const client of byRegion.values()) client.destroy();
    this.#made.clear();
  }

  #config(region: string): ClientConfig & { forcePathStyle: true } {
    return {
      region,
      endpoint: this.#endpoint,
      credentials: { accessKeyId: "test", secretAccessKey: "test" },
      maxAttempts: 3,
      // S3 only: one host serves every bucket. Other clients do not look at it.
      forcePathStyle: true,
    };
  }
}
