import { hash } from "node:crypto";
import type { Call } from "./call.js";
import { incompatibleToken } from "./errors.js";
import type { ClientToken, Entity } from "./state/model.js";

/**
 * "If a backup with the specified client request token exists and the parameters match, this operation returns the description
 * of the existing backup ... don't match, IncompatibleParameterError" (API_CreateBackup; the same of the other calls that make
 * something). A token is remembered as long as what it made: how long AWS does is not documented.
 */
export function readToken({ input }: Pick<Call, "input">, action: string): ClientToken | undefined {
  const { ClientRequestToken: token, ...parameters } = input;
  // The model says that it is text.
  return typeof token === "string"
    ? { token: `${action} ${token}`, hash: hash("sha256", canonical(parameters)) }
    : undefined;
}

/** What the token made before. */
export function madeBefore<T extends Entity>(rows: readonly T[], token: ClientToken | undefined): T | undefined {
  const made = token && rows.find((one) => one.token?.token === token.token);
  if (made && made.token?.hash !== token.hash) throw incompatibleToken();
  return made;
}

/** The same text for the same parameters, in whatever order they came. */
const canonical = (value: unknown): string =>
  JSON.stringify(value, (_, one: unknown) =>
    typeof one === "object" && one !== null && !Array.isArray(one)
      ? Object.fromEntries(Object.entries(one).sort(([a], [b]) => (a < b ? -1 : 1)))
      : one,
  );
