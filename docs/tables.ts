import * as v from "valibot";
import { copyRuleOf } from "../core/config/copy.js";
import { policyOf } from "../core/config/policy.js";
import { quotaEntries } from "../core/config/quotas.js";
import { Retain } from "../core/config/retain.js";
import { TagNames } from "../core/config/tags.js";
import { EBS_CONFIG } from "../kinds/ebs/config.js";
import { Lock } from "../kinds/ebs/lock-config.js";
import { Exclude } from "../kinds/ebs/volumes-config.js";
import { FSX_CONFIG } from "../kinds/fsx/config.js";
import { RULES } from "../kinds/rules.js";
import { regionEntries } from "../stacks/region-config.js";
import { Workload } from "../stacks/workload-config.js";

const Described = v.object({
  doc: v.object({ type: v.string(), meaning: v.string(), otherwise: v.exactOptional(v.string()) }),
});

const wrappedIn = (schema: object): v.GenericSchema | undefined =>
  // What an optional schema of valibot wraps is a schema.
  "wrapped" in schema ? (schema.wrapped as v.GenericSchema) : undefined;

/** A default as one would write it. */
function written(value: unknown): string {
  if (typeof value === "object" && value !== null && Object.keys(value).length === 0) return "none";
  if (Array.isArray(value)) return `\`[${value.join(", ")}]\``;
  return typeof value === "string" ? `\`${value}\`` : String(value);
}

function otherwise(schema: v.GenericSchema, said: string | undefined): string {
  if (said !== undefined) return said;
  if (wrappedIn(schema) === undefined) return "required";
  const value = v.getDefault(schema);
  return value === undefined ? "none" : written(value);
}

/** The rows of some keys: of each that may be there, what its schema says of it. */
function rows(entries: v.ObjectEntries, keyOf: (key: string) => string = (key) => key): string[] {
  return Object.entries(entries).flatMap(([key, schema]) => {
    const inner = wrappedIn(schema) ?? schema;
    const { success, output } = v.safeParse(Described, v.getMetadata(inner));
    if (!success && inner.type === "never") return [];
    if (!success) throw new Error(`${key} says nothing of itself: its schema has no doc()`);
    const { type, meaning, otherwise: said } = output.doc;
    return [`| \`${keyOf(key)}\` | ${type} | ${meaning} | ${otherwise(schema, said)} |`];
  });
}

const under = (path: string) => (key: string) => `${path}.${key}`;
const { ebs: _, ...copy }: v.ObjectEntries = copyRuleOf(RULES).entries;
const { network, tiers, fileSystems, ...workload } = Workload.entries;

const ROWS: Readonly<Record<string, readonly string[]>> = {
  stack: rows(regionEntries, (key) => (key === "region" ? "aws:region" : `lockstep:${key}`)),
  workload: [
    ...rows(workload),
    ...rows(network.wrapped.entries, under("network")),
    ...rows(tiers.wrapped.entries.web.wrapped.entries, under("tiers.<tier>")),
    ...rows(fileSystems.wrapped.entries, under("fileSystems")),
  ],
  policy: rows(policyOf(RULES).entries),
  ebs: rows(EBS_CONFIG.policy.entries),
  fsx: rows(FSX_CONFIG.policy.entries),
  quotas: Object.entries(quotaEntries(RULES)).flatMap(([kind, entries]) => rows(entries, under(kind))),
  tagNames: rows(TagNames.entries),
  exclude: rows(Exclude.entries),
  retain: rows(Retain.entries),
  lock: rows(Lock.entries),
  copy: [...rows(copy), ...rows(EBS_CONFIG.copy.entries, under("ebs"))],
};

const HEAD = ["| key | type | meaning | default |", "|---|---|---|---|"];

/** A page with its tables as the schema has them now: each between `<!-- table: NAME … -->` and `<!-- /table -->`. */
export function withTables(page: string): string {
  const found = new Set<string>();
  const table = /(<!-- table: (\w+)[^\n]*-->\n)[\s\S]*?(<!-- \/table -->)/g;
  const made = page.replace(table, (_: string, begin: string, name: string, end: string) => {
    const lines = ROWS[name];
    if (lines === undefined) throw new Error(`there is no table ${name}`);
    found.add(name);
    return `${begin}${[...HEAD, ...lines].join("\n")}\n${end}`;
  });
  const missing = Object.keys(ROWS).filter((name) => !found.has(name));
  if (missing.length > 0) throw new Error(`the page lacks the tables ${missing.join(", ")}`);
  return made;
}
