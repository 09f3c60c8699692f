import type { AwsError } from "../errors.js";

/** Parameters of a request in a JSON protocol. */
export type Parameters = Readonly<Record<string, unknown>>;

/** The error for what the sandbox does not do. */
export function unsupported(what: string): AwsError {
  return { status: 400, code: "SandboxUnsupported", message: `the sandbox does not know ${what}` };
}
