import type { Store } from "./store.js";

/** A request, read. */
export interface Call {
  readonly region: string;
  readonly account: string;
  /** The name or ARN in the path. */
  readonly name: string;
  readonly query: URLSearchParams;
  readonly body: Readonly<Record<string, unknown>>;
  readonly now: number;
  readonly store: Store;
}
