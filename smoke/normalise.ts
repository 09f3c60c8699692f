import type { Side } from "./model.js";

/** Kinds of ids that AWS makes up, by their prefix (EC2 user guide, "Resource IDs"). */
const IDS =
  /\b(?:snap|vol|i|ami|eni|eni-attach|sg|subnet|vpc|r|lt|vpce|acl|dopt|igw|rtb)-(?:[0-9a-f]{17}|[0-9a-f]{8})\b/g;
const UUID = /\b[0-9a-f]{8}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{4}-[0-9a-f]{12}\b/gi;
const TIME = /\b\d{4}-\d\d-\d\dT\d\d:\d\d:\d\d(?:\.\d+)?(?:Z|[+-]\d\d:\d\d)/g;
/** Zones by the id that is the same in every account (EC2 user guide, "Availability Zone IDs"). */
const ZONE_ID = /\b[a-z]{2,4}\d-az\d\b/g;
const ACCOUNT = /\b\d{12}\b/g;
const ADDRESS = /\b(?:\d{1,3}\.){3}\d{1,3}\b/g;
const ACCESS_KEY = /\b(?:AKIA|ASIA)[A-Z0-9]{16}\b/g;
/** What AWS says of a denial is for the account's own people (STS API reference, DecodeAuthorizationMessage). */
const ENCODED = /(Encoded authorization failure message: )\S+/g;
/** Long tokens mean something to their service only. */
const TOKEN = /\b[A-Za-z0-9+/=_-]{60,}\b={0,2}/g;

/** Replaces what differs from run to run by placeholders that keep identity: the same id is the same placeholder. */
export class Placeholders {
  readonly #names = new Map<string, string>();
  readonly #counts = new Map<string, number>();
  readonly #regions: readonly (readonly [RegExp, string])[];
  readonly #run: string;

  constructor(run: string, regions: Readonly<Record<Side, string>>) {
    this.#run = run;
    this.#regions = (["home", "away"] as const).map((side) => [
      // A region and its zones: eu-west-1, eu-west-1a.
      new RegExp(`\\b${regions[side]}(?=[a-z]?\\b)`, "g"),
      `<${side}>`,
    ]);
  }

  /** From now on an id is called so. */
  name(id: string, name: string): void {
    this.#names.set(id, `<${name}>`);
  }

  /** A value as it is recorded: dates as placeholders, no bytes, lists of objects in an order of our own. */
  of(value: unknown): unknown {
    if (typeof value === "string") return this.text(value);
    if (value instanceof Date) return "<time>";
    if (Array.isArray(value)) return inOrder(value.map((one) => this.of(one)));
    if (typeof value !== "object" || value === null) return value;
    const fields: [string, unknown][] = Object.entries(value);
    const kept = fields.filter(([key, field]) => field !== undefined && key !== "$metadata");
    return Object.fromEntries(kept.map(([key, field]) => [key, this.of(field)]).toSorted(byKey));
  }

  text(text: string): string {
    let result = text.replaceAll(TIME, "<time>").replaceAll(ENCODED, "$1<encoded>");
    for (const [id, name] of this.#names) result = result.replaceAll(id, name);
    result = result
      .replaceAll(this.#run, "<run>")
      .replaceAll(UUID, (id) => this.#number("uuid", id))
      .replaceAll(IDS, (id) => this.#number(id.slice(0, id.lastIndexOf("-")), id))
      .replaceAll(ZONE_ID, "<zone id>")
      .replaceAll(ACCOUNT, "<account>")
      .replaceAll(ADDRESS, "<address>")
      .replaceAll(ACCESS_KEY, "<access key>");
    for (const [pattern, name] of this.#regions) result = result.replaceAll(pattern, name);
    return result.replaceAll(TOKEN, (token) => this.#number("token", token));
  }

  #number(kind: string, id: string): string {
    const known = this.#names.get(id);
    if (known !== undefined) return known;
    const number = (this.#counts.get(kind) ?? 0) + 1;
    this.#counts.set(kind, number);
    this.name(id, `${kind} ${number}`);
    return `<${kind} ${number}>`;
  }
}

type Field = readonly [string, unknown];
const byKey = (a: readonly unknown[], b: readonly unknown[]): number => (String(a[0]) < String(b[0]) ? -1 : 1);

/** AWS promises no order of what it lists; texts keep theirs. */
function inOrder(list: readonly unknown[]): unknown[] {
  if (!list.every((one) => typeof one === "object")) return [...list];
  return list
    .map((one): Field => [JSON.stringify(one), one])
    .toSorted(byKey)
    .map(([, one]) => one);
}
