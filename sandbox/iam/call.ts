import type { IncomingHttpHeaders } from "node:http";
import { Context, UnknownInPolicy } from "./context.js";
import type { Access, Caller } from "./evaluate.js";

/** A request, as far as rights go. */
export interface Asked {
  readonly service: string;
  /** The API's operation. */
  readonly action: string;
  readonly region: string;
  readonly account: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer | undefined;
}

/** A right, and where else than in the role's policies it may be allowed or denied. */
export interface Need extends Access {
  /** ARN of a resource with a policy of its own: bucket, key, topic, queue or function. */
  readonly guardedBy?: string;
  /** What the call is about is not there: any statement about the action is enough, the service says what is missing. */
  readonly missing?: true;
}

/** Makes needs of one request. */
export class Needs {
  readonly #asked: Asked;
  readonly #caller: Caller;
  readonly #now: number;

  constructor(asked: Asked, caller: Caller, now: number) {
    this.#asked = asked;
    this.#caller = caller;
    this.#now = now;
  }

  /** ARN of something in the region and account of the request. */
  arn(service: string, rest: string): string {
    return `arn:aws:${service}:${this.#asked.region}:${this.#asked.account}:${rest}`;
  }

  need(
    action: string,
    resource: string,
    keys: Readonly<Record<string, string | readonly string[] | undefined>> = {},
  ): Need {
    return { action, resource, context: new Context({ ...this.#global(), ...keys }) };
  }

  /** The same for a resource that has a policy of its own. */
  guarded(action: string, resource: string, guardedBy = resource, keys: Readonly<Record<string, string>> = {}): Need {
    return { ...this.need(action, resource, keys), guardedBy };
  }

  /** What KMS asks when a service uses a key for the caller (KMS developer guide, "kms:ViaService"). */
  viaService(service: string, key: string, ...actions: readonly string[]): Need[] {
    const { region, account } = this.#asked;
    const where = key.split(":")[3] ?? region;
    const keys = { "kms:ViaService": `${service}.${where}.amazonaws.com`, "kms:CallerAccount": account };
    return actions.map((action) =>
      this.guarded(
        `kms:${action}`,
        key,
        key,
        action === "CreateGrant" ? { ...keys, "kms:GrantIsForAWSResource": "true" } : keys,
      ),
    );
  }

  #global(): Record<string, string> {
    const { region, account } = this.#asked;
    const { roleArn, sessionArn } = this.#caller;
    return {
      "aws:CurrentTime": new Date(this.#now).toISOString(),
      "aws:EpochTime": String(Math.floor(this.#now / 1000)),
      "aws:PrincipalAccount": account,
      "aws:PrincipalArn": roleArn,
      "aws:PrincipalType": "AssumedRole",
      "aws:RequestedRegion": region,
      "aws:ResourceAccount": account,
      // Plain HTTP is the sandbox's way; on AWS the same program speaks TLS.
      "aws:SecureTransport": "true",
      "aws:SourceIp": "127.0.0.1",
      "aws:userid": sessionArn.split("/").slice(1).join(":"),
    };
  }
}

/** What the sandbox cannot tell the rights of. */
export const notJudged = ({ service, action }: Pick<Asked, "service" | "action">): UnknownInPolicy =>
  new UnknownInPolicy(`the rights that ${service}:${action} needs of a role`);

/** Parameters of a request in a JSON protocol. */
export function json({ body }: Asked): Readonly<Record<string, unknown>> {
  const value: unknown = body && body.length > 0 ? JSON.parse(body.toString("utf8")) : {};
  // Whatever it is, its fields are looked at one by one.
  return typeof value === "object" && value !== null ? (value as Readonly<Record<string, unknown>>) : {};
}

/** Parameters of a request in the query protocol. */
export const form = ({ body, query }: Asked): URLSearchParams =>
  body && body.length > 0 ? new URLSearchParams(body.toString("utf8")) : query;

export const text = (value: unknown): string => (typeof value === "string" ? value : "");

/** The objects of a list. */
export const objects = (value: unknown): Readonly<Record<string, unknown>>[] =>
  (Array.isArray(value) ? value : []).filter(
    (one): one is Readonly<Record<string, unknown>> => typeof one === "object" && one !== null,
  );
