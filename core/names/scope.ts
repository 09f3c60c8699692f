/** Which resources, volumes and tags a policy covers. Plain data, as all of the model. */

/** An instance with its volumes is one resource; a volume is one alone, whatever it is attached to. */
export const KINDS = ["instance", "volume"] as const;
export type ResourceKind = (typeof KINDS)[number];

/** What instances come and go by, so that backups of single ones are seldom meant. */
export const MEMBERS = ["autoscaling", "eks", "spot"] as const;
export type Membership = (typeof MEMBERS)[number];

/** Attached volumes that get no snapshot, as CreateSnapshots wants to be told. */
export interface Excluded {
  readonly boot: boolean;
  /** Ids of data volumes. */
  readonly volumes: readonly string[];
}

/** The tags of volumes, as one create call can put them on their snapshots. */
export interface Carried {
  /** AWS copies each volume's tags onto its snapshot: all of them or none. */
  readonly fromSource: boolean;
  /** Given in the call, and so on every snapshot of the set. */
  readonly tags: Readonly<Record<string, string>>;
}

/** By tag key what its value is made of. */
export type Templates = Readonly<Record<string, string>>;
export type Values = Readonly<Record<string, string>>;

/** Templates with what is known of the point; the rest is filled in where a snapshot is known. */
export interface Labels {
  readonly templates: Templates;
  readonly values: Values;
}
