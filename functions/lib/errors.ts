/** Errors whose `name` is an API: the state machine's Retry and Catch match on it; InvalidInput, which the kinds throw too, lies with them. */

/** Another execution holds the lease: this one must stop at once. Never retried. */
export class LeaseLost extends Error {
  override readonly name = "LeaseLost";
}

/** AWS asked to slow down where the whole step depends on the answer. Retried by the state machine. */
export class Throttled extends Error {
  override readonly name = "Throttled";
}
