import { DATA_DEVICES } from "../components/user-data.js";
import type { Checks } from "../core/checks.js";
import { DEFAULTS, type Raw, type WorkloadProgram } from "./config-model.js";
import { settingsOf } from "./region-config.js";
import { TIERS, type TierName, type TierSettings, type WorkloadSettings } from "./workload-model.js";
import { readNetwork } from "./workload-network-config.js";

const KNOWN = ["ami", "instanceType", "volumeGiB", "tags", "network", "tiers"];
const TIER_KNOWN = ["count", "instanceType", "bootGiB", "volumesGiB", "subnets", "tags"];
const AMI = /^ami-([0-9a-f]{8}|[0-9a-f]{17})$/;
const INSTANCE_TYPE = /^[a-z0-9-]+\.[a-z0-9-]+$/;
/** The largest gp3 volume is 64 TiB (EBS user guide, "General Purpose SSD volumes"); a test needs far less. */
const LARGEST_GIB = 1024;
const MOST_INSTANCES = 100;

/** What a tier is where the config says nothing. */
const TIER_DEFAULTS: Readonly<Record<TierName, { count: number; volumes: number; subnets: TierSettings["subnets"] }>> =
  {
    web: { count: 1, volumes: 1, subnets: "public" },
    app: { count: 1, volumes: 1, subnets: "private" },
    data: { count: 2, volumes: 2, subnets: "private" },
  };

/** Reads what a workload stack should be; undefined when what it shares with the others is wrong, which is then noted. */
export function readWorkloadProgram(checks: Checks, raw: Raw): WorkloadProgram | undefined {
  // What Pulumi.yaml shares is the other stacks' business. Peers are a stack's own, and the
  // engine does not tell the project's default from what the stack's file says.
  const { peers } = raw;
  if (peers !== undefined && JSON.stringify(peers) !== JSON.stringify(DEFAULTS.peers)) {
    checks.add("peers", peers, "nothing: a workload has no use for it");
  }
  // Deployment, region and tags follow the same rules everywhere. The policies are the other stacks' business.
  const shared = { deployment: raw["deployment"], role: "primary", region: raw["region"], policies: [] };
  const settings = settingsOf({ ...shared, tags: raw["tags"] }, (problem) => checks.problems.push(problem));
  const readTags = (path: string, tags: unknown): Readonly<Record<string, string>> => {
    const tagged = settingsOf({ ...shared, tags }, ({ key, ...problem }) => {
      if (key.startsWith("tags")) checks.problems.push({ ...problem, key: `${path}.${key}` });
    });
    return tagged?.tags ?? {};
  };
  const workload = readWorkload(checks, raw["workload"], readTags);
  if (!settings) return undefined;
  const { deployment, region, tags } = settings;
  return { role: "workload", deployment, region, tags, workload };
}

type ReadTags = (path: string, tags: unknown) => Readonly<Record<string, string>>;

function readWorkload(checks: Checks, value: unknown, readTags: ReadTags): WorkloadSettings {
  const want = "an object like { ami: ami-0123456789abcdef0, tags: { Backup: daily } }";
  const { instances, ...given } = checks.object("workload", value, [...KNOWN, "instances"], want);
  if (instances !== undefined) {
    checks.add(
      "workload.instances",
      instances,
      "nothing: each tier has a count, as in { tiers: { data: { count: 2 } } }",
    );
  }
  const fields: Raw = given;
  const ami = checks.text(
    "workload.ami",
    fields["ami"],
    (id) => AMI.test(id),
    "an image's id like ami-0123456789abcdef0",
  );
  const common: Common = {
    instanceType: readType(checks, "workload.instanceType", fields["instanceType"] ?? "t4g.nano"),
    volumeGiB: readWhole(checks, "workload.volumeGiB", fields["volumeGiB"] ?? 1, 1, LARGEST_GIB),
    tags: readTags("workload", fields["tags"]),
  };
  const tiers = checks.object("workload.tiers", fields["tiers"] ?? {}, TIERS, "an object with web, app and data");
  const read = (tier: TierName): TierSettings => readTier(checks, tier, tiers[tier] ?? {}, common, readTags);
  const all = { web: read("web"), app: read("app"), data: read("data") };
  if (checks.problems.length === 0 && TIERS.every((tier) => all[tier].count === 0)) {
    checks.add("workload.tiers", fields["tiers"], "at least one instance in one of them");
  }
  return { ami, network: readNetwork(checks, fields["network"]), tiers: all };
}

/** What the tiers have in common, unless they say otherwise. */
interface Common {
  readonly instanceType: string;
  readonly volumeGiB: number;
  readonly tags: Readonly<Record<string, string>>;
}

function readTier(checks: Checks, tier: TierName, value: unknown, common: Common, readTags: ReadTags): TierSettings {
  const path = `workload.tiers.${tier}`;
  const defaults = TIER_DEFAULTS[tier];
  const fields = checks.object(path, value, TIER_KNOWN, "an object like { count: 2, tags: { Backup: daily } }");
  const { count = defaults.count, instanceType = common.instanceType, bootGiB, subnets = defaults.subnets } = fields;
  const sizes = fields["volumesGiB"] ?? Array<number>(defaults.volumes).fill(common.volumeGiB);
  if (subnets !== "public" && subnets !== "private") checks.add(`${path}.subnets`, subnets, "public or private");
  const volumes = checks.list(`${path}.volumesGiB`, sizes, "a list of sizes, one for each data volume");
  if (volumes.length > DATA_DEVICES.length) {
    checks.add(`${path}.volumesGiB`, sizes, `at most ${DATA_DEVICES.length} volumes: EC2 has no more device names`);
  }
  return {
    count: readWhole(checks, `${path}.count`, count, 0, MOST_INSTANCES),
    instanceType:
      instanceType === common.instanceType
        ? common.instanceType
        : readType(checks, `${path}.instanceType`, instanceType),
    volumesGiB: volumes.map((size, i) => readWhole(checks, `${path}.volumesGiB[${i}]`, size, 1, LARGEST_GIB)),
    subnets: subnets === "public" ? "public" : "private",
    tags: { ...common.tags, ...readTags(path, fields["tags"]) },
    ...(bootGiB === undefined ? {} : { bootGiB: readWhole(checks, `${path}.bootGiB`, bootGiB, 1, LARGEST_GIB) }),
  };
}

const readType = (checks: Checks, key: string, value: unknown): string =>
  checks.text(key, value, (text) => INSTANCE_TYPE.test(text), "an instance type like t4g.nano");

function readWhole(checks: Checks, key: string, value: unknown, least: number, most: number): number {
  if (typeof value === "number" && Number.isSafeInteger(value) && value >= least && value <= most) return value;
  checks.add(key, value, `a whole number from ${least} to ${most}`);
  return least;
}
