import type { Policy, ResourceKind, Role, Settings } from "../../core/model/model.js";
import { ebsOf } from "../../kinds/ebs/config.js";

export const SECOND = 1000;
export const MINUTE = 60 * SECOND;
export const HOUR = 60 * MINUTE;
export const DAY = 24 * HOUR;
/** What is new is seen after this at the latest; what changed within it, a survey may have missed. */
export const LAG_MAX = 5 * MINUTE;
/** How often the deployed tick looks at rest; where nothing is to be found, the simulated one looks less often. */
export const TICK_MS = 15 * MINUTE;
/** Clocks of functions are wrong by less. */
export const SKEW_MAX = 3 * MINUTE;

/** A deployed stack. Two regions that are each other's DR have two stacks each. */
export interface StackSpec {
  readonly name: string;
  readonly settings: Settings;
}

/** Something worth protecting, and of how many things it consists: an instance with its volumes, or a volume alone. */
export interface MachineSpec {
  readonly id: string;
  readonly kind: ResourceKind;
  readonly region: string;
  /** Value of its Backup tag: the policy that selects it. */
  readonly policy: string;
  readonly volumes: number;
  readonly born: number;
  readonly dies?: number;
}

interface Instant {
  readonly at: number;
}
interface Span extends Instant {
  readonly until: number;
}
interface InRegion {
  readonly region: string;
}
interface OfStack {
  readonly stack: string;
}
/** Which of the snapshots that Lockstep has there: a number that is taken modulo their count. */
interface Nth extends InRegion {
  readonly nth: number;
}

/** What goes wrong. Everything is drawn beforehand, so that a failure can be replayed and made smaller. */
export type Fault =
  /** The region answers nobody, and nothing runs there; what is under way stops. */
  | ({ readonly kind: "outage" } & InRegion & Span)
  /** One stack cannot reach a region that is otherwise well. */
  | ({ readonly kind: "partition" } & OfStack & InRegion & Span)
  /** Pages of a stack's listings of a region fail. */
  | ({ readonly kind: "failed-pages"; readonly rate: number } & OfStack & InRegion & Span)
  | ({ readonly kind: "throttle"; readonly rate: number } & InRegion & Span)
  /** New snapshots are seen late, deleted ones are still seen. */
  | ({ readonly kind: "lag"; readonly ms: number } & InRegion & Span)
  /** Snapshots and copies into the region end in `error`. */
  | ({ readonly kind: "breaks"; readonly rate: number } & InRegion & Span)
  /** AWS carries out a call that makes something twice. */
  | ({ readonly kind: "doubles"; readonly rate: number } & InRegion & Span)
  | ({ readonly kind: "slow"; readonly factor: number } & InRegion & Span)
  /** Of the snapshots and copies that Lockstep begins in the region, EBS stays at so many for ever. */
  | ({ readonly kind: "hang"; readonly count: number } & InRegion & Span)
  /** Events of a region. */
  | ({
      readonly kind: "events";
      readonly how: "lost" | "doubled" | "late" | "reordered";
      readonly rate: number;
    } & InRegion &
      Span)
  /** Neither ticks nor schedules reach the stack. */
  | ({ readonly kind: "no-ticks" } & OfStack & Span)
  /** From `at` on, the next function of the stack is killed at its n-th call, before or after the call is carried out. */
  | ({ readonly kind: "kill"; readonly calls: number; readonly carriedOut: boolean } & OfStack & Instant)
  /** The same, and its execution with it: nobody gives the lease back. */
  | ({ readonly kind: "stop"; readonly calls: number; readonly carriedOut: boolean } & OfStack & Instant)
  /** The n-th call that changes something is carried out, but its answer is lost. */
  | ({ readonly kind: "lost-answer"; readonly calls: number } & OfStack & Instant)
  /** So many executions are started at once. */
  | ({ readonly kind: "overlap"; readonly runs: number } & OfStack & Instant)
  /** The clock of the stack's functions is wrong. */
  | ({ readonly kind: "clock"; readonly by: number } & OfStack & Span)
  /** Copies of others take slots. */
  | ({ readonly kind: "crowd"; readonly copies: number } & InRegion & Span)
  /** A slip lowers a policy's retention everywhere, until it is put back; what then waits somebody may approve. */
  | ({ readonly kind: "lower"; readonly policy: string; readonly approvedAfter?: number } & Span)
  /** The account's snapshots are as many as it may have. */
  | ({ readonly kind: "quota" } & InRegion & Span)
  /** Others make more and more, until after three quarters of the time the account has as many as it may. */
  | ({ readonly kind: "fills" } & InRegion & Span);

