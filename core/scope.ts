/** Which resources, volumes and tags a policy covers. Plain data, as all of the model. */

/** An instance with its volumes is one resource; a volume is one alone, whatever it is attached to. */
export type ResourceKind = "instance" | "volume";

/** What instances come and go by, so that backups of single ones are seldom meant. */
export const MEMBERS = ["autoscaling", "eks", "spot"] as const;
export type Membership = (typeof MEMBERS)[number];

/**
 * A tag that must be there: its key is given, or as a pattern of core/pattern.ts, or how it begins; one of the three. So is its
 * value; without any, every value is right.
 */
export interface TagSelect {
  readonly key?: string;
  readonly keyLike?: string;
  readonly keyPrefix?: string;
  readonly value?: string;
  readonly like?: string;
  readonly prefix?: string;
}

/** What tags must say. */
export type TagExpression =
  | TagSelect
  | { readonly all: readonly TagExpression[] }
  | { readonly any: readonly TagExpression[] }
  | { readonly not: TagExpression };

/** Which resources a policy protects. */
export type Select = TagExpression | { readonly everything: true };

/** Volumes of an instance that its points leave out: each that any of these fits. */
export interface Exclude {
  readonly boot?: boolean;
  /** Device names as the attachment has them, like `/dev/sdb`. */
  readonly devices?: readonly string[];
  readonly volumeTags?: Readonly<Record<string, string>>;
}

/** Which of a volume's own tags its snapshots get: all, those with these keys, or those whose keys patterns take. */
export type CopyTags = true | readonly string[] | CopyTagsFilter;

export interface CopyTagsFilter {
  /** At least one must take the key. @default all do */
  readonly only?: readonly string[];
  /** None may take it. @default none does */
  readonly except?: readonly string[];
}

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
