import * as v from "valibot";
import { DATA_DEVICES } from "../components/workload/user-data.js";
import { doc } from "../core/config/doc.js";
import { fields, type Plain } from "../core/config/fields.js";
import { stackEntries } from "../core/config/settings.js";
import { Tags, withoutKeeping } from "../core/config/tags.js";
import { text, whole } from "../core/config/values.js";
import { regionEntries } from "./region-config.js";
import { Network } from "./workload-network-config.js";

/** The tiers of a workload, from the internet inwards. */
export const TIERS = ["web", "app", "data"] as const;
export type TierName = (typeof TIERS)[number];

/** The largest gp3 volume is 64 TiB (EBS user guide, "General Purpose SSD volumes"); a test needs far less. */
const LARGEST_GIB = 1024;
const MOST_INSTANCES = 100;
const MOST_FILE_SYSTEMS = 20;
/** FSx API reference, CreateFileSystem and CreateFileSystemOpenZFSConfiguration, of the deployment type SINGLE_AZ_1. */
const LEAST_STORAGE_GIB = 64;
const THROUGHPUTS_MBPS = [64, 128, 256, 512, 1024, 2048, 3072, 4096] as const;

/** What a tier is where the config says nothing. */
const TIER_DEFAULTS = {
  web: { count: 1, volumes: 1, subnets: "public" },
  app: { count: 1, volumes: 1, subnets: "private" },
  data: { count: 2, volumes: 2, subnets: "private" },
} as const satisfies Readonly<Record<TierName, object>>;

const NO_PEERS = "nothing: a workload has no use for it";

const gib = whole(1, LARGEST_GIB);
const instanceType = text("an instance type like t4g.nano", v.regex(/^[a-z0-9-]+\.[a-z0-9-]+$/));
const tags = v.pipe(Tags, withoutKeeping);

const tierEntries = {
  count: v.exactOptional(
    v.pipe(
      whole(0, MOST_INSTANCES),
      doc(`whole number, 0 to ${MOST_INSTANCES}`, "instances, which take turns in the zones", "1, of data 2"),
    ),
  ),
  instanceType: v.exactOptional(v.pipe(instanceType, doc("text", "of its instances", "the workload's"))),
  bootGiB: v.exactOptional(
    v.pipe(gib, doc(`whole number, 1 to ${LARGEST_GIB}`, "size of the volume to boot from", "the image's")),
  ),
  volumesGiB: v.exactOptional(
    v.pipe(
      v.array(gib, "a list of sizes, one for each data volume"),
      v.maxLength(DATA_DEVICES.length, `at most ${DATA_DEVICES.length} volumes: EC2 has no more device names`),
      doc(
        "list of whole numbers",
        `size of each data volume, at most ${DATA_DEVICES.length}`,
        "one of `volumeGiB`, of data two",
      ),
    ),
  ),
  subnets: v.exactOptional(
    v.pipe(
      v.picklist(["public", "private"], "public or private"),
      doc("`public` or `private`", "where its instances are", "`private`, of web `public`"),
    ),
  ),
  tags: v.exactOptional(
    v.pipe(tags, doc("object", "on its instances and volumes; `Tier` and `Name` are set", "none")),
    {},
  ),
} as const;

const tier = v.exactOptional(fields("an object like { count: 2, tags: { Backup: daily } }", tierEntries), {});

const fileSystemEntries = {
  count: v.exactOptional(
    v.pipe(
      whole(0, MOST_FILE_SYSTEMS),
      doc(`whole number, 0 to ${MOST_FILE_SYSTEMS}`, "FSx for OpenZFS file systems, which take turns in the zones"),
    ),
    0,
  ),
  storageGiB: v.exactOptional(
    v.pipe(
      whole(LEAST_STORAGE_GIB, LARGEST_GIB),
      doc(`whole number, ${LEAST_STORAGE_GIB} to ${LARGEST_GIB}`, "size of each"),
    ),
    LEAST_STORAGE_GIB,
  ),
  throughputMBps: v.exactOptional(
    v.pipe(
      v.picklist(THROUGHPUTS_MBPS, `one of ${THROUGHPUTS_MBPS.join(", ")}`),
      doc(THROUGHPUTS_MBPS.map((one) => `\`${one}\``).join(", "), "throughput of each; most of what it costs"),
    ),
    64,
  ),
  tags: v.exactOptional(v.pipe(tags, doc("object", "on them; `Name` is set", "none")), {}),
} as const;