/** Who makes a snapshot of a volume beside Lockstep: what it carries tells whose it is, and what is to become of it. */
export const MAKERS = ["script", "dlm", "aws-backup", "keeper", "unwanted"] as const;

interface Theirs {
  readonly volume: string;
  readonly maker: (typeof MAKERS)[number];
  /** EBS cannot finish it. */
  readonly fails: boolean;
}

/** What people do, right or wrong. */
export type Deed =
  | ({ readonly kind: "delete" } & Nth & Instant)
  | ({ readonly kind: "keep-forever" } & Nth & Span)
  | ({ readonly kind: "lock" } & Nth & Span)
  | ({ readonly kind: "image" } & Nth & Span)
  /** Takes one of our tags off a snapshot, and puts it back. */
  | ({ readonly kind: "untag"; readonly key: string } & Nth & Span)
  /** Changes the value of one of our tags, and puts it back. */
  | ({ readonly kind: "retag"; readonly key: string } & Nth & Span)
  | ({ readonly kind: "share" } & Nth & Instant)
  /** A snapshot of their own, with a tag whose value is the id of one of our resources. */
  | ({ readonly kind: "foreign" } & Nth & Instant)
  /** Somebody else makes a snapshot of a volume, and may delete it later. */
  | ({ readonly kind: "theirs" } & Theirs & Span)
  /** A copy by hand into the same region, with all tags or with none. */
  | ({ readonly kind: "hand-copy"; readonly tags: boolean } & Nth & Instant)
  | ({ readonly kind: "unselect"; readonly machine: string } & Span)
  /** A resource is at something else until then: it is seen to be updated, or what is asked for is queued silently. */
  | ({ readonly kind: "updating"; readonly machine: string; readonly seen: boolean } & Span)
  /** Tags of a resource that say something else than its policy; or try to. */
  | ({
      readonly kind: "override";
      readonly machine: string;
      readonly tags: Readonly<Record<string, string>>;
      readonly bad: boolean;
    } & Span)
  | ({ readonly kind: "attach"; readonly machine: string } & Instant)
  | ({ readonly kind: "detach"; readonly machine: string } & Instant)
  /** `lockstep run`. */
  | ({ readonly kind: "ask" } & OfStack & Instant)
  /** A stack's settings lack a policy. */
  | ({ readonly kind: "no-policy"; readonly policy: string } & OfStack & Span);

export type Trouble = (Fault | Deed) & { readonly id: string };
export type TroubleKind = Trouble["kind"];
export type TroubleOf<K extends TroubleKind> = Extract<Trouble, { kind: K }>;

/** Everything that a run of the simulation depends on. */
export interface Scenario {
  readonly seed: number;
  /** What all of it is of: a name of the table in kinds/. */
  readonly kind: string;
  readonly start: number;
  readonly end: number;
  readonly stacks: readonly StackSpec[];
  readonly machines: readonly MachineSpec[];
  readonly troubles: readonly Trouble[];
}

/** By so much later DR hears of an event: by then home has made a point of what others made (docs/configuration.md, "source"). */
export const hearsLater = ({ settings: { role, policies } }: StackSpec): number =>
  role === "dr" && policies.some((policy) => ebsOf(policy).source === "any") ? 30 * SECOND : 0;

/** How long a trouble goes on; an instant is over at once. */
export const endOf = (trouble: Trouble): number => ("until" in trouble ? trouble.until : trouble.at);

/** So long after its last point a resource that nobody protects any more is waited for; so long people know beforehand. */
export const orphanAfterOf = ({ stacks }: Scenario): number => stacks[0]?.settings.orphanAfterMs ?? 90 * DAY;

const stacksOf = (scenario: Scenario, role: Role): readonly StackSpec[] =>
  scenario.stacks.filter(({ settings }) => settings.role === role);

/** Every policy with the region whose resources it protects, as deployed. */
export function policiesOf(scenario: Scenario): { readonly home: string; readonly policy: Policy }[] {
  return stacksOf(scenario, "primary").flatMap(({ settings }) =>
    settings.policies.map((policy) => ({ home: settings.region, policy })),
  );
}
