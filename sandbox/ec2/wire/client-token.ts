import { hash } from "node:crypto";
import type { Call } from "../call.js";
import type { ClientToken } from "../state/base.js";
import type { Entity } from "../state/model.js";
import { Ec2Error } from "./errors.js";
import type { Params } from "./protocol.js";

/**
 * EC2 developer guide, "Ensuring idempotency": the same token with the same parameters gives the same resources, with other
 * parameters IdempotentParameterMismatch. A token is remembered as long as its resources.
 */
export function readClientToken(params: Params): ClientToken | undefined {
  const token = params.optional("ClientToken");
  if (token === undefined || token === "") return undefined;
  if (token.length > 64) throw new Ec2Error("InvalidClientToken", "A client token has at most 64 ASCII characters");
  return { token, hash: hash("sha256", params.fingerprint("ClientToken", "DryRun"), "base64url") };
}

/** What the token made before; then the parameters need no second look, which might find the world changed. */
export function madeBefore<T extends Entity & { readonly token?: ClientToken }>(
  call: Call,
  params: Params,
  kind: T["kind"],
  token: ClientToken | undefined,
  find: (id: string) => T | undefined,
): T[] {
  if (!token) return [];
  const made = [...(call.shelf.tokens.get(`${kind} ${token.token}`) ?? [])].flatMap((id) => find(id) ?? []);
  if (made.some((one) => one.token?.hash !== token.hash)) {
    throw tokenMismatch();
  }
  if (made.length > 0) params.acceptAll();
  return made;
}

/** The same token with other parameters. */
export const tokenMismatch = () =>
  new Ec2Error(
    "IdempotentParameterMismatch",
    "The client token you have provided is associated with a resource whose launch parameters do not match.",
  );
