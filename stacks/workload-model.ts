/** The tiers of a workload, from the internet inwards. */
export const TIERS = ["web", "app", "data"] as const;
export type TierName = (typeof TIERS)[number];

export const NAT_STRATEGIES = ["None", "Single", "OnePerAz"] as const;

/** The network that the tiers are in. */
export interface NetworkSettings {
  /** @default 10.0.0.0/16 */
  readonly cidr: string;
  /** How many availability zones. @default 2 */
  readonly zones: number;
  /** How private subnets reach the internet; each NAT gateway costs by the hour. @default Single */
  readonly natGateways: (typeof NAT_STRATEGIES)[number];
  /** Blocks of addresses that reach the web tier, by HTTPS. @default all */
  readonly allowFrom: readonly string[];
}

/** One tier. */
export interface TierSettings {
  /** How many instances. @default 1; 2 of data */
  readonly count: number;
  /** @default the workload's */
  readonly instanceType: string;
  /** @default the image's */
  readonly bootGiB?: number;
  /** Size of each data volume. @default one of `volumeGiB`; two of data */
  readonly volumesGiB: readonly number[];
  /** @default public of web, private of the others */
  readonly subnets: "public" | "private";
  /** On instances and volumes: the workload's and the tier's own. A policy selects by them. */
  readonly tags: Readonly<Record<string, string>>;
}

/** What a workload stack makes. */
export interface WorkloadSettings {
  /** Image of the instances. */
  readonly ami: string;
  readonly network: NetworkSettings;
  readonly tiers: Readonly<Record<TierName, TierSettings>>;
}
