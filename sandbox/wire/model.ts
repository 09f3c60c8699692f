import { readdirSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { gunzipSync } from "node:zlib";

interface Reference {
  readonly shape: string;
}

/** A type of a service's API. */
export interface Shape {
  readonly type: "structure" | "list" | "map" | "string" | "integer" | "long" | "boolean" | "timestamp" | "double";
  readonly members?: Readonly<Record<string, Reference>>;
  readonly required?: readonly string[];
  /** Of a list. */
  readonly member?: Reference;
  readonly enum?: readonly string[];
  readonly min?: number;
  readonly max?: number;
  readonly pattern?: string;
}

/** What AWS publishes of a service's API, as botocore has it: more than the SDK for JavaScript carries. */
export interface ServiceModel {
  readonly operations: Readonly<Record<string, { readonly input?: Reference; readonly errors?: readonly Reference[] }>>;
  readonly shapes: Readonly<Record<string, Shape>>;
}

/**
 * Reads the newest model of a service from botocore, which is installed with the emulator: `python` is the interpreter of that
 * environment. Throws where there is none.
 */
export function serviceModel(python: string, service: string): ServiceModel {
  const lib = join(dirname(dirname(python)), "lib");
  const [version] = readdirSync(lib).filter((name) => /^python3\.\d+$/.test(name));
  const models = join(lib, version ?? "python3", "site-packages", "botocore", "data", service);
  const newest = readdirSync(models).sort().at(-1) ?? "";
  const file = join(models, newest, "service-2.json.gz");
  // botocore's own format; what is read of it is above.
  return JSON.parse(gunzipSync(readFileSync(file)).toString("utf8")) as ServiceModel;
}
