import { hasUnknown, isList, isProps, type Props, type Value } from "../wire.js";
import type { SubnetSpec, SubnetType } from "./layout.js";

/** `awsx.ec2.Vpc`'s arguments, as far as the sandbox knows them. */
export interface VpcArgs {
  readonly cidrBlock: string;
  readonly zones: readonly string[] | undefined;
  /** @default 3 */
  readonly zoneCount: number;
  readonly natGateways: "None" | "Single" | "OnePerAz";
  readonly subnetSpecs: readonly SubnetSpec[] | undefined;
  /** What is handed to the VPC as it is: known, or not yet. */
  readonly dns: Props;
  readonly tags: Props;
}

const KNOWN = [
  "availabilityZoneNames",
  "cidrBlock",
  "enableDnsHostnames",
  "enableDnsSupport",
  "natGateways",
  "numberOfAvailabilityZones",
  "subnetSpecs",
  "subnetStrategy",
  "tags",
];
const TYPES: readonly SubnetType[] = ["Public", "Private", "Isolated", "Unused"];
const STRATEGIES = ["None", "Single", "OnePerAz"] as const;

const wrong = (name: string, value: Value, want: string): Error =>
  new Error(`awsx:ec2:Vpc: ${name}: ${JSON.stringify(value)}: expected ${want}`);

function refuseOthers(props: Props, known: readonly string[], path = ""): void {
  const other = Object.keys(props).find((key) => !known.includes(key) && !key.startsWith("__"));
  if (other !== undefined) throw new Error(`awsx:ec2:Vpc: the sandbox does not know the argument "${path}${other}"`);
}

function text(props: Props, name: string, fallback: string): string {
  const value = props[name] ?? fallback;
  if (typeof value !== "string") throw wrong(name, value, "text");
  return value;
}

function whole(value: Value, name: string, least: number, most: number): number | undefined {
  if (value === undefined) return undefined;
  if (typeof value === "number" && Number.isInteger(value) && value >= least && value <= most) return value;
  throw wrong(name, value, `a whole number from ${least} to ${most}`);
}

function oneOf<T extends string>(props: Props, name: string, words: readonly T[], fallback: T, path = ""): T {
  const value = props[name] ?? fallback;
  const word = words.find((one) => one === value);
  if (word === undefined) throw wrong(path + name, value, `one of ${words.join(", ")}`);
  return word;
}

/** Reads the arguments; what is not known, or would be ignored, is an error that names it. */
export function readVpcArgs(props: Props): VpcArgs {
  refuseOthers(props, KNOWN);
  const { tags = {}, natGateways: nat = {}, availabilityZoneNames: zones } = props;
  if (!isProps(nat)) throw wrong("natGateways", nat, "an object");
  refuseOthers(nat, ["strategy"], "natGateways.");
  if (zones !== undefined && !(isList(zones) && zones.every((zone): zone is string => typeof zone === "string"))) {
    throw wrong("availabilityZoneNames", zones, "a list of names");
  }
  if (zones && props["numberOfAvailabilityZones"] !== undefined) {
    throw new Error("awsx:ec2:Vpc: only one of availabilityZoneNames, numberOfAvailabilityZones can be given");
  }
  if (!isProps(tags)) throw wrong("tags", tags, "an object that is known before the deployment");
  const dns = Object.entries(props).filter(([name]) => name.startsWith("enableDns"));
  return {
    cidrBlock: text(props, "cidrBlock", "10.0.0.0/16"),
    zones,
    zoneCount: whole(props["numberOfAvailabilityZones"], "numberOfAvailabilityZones", 1, 16) ?? 3,
    natGateways: oneOf(nat, "strategy", STRATEGIES, "OnePerAz", "natGateways."),
    subnetSpecs: readSpecs(props),
    dns: Object.fromEntries(dns),
    tags,
  };
}

/** Both strategies lay out the same where there are no specs; with specs the older one has an order of its own. */
function readSpecs(props: Props): SubnetSpec[] | undefined {
  const strategy = oneOf(props, "subnetStrategy", ["Legacy", "Auto"], "Legacy");
  const specs = props["subnetSpecs"];
  if (specs === undefined) return undefined;
  if (strategy !== "Auto") {
    throw new Error('awsx:ec2:Vpc: the sandbox knows "subnetSpecs" only with subnetStrategy "Auto"');
  }
  if (!isList(specs) || specs.length === 0) throw wrong("subnetSpecs", specs, "a list of subnets");
  const read = specs.map(readSpec);
  const names = read.map(({ name, type }) => name ?? type.toLowerCase());
  const twice = names.find((name, index) => names.indexOf(name) !== index);
  if (twice !== undefined) throw new Error(`awsx:ec2:Vpc: subnetSpecs: "${twice}" is there twice; give each a name`);
  return read;
}

function readSpec(spec: Value, index: number): SubnetSpec {
  const path = `subnetSpecs[${index}].`;
  if (!isProps(spec)) throw wrong(`subnetSpecs[${index}]`, spec, "an object");
  refuseOthers(spec, ["type", "name", "cidrMask", "tags"], path);
  const { type, name, tags } = spec;
  const known = TYPES.find((one) => one === type);
  if (!known) throw wrong(`${path}type`, type, `one of ${TYPES.join(", ")}`);
  if (name !== undefined && typeof name !== "string") throw wrong(`${path}name`, name, "text");
  if (tags !== undefined && (!isProps(tags) || hasUnknown(tags))) throw wrong(`${path}tags`, tags, "an object");
  const cidrMask = whole(spec["cidrMask"], `${path}cidrMask`, 16, 28);
  return {
    type: known,
    ...(name === undefined ? {} : { name }),
    ...(cidrMask === undefined ? {} : { cidrMask }),
    ...(tags === undefined ? {} : { tags }),
  };
}
