import type { Retain } from "../../../core/model/model.js";
import { TAG } from "../../../core/names/tags.js";
import { type Snap as Ec2Snap, isLocked, type Tags } from "../../cloud/snap.js";
import type { StackSpec } from "../scenario.js";

/** Who a snapshot was made for, as its tags said when Lockstep made it. People may change tags; this stays. */
export interface Mark {
  readonly policy: string;
  readonly home: string;
  readonly resource: string;
  readonly point: string;
  readonly scheduled: number;
  readonly size: number;
}

/** What held when a snapshot was made: its policy, as the tags of the resource had it. */
export interface Under {
  readonly retain: Retain | undefined;
  readonly copies: readonly string[];
  readonly lockDays: number | undefined;
}

/** A look of one stack: what it may know when it acts. */
export interface Run {
  readonly stack: StackSpec;
  /** When it began to read. */
  readonly began: number;
  /** Regions of which it could not read everything. */
  readonly unknown: Set<string>;
  /** The policies that it read in its settings. */
  readonly policies: ReadonlySet<string>;
  /** Whether it is still the one that may act; undefined where nobody else could. */
  readonly holds?: () => boolean;
}

/**
 * An artifact of any kind, as AWS has it, and what the world and its judges know beside; what a survey sees of it may lag behind. Its words
 * are those of EBS, where it began: `volume` is the member that it is of, and what a kind does not have, like AMIs, is empty.
 */
export interface Snap extends Ec2Snap {
  /** The same for the same thing in every telling of a story: what chance goes by. */
  readonly key: string;
  readonly source?: Snap;
  /** Nobody but Lockstep's has one: what others made, from when it is taken in. */
  mark?: Mark;
  /** Others made it. */
  readonly theirs?: true;
  /** What held when it was made; undefined where that changed just then. */
  under?: Under;
  /** AWS never gets done with it. */
  hangs?: boolean;
  /** A stack has it deleted, which takes its time: until then it is there as before. */
  isGoing?: boolean;
  seenFrom: number;
  /** Deleted snapshots are listed until then. */
  goneFrom?: number;
  /** When somebody else last changed what Lockstep may see of it. */
  touchedAt: number;
  /** Its tags are not those that it was made with. */
  tampered: boolean;
  /** They still place it: only what it was copied from they tell wrong. */
  misled: boolean;
}

export const isListed = (snap: Snap, now: number): boolean =>
  snap.seenFrom <= now && (snap.goneFrom === undefined || now < snap.goneFrom);

/** Of what others made no event tells when it is taken in; who copies what is completed already finds it by the tick. */
export const findsByTick = ({ settings: { role, peers } }: StackSpec, { state, region }: Snap): boolean =>
  role === "dr" && state === "completed" && peers.includes(region);

const MARKED = ["policy", "home", "resource", "point", "scheduled", "size", "kind", "level", "deployment"] as const;

/** Reads the identity in the tags of a create call; a call without it makes something that nobody will ever find. */
export function markOf(tags: Tags): Mark {
  const lost = MARKED.filter((key) => !tags[TAG[key]]);
  if (lost.length > 0) throw new Error(`Lockstep made a snapshot without ${lost.map((key) => TAG[key]).join(", ")}`);
  const of = (key: (typeof MARKED)[number]): string => tags[TAG[key]] ?? "";
  return {
    policy: of("policy"),
    home: of("home"),
    resource: of("resource"),
    point: of("point"),
    scheduled: Date.parse(of("scheduled")),
    size: Number(of("size")),
  };
}

/** Who makes and deletes it by a schedule of its own (EBS user guide, "Amazon Data Lifecycle Manager"; AWS Backup developer guide). */
const isManaged = ({ tags }: Snap): boolean =>
  Object.keys(tags).some((key) => /^aws:(backup|dlm):/.test(key)) || tags["dlm:managed"] === "true";

/** What stands in the way of deleting it, for whoever looks. */
export const holdsOf = (snap: Snap, now: number): boolean =>
  snap.images.size > 0 || isLocked(snap, now) || Object.hasOwn(snap.tags, "KeepForever") || isManaged(snap);
