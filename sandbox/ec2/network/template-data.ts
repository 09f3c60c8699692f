import { unknownParameter } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { branch, leaf } from "../wire/xml.js";

/**
 * The parameters of a launch that a template may hold: those that RunInstances knows here, under the same names
 * (API_RequestLaunchTemplateData).
 */
const KNOWN = [
  "ImageId|InstanceType|UserData|EbsOptimized|DisableApiTermination|DisableApiStop|InstanceInitiatedShutdownBehavior",
  "IamInstanceProfile\\.(Arn|Name)",
  "Monitoring\\.Enabled",
  "CreditSpecification\\.CpuCredits",
  "Placement\\.(AvailabilityZone|AvailabilityZoneId|Tenancy)",
  "MetadataOptions\\.(HttpTokens|HttpPutResponseHopLimit|HttpEndpoint|HttpProtocolIpv6|InstanceMetadataTags)",
  "(SecurityGroupId|SecurityGroup)\\.\\d+",
  "BlockDeviceMapping\\.\\d+\\.(DeviceName|NoDevice)",
  "BlockDeviceMapping\\.\\d+\\.Ebs\\.(DeleteOnTermination|Encrypted|Iops|KmsKeyId|SnapshotId|Throughput|VolumeSize|VolumeType|VolumeInitializationRate)",
  "TagSpecification\\.\\d+\\.(ResourceType|Tag\\.\\d+\\.(Key|Value))",
].map((pattern) => new RegExp(`^(${pattern})$`));

type Parameters = Readonly<Record<string, string>>;

const PREFIX = "LaunchTemplateData.";

/**
 * The parameters under `LaunchTemplateData`. Values are not judged: "Launch template parameters are not fully validated when you
 * create the launch template" (EC2 user guide, "Restrictions for Amazon EC2 launch templates"); names are.
 */
export function readTemplateData(params: Params): Parameters {
  const data = params.allUnder(PREFIX);
  for (const name of Object.keys(data)) {
    if (!KNOWN.some((pattern) => pattern.test(name))) throw unknownParameter(PREFIX + name);
  }
  return data;
}

/** The same parameters with their lists under other numbers. */
function renumber(
  parameters: Parameters,
  list: string,
  taken: ReadonlySet<string>,
  first: number,
): Map<string, string> {
  const found = new Map<string, string>();
  for (const [name, value] of Object.entries(parameters)) {
    const [head, number, ...rest] = name.split(".");
    if (head !== list || number === undefined || taken.has(number)) continue;
    found.set([list, first + Number(number), ...rest].join("."), value);
  }
  return found;
}

/** Numbers of the template's list elements that the request has too, by a field that tells them apart. */
function overridden(parameters: Parameters, params: Params, list: string, field: string): Set<string> {
  const own = new Set(params.structures(list).map((one) => one.optional(field)));
  const numbers = Object.entries(parameters).flatMap(([name, value]) => {
    const [head, number, last] = name.split(".");
    return head === list && last === field && number !== undefined && own.has(value) ? [number] : [];
  });
  return new Set(numbers);
}

/** Beyond the numbers that a request has in any list. */
const FAR = 10_000;

/**
 * A launch's parameters with those of its template: "Any parameters that you specify ... override the same parameters in the
 * launch template" (API_RunInstances, LaunchTemplate). AWS leaves open how lists are joined; here security groups override as
 * one, block devices by device, and tags by resource type (documented so, not recorded).
 */
export function withTemplate(params: Params, parameters: Parameters): Params {
  const groups = params.has("SecurityGroupId") || params.has("SecurityGroup");
  const single = Object.entries(parameters).filter(([name]) => {
    const [head = ""] = name.split(".");
    if (head === "SecurityGroupId" || head === "SecurityGroup") return !groups;
    return head !== "BlockDeviceMapping" && head !== "TagSpecification";
  });
  const devices = overridden(parameters, params, "BlockDeviceMapping", "DeviceName");
  const tags = overridden(parameters, params, "TagSpecification", "ResourceType");
  return params.withDefaults(
    new Map([
      ...single,
      ...renumber(parameters, "BlockDeviceMapping", devices, FAR),
      ...renumber(parameters, "TagSpecification", tags, FAR),
    ]),
  );
}

interface Tree {
  readonly [name: string]: Tree | string;
}

function toTree(parameters: Parameters): Tree {
  const root: Record<string, Tree | string> = {};
  for (const [name, value] of Object.entries(parameters)) {
    const path = name.split(".");
    const last = path.pop() ?? "";
    let at = root;
    for (const key of path) {
      const next = at[key];
      const below: Record<string, Tree | string> = typeof next === "object" ? { ...next } : {};
      at[key] = below;
      at = below;
    }
    at[last] = value;
  }
  return root;
}

const isList = (tree: Tree): boolean => Object.keys(tree).every((key) => /^\d+$/.test(key));
const xmlName = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);

/** The parameters as API_ResponseLaunchTemplateData has them: lists are `…Set` of items. */
export function templateDataXml(parameters: Parameters): string {
  const content = (tree: Tree): string =>
    Object.entries(tree)
      .map(([name, value]) => {
        if (typeof value === "string") return leaf(xmlName(name), value);
        if (!isList(value)) return branch(xmlName(name), content(value));
        const items = Object.values(value).map((one) =>
          typeof one === "string" ? leaf("item", one) : branch("item", content(one)),
        );
        return branch(`${xmlName(name)}Set`, items.join(""));
      })
      .join("");
  return branch("launchTemplateData", content(toTree(parameters)));
}