const workloadEntries = {
  ami: v.pipe(
    text("an image's id like ami-0123456789abcdef0", v.regex(/^ami-([0-9a-f]{8}|[0-9a-f]{17})$/)),
    doc(
      "text",
      "image of the instances: Amazon Linux 2023, in the stack's region, for the processor of the instance type",
    ),
  ),
  instanceType: v.exactOptional(v.pipe(instanceType, doc("text", "of each tier that has none of its own")), "t4g.nano"),
  volumeGiB: v.exactOptional(
    v.pipe(
      gib,
      doc(`whole number, 1 to ${LARGEST_GIB}`, "size of the data volumes of each tier that has no `volumesGiB`"),
    ),
    1,
  ),
  tags: v.exactOptional(
    v.pipe(tags, doc("object", "on instances and volumes of all tiers, and on file systems", "none")),
    {},
  ),
  network: v.exactOptional(Network, {}),
  tiers: v.exactOptional(fields("an object with web, app and data", { web: tier, app: tier, data: tier }), {}),
  fileSystems: v.exactOptional(fields("an object like { count: 1, tags: { Backup: daily } }", fileSystemEntries), {}),
  instances: v.exactOptional(v.never("nothing: each tier has a count, as in { tiers: { data: { count: 2 } } }")),
} as const;

type TierConfig = v.InferOutput<v.ObjectSchema<typeof tierEntries, undefined>>;
type Common = { readonly [K in "instanceType" | "volumeGiB" | "tags"]: v.InferOutput<(typeof workloadEntries)[K]> };

/** A tier with what it has in common with the others, unless it says otherwise. */
function tierOf(name: TierName, own: TierConfig, common: Common) {
  const { count, volumes, subnets } = TIER_DEFAULTS[name];
  const volumesGiB = Array<number>(volumes).fill(common.volumeGiB);
  return {
    ...{ count, subnets, volumesGiB, instanceType: common.instanceType },
    ...own,
    tags: { ...common.tags, ...own.tags },
  };
}

/** What a workload stack makes. */
export const Workload = v.pipe(
  fields("an object like { ami: ami-0123456789abcdef0, tags: { Backup: daily } }", workloadEntries),
  v.forward(
    v.check(
      ({ tiers }) => TIERS.some((name) => (tiers[name].count ?? TIER_DEFAULTS[name].count) > 0),
      "at least one instance in one of them",
    ),
    ["tiers"],
  ),
  v.transform(({ ami, network, fileSystems, tiers: { web, app, data }, ...common }) => ({
    ami,
    network,
    fileSystems: { ...fileSystems, tags: { ...common.tags, ...fileSystems.tags } },
    tiers: { web: tierOf("web", web, common), app: tierOf("app", app, common), data: tierOf("data", data, common) },
  })),
);
export type WorkloadSettings = Plain<v.InferOutput<typeof Workload>>;

// What Pulumi.yaml shares is the other stacks' business.
const shared = Object.fromEntries(Object.keys(regionEntries).map((key) => [key, v.exactOptional(v.unknown())]));
const { deployment, region } = stackEntries;

/** The config of a workload stack. */
export const WorkloadStack = fields("the config of a stack", {
  ...shared,
  role: v.literal("workload"),
  deployment,
  region,
  tags: v.exactOptional(tags, {}),
  // Peers are a stack's own, and the engine does not tell the project's default from what the stack's file says.
  peers: v.exactOptional(v.pipe(v.array(v.unknown(), NO_PEERS), v.empty(NO_PEERS))),
  workload: Workload,
});

export type WorkloadProgram = Plain<v.InferOutput<typeof WorkloadStack>>;

/** What a workload stack should be, of a config that is right. */
export const workloadProgram = (raw: unknown): WorkloadProgram => v.parse(WorkloadStack, raw);
