import type { Call, Commit } from "../call.js";
import type { Base } from "../state/base.js";
import { checkId, notFound } from "../state/ids.js";
import type { Instance } from "../state/model.js";
import { tableFor } from "../state/store.js";
import { Ec2Error } from "../wire/errors.js";
import { type FilterTable, readFilters, tagsOf } from "../wire/filters.js";
import { cut, type PageLimits, readPage } from "../wire/paging.js";
import type { Params } from "../wire/protocol.js";
import { list } from "../wire/xml.js";
import type { NatGateway, NetworkEntity } from "./model.js";

type Kind = NetworkEntity["kind"];
type Of<K extends Kind> = Extract<NetworkEntity, { kind: K }>;

/** The resource that an id names; AWS's error when it is malformed or there is none in the region. */
export function findOne<K extends Kind>(call: Call, kind: K, id: string, parameter: string): Of<K> {
  checkId(kind, id, parameter);
  const found = tableFor(call.shelf, kind).get(id);
  if (!found) throw notFound(kind, [id]);
  return found;
}

interface DescribeSpec<K extends Kind> {
  readonly kind: K;
  /** The parameter with ids. */
  readonly ids: string;
  /** The element of the answer. */
  readonly set: string;
  readonly filters: FilterTable<Of<K>>;
  readonly xml: (row: Of<K>) => string;
  readonly limits?: PageLimits;
}

/** A Describe action of networks: by ids, by filters, in pages. */
export function describe<K extends Kind>(call: Call, params: Params, spec: DescribeSpec<K>): Commit {
  const ids = [...new Set(params.strings(spec.ids))];
  const keep = readFilters(params, spec.filters, tagsOf);
  const page = readPage(call, params, { over: "refuse", ...(spec.limits ? { limits: spec.limits } : {}) });
  const table = tableFor(call.shelf, spec.kind);
  for (const id of ids) checkId(spec.kind, id, spec.ids);
  const missing = ids.filter((id) => !table.get(id));
  if (missing.length > 0) throw notFound(spec.kind, missing);
  return () => {
    const named = ids.flatMap((id) => table.get(id) ?? []).sort((a: Base, b: Base) => a.seq - b.seq);
    const rows =
      ids.length > 0 ? named.filter(({ seq }: Base) => seq > Number(page.after)) : table.after(Number(page.after));
    const found = cut(rows, page, keep, (row: Base) => String(row.seq));
    return list(spec.set, found.rows.map(spec.xml)) + found.next;
  };
}

/** Something depends on it still (errors-overview, DependencyViolation; messages from the field). */
export const dependencyViolation = (message: string) => new Ec2Error("DependencyViolation", message);

/** Terminated instances have left their network. */
export const liveInstances = (call: Call): Instance[] =>
  [...call.shelf.instances.after()].filter(({ state }) => state !== "terminated");

export const liveNatGateways = (call: Call): NatGateway[] =>
  [...call.shelf.natGateways.after()].filter(({ state }) => state === "available");

/** The ARN of an EC2 resource of this account. */
export const arnOf = (call: Call, type: string, id: string): string =>
  `arn:aws:ec2:${call.region}:${call.context.account}:${type}/${id}`;
