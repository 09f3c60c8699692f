import { hash } from "node:crypto";

/** A token has at most 63 characters of A-Z, a-z, 0-9, `.`, `_` and `-` (FSx API reference, ClientRequestToken). */
const LENGTH = 40;

/**
 * The same call has the same token, whoever repeats it. Deployments of one account may have policies of the same name, and so points
 * of the same id.
 */
export const tokenOf = (deployment: string, ...parts: readonly string[]): string =>
  `lockstep-${hash("sha256", JSON.stringify([deployment, ...parts])).slice(0, LENGTH)}`;
