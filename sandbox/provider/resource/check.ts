import { hash, randomBytes } from "node:crypto";
import type { ProviderConfig } from "../config.js";
import { ARCHIVE, ASSET, hasUnknown, isList, isProps, type Props, signatureOf, UNKNOWN, type Value } from "../wire.js";
import { canonical } from "./equal.js";
import type { ResourceType } from "./resource.js";
import type { Prop, Shape } from "./schema.js";

export interface Failure {
  readonly property: string;
  readonly reason: string;
}

/** What the project's `pulumi:autonaming` config says of a resource. */
export interface Autonaming {
  readonly mode: "propose" | "enforce" | "disable";
  readonly name: string;
}

export interface CheckRequest {
  readonly type: ResourceType;
  readonly name: string;
  readonly news: Props;
  /** Inputs of the last update; empty for a new resource. */
  readonly olds: Props;
  readonly seed: Uint8Array;
  readonly autonaming: Autonaming | undefined;
  readonly config: ProviderConfig;
}

/** Inputs that Check filled in, not the program; the official provider keeps them under the same key. */
export const DEFAULTS = "__defaults";

/** Validates the inputs a program gave and fills in what the official provider would. */
export function check(request: CheckRequest): { inputs: Props; failures: Failure[] } {
  const { type, news, config } = request;
  const failures: Failure[] = [];
  const defaulted: string[] = [];
  const given = Object.fromEntries(Object.entries(news).filter(([key]) => !key.startsWith("__") && key !== "tagsAll"));
  const named = nameIt(request, given, defaulted, failures);
  const regional = type.global || given["region"] !== undefined ? named : { ...named, region: config.region };
  if (regional !== named) defaulted.push("region");
  const inputs = checkShape(type.inputs, regional, "", type.token, failures, defaulted);
  if ("tagsAll" in type.inputs) inputs["tagsAll"] = mergeTags(defaultsFor(inputs, config), inputs["tags"]);
  const isWhole = failures.length === 0 && !hasUnknown(inputs);
  const wrong = isWhole ? type.validate(inputs) : undefined;
  return { inputs: { ...inputs, [DEFAULTS]: defaulted }, failures: wrong ? [...failures, wrong] : failures };
}

/** The provider's default tags, unless the resource overrides them, as S3 objects may. */
function defaultsFor(inputs: Props, config: ProviderConfig): Value {
  const override = inputs["overrideProvider"];
  const defaults = isProps(override) ? override["defaultTags"] : undefined;
  if (!isProps(defaults)) return config.defaultTags;
  return hasUnknown(defaults) ? UNKNOWN : (defaults["tags"] ?? {});
}

function mergeTags(defaults: Value, tags: Value): Value {
  if (hasUnknown(defaults) || hasUnknown(tags)) return UNKNOWN;
  return { ...(isProps(defaults) ? defaults : {}), ...(isProps(tags) ? tags : {}) };
}

/** `<logical name>-<7 hex digits>`, as the official provider names what has no name; the last name stays. */
function nameIt(request: CheckRequest, given: Props, defaulted: string[], failures: Failure[]): Props {
  const { type, olds, autonaming } = request;
  const auto = type.autoName;
  if (!auto || given[auto.property] !== undefined) return given;
  defaulted.push(auto.property);
  const last = olds[auto.property];
  const lastDefaults = olds[DEFAULTS];
  if (last !== undefined && isList(lastDefaults) && lastDefaults.includes(auto.property)) {
    return { ...given, [auto.property]: last };
  }
  if (autonaming?.mode === "disable") {
    failures.push({ property: auto.property, reason: `${type.token}: a name is required: autonaming is disabled` });
    return given;
  }
  const plain = autonaming?.name || `${request.name}-${suffix(request.seed)}`;
  const name = auto.shape?.(plain, given) ?? plain;
  if (name.length > auto.max) {
    failures.push({
      property: auto.property,
      reason: `${type.token}: "${name}" is longer than ${auto.max} characters`,
    });
  }
  return { ...given, [auto.property]: name };
}

/** Seven hex digits; the same ones for the same seed, so that preview and update agree. */
function suffix(seed: Uint8Array): string {
  const source = seed.length > 0 ? seed : randomBytes(32);
  return hash("sha256", source).slice(0, 7);
}

function checkShape(
  shape: Shape,
  given: Props,
  path: string,
  token: string,
  failures: Failure[],
  defaulted: string[] = [],
): Props {
  const at = (name: string) => (path === "" ? name : `${path}.${name}`);
  for (const name of Object.keys(given)) {
    if (name in shape || name.startsWith("__")) continue;
    failures.push({ property: at(name), reason: `${token}: the sandbox does not know the property "${at(name)}"` });
  }
  const checked: Props = {};
  for (const [name, prop] of Object.entries(shape)) {
    const value = given[name];
    if (value === undefined && prop.default !== undefined) {
      checked[name] = prop.default;
      defaulted.push(name);
    } else if (value === undefined) {
      if (prop.required) failures.push({ property: at(name), reason: `${token}: "${at(name)}" is required` });
    } else {
      checked[name] = checkValue(prop, value, at(name), token, failures);
    }
  }
  return checked;
}

function checkValue(prop: Prop, value: Value, path: string, token: string, failures: Failure[]): Value {
  if (value === UNKNOWN) return value;
  // Documents may be given as objects; the official provider turns them to text, with the keys in order.
  if (prop.kind === "json" && isProps(value)) return hasUnknown(value) ? UNKNOWN : canonical(value);
  const wrong = (reason: string) => {
    failures.push({ property: path, reason: `${token}: "${path}": ${reason}` });
    return value;
  };
  if (!isOfKind(prop, value)) return wrong(`expected ${expected(prop)}, got ${describe(value)}`);
  const problem = prop.check?.(value);
  if (problem !== undefined) return wrong(problem);
  const { of, fields } = prop;
  if (fields && isProps(value)) return checkShape(fields, value, path, token, failures);
  if (of && isList(value)) {
    return value.map((item, index) => checkValue(of, item, `${path}[${index}]`, token, failures));
  }
  if (of && isProps(value)) {
    const entries = Object.entries(value).filter(([key]) => key !== DEFAULTS);
    return Object.fromEntries(
      entries.map(([key, item]) => [key, checkValue(of, item, `${path}.${key}`, token, failures)]),
    );
  }
  return value;
}

function isOfKind(prop: Prop, value: Value): boolean {
  switch (prop.kind) {
    case "string":
    case "json":
      return typeof value === "string";
    case "number":
      return typeof value === "number";
    case "boolean":
      return typeof value === "boolean";
    case "list":
    case "set":
      return isList(value);
    case "map":
    case "object":
      return isProps(value) && signatureOf(value) === undefined;
    case "archive":
      return signatureOf(value) === ARCHIVE;
    case "asset":
      return [ASSET, ARCHIVE].includes(signatureOf(value) ?? "");
  }
}

function expected({ kind }: Prop): string {
  if (kind === "json") return "JSON in a string";
  return /^[aeiou]/.test(kind) ? `an ${kind}` : `a ${kind}`;
}

function describe(value: Value): string {
  return isList(value) ? "a list" : isProps(value) ? "an object" : JSON.stringify(value);
}
