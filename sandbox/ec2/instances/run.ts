import type { Call, Commit } from "../call.js";
import { findImage } from "../images/images.js";
import { readTemplate, versionOf } from "../network/launch-templates.js";
import { passingAddress, readPlace } from "../network/place.js";
import { withTemplate } from "../network/template-data.js";
import type { Tags } from "../state/base.js";
import { freshId } from "../state/ids.js";
import type { Instance, Volume } from "../state/model.js";
import { readTagSpecifications } from "../tags.js";
import { madeBefore, readClientToken } from "../wire/client-token.js";
import { Ec2Error, invalidCombination, invalidValue, missingParameter } from "../wire/errors.js";
import type { Params } from "../wire/protocol.js";
import { planDevices } from "./devices.js";
import { reservationXml } from "./xml.js";

type Options = Pick<
  Instance,
  | "type"
  | "profile"
  | "userData"
  | "monitoring"
  | "ebsOptimized"
  | "disableApiTermination"
  | "disableApiStop"
  | "shutdownBehavior"
  | "metadata"
>;

/** API_RunInstances, MetadataOptions: names in the request, names in the answer. */
const METADATA = {
  HttpTokens: ["httpTokens", "required"],
  HttpPutResponseHopLimit: ["httpPutResponseHopLimit", "2"],
  HttpEndpoint: ["httpEndpoint", "enabled"],
  HttpProtocolIpv6: ["httpProtocolIpv6", "disabled"],
  InstanceMetadataTags: ["instanceMetadataTags", "disabled"],
} as const;

function readOptions(params: Params): Options {
  // API_RunInstances, InstanceType: "Default: m1.small".
  const type = params.optional("InstanceType") ?? "m1.small";
  if (!/^[a-z][a-z0-9-]*\.[a-z0-9-]+$/.test(type)) throw invalidValue(`Invalid value '${type}' for InstanceType.`);
  const key = params.optional("KeyName");
  if (key !== undefined) throw new Ec2Error("InvalidKeyPair.NotFound", `The key pair '${key}' does not exist`);
  const profile = params.structure("IamInstanceProfile");
  const profileName = profile.optional("Arn") ?? profile.optional("Name");
  const userData = params.optional("UserData");
  if (userData !== undefined && !/^[A-Za-z0-9+/=\s]*$/.test(userData))
    throw invalidValue("Invalid BASE64 encoding of user data.");
  const shutdown = params.optional("InstanceInitiatedShutdownBehavior") ?? "stop";
  if (shutdown !== "stop" && shutdown !== "terminate") {
    throw invalidValue(`Value (${shutdown}) for parameter instanceInitiatedShutdownBehavior is invalid.`);
  }
  const metadata = params.structure("MetadataOptions");
  // Credits only matter for speed, and the sandbox's instances have none.
  params.structure("CreditSpecification").optional("CpuCredits");
  return {
    type,
    ...(profileName === undefined ? {} : { profile: profileName }),
    ...(userData === undefined ? {} : { userData }),
    monitoring: params.structure("Monitoring").boolean("Enabled") ?? false,
    ebsOptimized: params.boolean("EbsOptimized") ?? false,
    disableApiTermination: params.boolean("DisableApiTermination") ?? false,
    disableApiStop: params.boolean("DisableApiStop") ?? false,
    shutdownBehavior: shutdown,
    metadata: Object.fromEntries(
      Object.entries(METADATA).map(([asked, [name, value]]) => [name, metadata.optional(asked) ?? value]),
    ),
  };
}

/**
 * API_RunInstances, InstanceMarketOptions: whether Spot Instances are asked for. There is capacity at any price here, so nothing
 * interrupts them; only one-time requests are known.
 */
function readsSpot(params: Params): boolean {
  const market = params.structure("InstanceMarketOptions");
  const type = market.optional("MarketType");
  const options = market.structure("SpotOptions");
  const asked = options.optional("SpotInstanceType") ?? "one-time";
  options.optional("MaxPrice");
  options.optional("InstanceInterruptionBehavior");
  if (type === undefined) return false;
  if (type !== "spot" || asked !== "one-time") {
    throw new Ec2Error("UnsupportedOperation", `The sandbox knows one-time Spot Instances, not ${type} ${asked}.`);
  }
  return true;
}

