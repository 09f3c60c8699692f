import type { PlaneRequest } from "../../plane.js";
import { Ec2Error, invalidValue, missingParameter, unknownParameter } from "./errors.js";

/** Parameters of the query protocol itself, and of signed URLs: not the action's business. */
const PROTOCOL = /^(Action|Version|X-Amz-.*|AWSAccessKeyId|Signature.*|Timestamp|Expires|SecurityToken)$/;

const API_VERSION = "2016-11-15";

/**
 * The parameters of one request of the EC2 query protocol, or of one structure in it. Remembers what was read, so that a
 * parameter nobody asked for can be named instead of ignored.
 */
export class Params {
  readonly #values: ReadonlyMap<string, string>;
  readonly #read: Set<string>;
  readonly #prefix: string;

  constructor(values: ReadonlyMap<string, string>, read = new Set<string>(), prefix = "") {
    this.#values = values;
    this.#read = read;
    this.#prefix = prefix;
  }

  optional(name: string): string | undefined {
    const key = this.#prefix + name;
    const value = this.#values.get(key);
    if (value !== undefined) this.#read.add(key);
    return value;
  }

  required(name: string): string {
    const value = this.optional(name);
    if (value === undefined || value === "") throw missingParameter(this.#prefix + name);
    return value;
  }

  boolean(name: string): boolean | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (value.toLowerCase() === "true") return true;
    if (value.toLowerCase() === "false") return false;
    throw invalidValue(`Invalid value '${value}' for ${this.#prefix}${name}: expected true or false`);
  }

  integer(name: string): number | undefined {
    const value = this.optional(name);
    if (value === undefined) return undefined;
    if (!/^-?\d{1,15}$/.test(value)) {
      throw invalidValue(`Invalid value '${value}' for ${this.#prefix}${name}: expected an integer`);
    }
    return Number(value);
  }

  /** `Name.1`, `Name.2`, …; a gap in the numbers does not end the list. */
  strings(name: string): string[] {
    return this.#indexes(name).flatMap((index) => this.optional(`${name}.${index}`) ?? []);
  }

  /** A list of structures: `Name.1.Key`, `Name.1.Value`, … */
  structures(name: string): Params[] {
    return this.#indexes(name).map((index) => this.structure(`${name}.${index}`));
  }

  structure(name: string): Params {
    return new Params(this.#values, this.#read, `${this.#prefix}${name}.`);
  }

  has(name: string): boolean {
    const key = this.#prefix + name;
    if (this.#values.has(key)) return true;
    for (const other of this.#values.keys()) if (other.startsWith(`${key}.`)) return true;
    return false;
  }

  /** All that is under a prefix, by the rest of the name; counts as read. */
  allUnder(prefix: string): Readonly<Record<string, string>> {
    const start = this.#prefix + prefix;
    const found = [...this.#values].filter(([key]) => key.startsWith(start));
    for (const [key] of found) this.#read.add(key);
    return Object.fromEntries(found.map(([key, value]) => [key.slice(start.length), value]));
  }

  /** These parameters, with others where the request says nothing; what is read of the request counts as read. */
  withDefaults(defaults: ReadonlyMap<string, string>): Params {
    return new Params(new Map([...defaults, ...this.#values]), this.#read, this.#prefix);
  }

  /** For a request that was read before: its parameters are known to be good. */
  acceptAll(): void {
    for (const key of this.#values.keys()) this.#read.add(key);
  }

  /** Throws for the first parameter that no one has read. */
  refuseUnread(): void {
    for (const key of this.#values.keys()) {
      if (!this.#read.has(key) && !PROTOCOL.test(key)) throw unknownParameter(key);
    }
  }

  /** The same for the same request, whatever the order; without the parameter named. For idempotency and page tokens. */
  fingerprint(...without: readonly string[]): string {
    const pairs = [...this.#values].filter(([key]) => !PROTOCOL.test(key) && !without.includes(key));
    return pairs
      .sort(([a], [b]) => (a < b ? -1 : 1))
      .map(([key, value]) => `${key}=${encodeURIComponent(value)}`)
      .join("&");
  }

  #indexes(name: string): number[] {
    const prefix = `${this.#prefix}${name}.`;
    const indexes = new Set<number>();
    for (const key of this.#values.keys()) {
      if (!key.startsWith(prefix)) continue;
      const digits = /^(\d+)(\.|$)/.exec(key.slice(prefix.length));
      if (digits) indexes.add(Number(digits[1]));
    }
    return [...indexes].sort((a, b) => a - b);
  }
}

/** Takes the action and its parameters out of the form body, or of the query string of a GET. */
export function parseRequest(request: PlaneRequest): { action: string; params: Params } {
  const form = request.body.length > 0 ? new URLSearchParams(request.body.toString("utf8")) : request.query;
  const values = new Map(form);
  const action = values.get("Action");
  if (!action) throw new Ec2Error("MissingAction", "The request must contain the parameter Action");
  const version = values.get("Version");
  if (version !== undefined && version !== API_VERSION) {
    throw new Ec2Error("NoSuchVersion", `The requested version (${version}) of service AmazonEC2 is not valid`);
  }
  return { action, params: new Params(values) };
}