function readCount(params: Params): number {
  const min = params.integer("MinCount");
  const max = params.integer("MaxCount");
  if (min === undefined) throw missingParameter("MinCount");
  if (max === undefined) throw missingParameter("MaxCount");
  if (min < 1 || max < 1) throw invalidValue("MinCount and MaxCount must be at least 1");
  if (min > max) throw invalidCombination(`MinCount (${min}) must not be more than MaxCount (${max})`);
  if (max > 1000) throw new Ec2Error("ResourceCountExceeded", "At most 1000 instances are launched by one request");
  return max;
}

interface Launch {
  /** The request's parameters and the template's. */
  readonly params: Params;
  readonly template?: NonNullable<Instance["template"]>;
}

/** API_RunInstances, LaunchTemplate: the version that is named, else the default one. */
function readLaunch(call: Call, params: Params): Launch {
  if (!params.has("LaunchTemplate")) return { params };
  const named = params.structure("LaunchTemplate");
  const template = readTemplate(call, named);
  const version = versionOf(template, named.optional("Version") ?? "$Default");
  return {
    params: withTemplate(params, version.parameters),
    template: { id: template.id, version: version.number },
  };
}

/** EC2 user guide, "Launch instances from a launch template": AWS tags such instances itself. */
const templateTags = (template: Launch["template"]): Tags =>
  template
    ? { "aws:ec2launchtemplate:id": template.id, "aws:ec2launchtemplate:version": String(template.version) }
    : {};

/**
 * API_RunInstances. The answer says `pending` and, as in the field, has no block devices yet; the next look finds the
 * instances running with all their volumes attached.
 */
export function runInstances(call: Call, request: Params): Commit {
  const token = readClientToken(request);
  const before = madeBefore(call, request, "instance", token, (id) => call.shelf.instances.get(id));
  const [known] = before;
  if (known) return () => reservationXml(call, known.reservation, before, "describe");
  const { params, template } = readLaunch(call, request);
  const count = readCount(params);
  const imageId = params.optional("ImageId");
  if (imageId === undefined) throw missingParameter("ImageId");
  const image = findImage(call, imageId);
  const options = readOptions(params);
  const isSpot = readsSpot(params);
  const { addresses, isPublic, ...place } = readPlace(call, params, count);
  const tags = readTagSpecifications(params, ["instance", "volume"], call.byService);
  const devices = planDevices(call, params, image);
  return () => {
    const reservation = freshId("r");
    const launched = Array.from({ length: count }, (_, launchIndex) => {
      const seq = call.store.nextSeq();
      const instance: Instance = {
        kind: "instance",
        id: freshId("i"),
        seq,
        region: call.region,
        ...(isSpot ? { spot: freshId("sir").slice(0, 12) } : {}),
        tags: { ...tags.instance, ...templateTags(template) },
        state: "running",
        reservation,
        launchIndex,
        image: image.id,
        architecture: image.architecture,
        launchedAt: call.now,
        rootDevice: image.rootDevice,
        privateIp: addresses[launchIndex] ?? "",
        ...(isPublic ? { publicIp: passingAddress(call), isPublic } : {}),
        ...(template ? { template } : {}),
        reason: "",
        ...place,
        ...options,
        ...(token ? { token } : {}),
      };
      return { instance, volumes: devices.map((device) => launchVolume(call, instance, device, tags.volume)) };
    });
    call.store.commit(
      launched.flatMap(({ instance, volumes }) => [{ put: instance }, ...volumes.map((put) => ({ put }))]),
    );
    const instances = launched.map(({ instance }): Instance => ({ ...instance, state: "pending" }));
    return reservationXml(call, reservation, instances, "launch");
  };
}

function launchVolume(
  call: Call,
  instance: Instance,
  { name, disk, deleteOnTermination }: ReturnType<typeof planDevices>[number],
  tags: Volume["tags"],
): Volume {
  const id = freshId("vol");
  return {
    kind: "volume",
    id,
    seq: call.store.nextSeq(),
    region: call.region,
    tags,
    state: "in-use",
    zone: instance.zone,
    createdAt: call.now,
    lineage: id,
    ...disk,
    attachment: { instance: instance.id, device: name, deleteOnTermination, at: call.now },
  };
}
