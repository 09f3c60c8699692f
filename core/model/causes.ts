/**
 * Everything that can be wrong, each with what a person can do about it. A cause is a stable name: the same trouble has the same
 * cause and is told once. The types are those of the tables, so that there is no cause without advice. What is said here is true of
 * every kind; a kind that knows better says it in its own words.
 */

/** Found by the planner. */
export const PLANNED = {
  "point-failed":
    "AWS could not finish the backup; it is tried again. If it goes on, look at the resource's state and its KMS key.",
  "copy-failed":
    "AWS could not finish the copy; it is tried again. Most often the KMS key of either region may not be used.",
  "point-overdue":
    "By its schedule there should be a newer one by now. Details say what it waits for; other messages and `lockstep status` may say more.",
  "point-hangs":
    "AWS is at it for much longer than it takes. Later points are made all the same, as long as AWS takes more. Look at the AWS Health Dashboard, or ask AWS Support.",
  "copy-hangs":
    "AWS is at it for much longer than it takes. The next point is copied all the same; each that hangs keeps its slot. Look at the AWS Health Dashboard, or ask AWS Support.",
  "copy-overdue":
    "Nothing that waits for a copy is deleted. Look whether the DR stack is deployed, runs, and has the same policies.",
  "region-unknown":
    "Nothing that depends on this region is deleted until it can be read. Look at the cause and at the AWS Health Dashboard.",
  "nothing-selected": "The policy protects nothing: check its tag key and value, and the tags of the resources.",
  "nearly-selected":
    "Nothing of these is protected by the policy. If they are meant, correct their tags, or let the policy select by any of both; tags are compared as exactly as AWS does.",
  "excludes-nothing":
    "What was meant to be left out may be in the points. Correct what the policy excludes, or take it out of the policy.",
  "selection-dropped":
    "If this was meant, nothing needs to be done: after a week the new number counts. Else look for tags that were changed.",
  "members-left-out":
    "If they are to be protected, let the policy include what they are members of; if not, let it say that none is meant.",
  "everything-excluded":
    "No point is made of it: let the policy exclude less, or take the resource out of its selection.",
  "too-many-excluded":
    "No point is made of it: let the policy exclude fewer of its members, or take the resource out of its selection.",
  "cannot-protect":
    "No point can be made of it. Details say why, and the way out; a resource that is meant to have none says so itself by Backup=No.",
  "cannot-copy":
    "Its points are made at home, and nothing waits for copies that there cannot be. Details name the way out.",
  "quota-near":
    "When the quota is reached no more points are made there. Raise it in Service Quotas, or keep fewer points; what waits for a copy or an approval counts too.",
  "tags-left-off": "The points are made, without these tags. Name fewer of them in the policy.",
  "bad-tag": "Nothing is lost: the policy's own value holds for the resource. Correct the tag, or remove it.",
  "resource-gone":
    "Nothing needs to be done. To keep its last point, tag its backups to be kept for ever, or copy them, before it goes.",
  "policy-gone":
    "If the policy was not meant to be deleted, put it back under the same name: it takes its points over again.",
  "duplicate-point": "The doubles are adopted and pruned; nothing needs to be done.",
  "approval-needed":
    "Look at the policy: was its retention lowered by a slip? Then put it back, and nothing is lost. If it is meant, look at `lockstep plan` and approve. Points are made and copied meanwhile.",
} as const satisfies Readonly<Record<string, string>>;
export type PlannedCause = keyof typeof PLANNED;

/** Met with by a run of a controller. */
export const MET = {
  "create-refused":
    "AWS refused to make the backup; it is tried again. Look at the cause, the resource's state and the function's role.",
  "copy-refused":
    "AWS refused to start the copy; it is tried again. Look at the cause and at the rights on both regions' KMS keys.",
  "finalize-refused":
    "A point is there, but not yet all that its policy wants of it; it is tried again for a day. Look at the function's role.",
  "delete-refused": "AWS refused to delete an expired backup; it is tried again and costs money until then.",
  "adopt-refused":
    "Backups of others are not points yet, so not copied; it is tried again. Look at the cause and at the function's role.",
  "quota-reached": "Nothing more can be made until the quota is raised: open Service Quotas in this region.",
  "stray-artifact":
    "A backup has our ownership tag and belongs to no point: it is never deleted. Remove the tag, or the backup.",
  "kind-gone":
    "Nobody looks after them: they neither expire nor are they copied, and what becomes of them is not told. Name their kind in lockstep:alsoKinds, and run `lockstep up`, until there are none left; or let a policy name it again.",
  "only-plans": "If points are to be made, set lockstep:mode to act and run `lockstep up`.",
  "run-failed": "The run stopped before its end; the next tick begins anew. Look at the log groups of its functions.",
} as const satisfies Readonly<Record<string, string>>;
export type MetCause = keyof typeof MET;

/** What only somebody who looks at the controllers from outside can tell. */
const OUTSIDE = {
  "no-point":
    "It cannot be restored there. The first point is made at the next time of the schedule, or by `lockstep run`; a first copy is a full one and takes its time.",
  "no-run":
    "Nothing is made, copied or deleted there. Look at the tick's schedule, at the executions of the state machine, and at the log groups of the functions.",
  "ledger-unknown":
    "What its controller knows to be wrong, and what was approved there, is not known here. Look at the cause, and at the rights of whoever asks.",
} as const satisfies Readonly<Record<string, string>>;
type OutsideCause = keyof typeof OUTSIDE;

/** Where a cause has several cases: what to do about the one that it is. */
const CASES = {
  "no-members":
    "No point can be made of it: give it what can be backed up, or take away the tag that selects it. Other resources of the policy are not concerned.",
  unselected: "It asks for points, and gets none: give it the tags that a policy selects by, or take its own away.",
  incomplete:
    "AWS finished all that there is, but the point is not whole: somebody deleted a part of it, or changed its tags. A whole point is tried by itself.",
  "in-progress":
    "Nothing that waits for a copy is deleted. The DR stack has begun the copies that Details name, and AWS is at them. Those that hang are passed by the next point's; the region's own message says more.",
  "put-off":
    "AWS takes no more for now, and a point is late for it: so many are in progress, of the resource or in the region, or calls come too fast. It is tried again. Look at what hangs, and at the service's quotas in this region.",
  "copies-fail":
    "Nothing that waits for a copy is deleted. The DR stack tries, and AWS fails the copies: Details, and the region's own message, say why.",
  "key-unusable":
    "A KMS key may not be used: the resource's, or the one of the copy's region. Look that it is enabled and not about to be deleted, and that its policy admits the function's role. It is tried again by itself.",
} as const satisfies Readonly<Record<string, string>>;
export type Case = keyof typeof CASES;

/** Instead of a cause's own advice. */
export const ADVICE_IN: Readonly<Record<Case, string>> = CASES;

/** What a kind says in its own words. */
export type KindAdvice = Readonly<Partial<Record<Cause | Case, string>>>;

export type Cause = PlannedCause | MetCause | OutsideCause;

/** What a person can do about each cause. */
export const ADVICE: Readonly<Record<Cause, string>> = { ...PLANNED, ...MET, ...OUTSIDE };

/** Something a person should know or do something about. `policy`, `resource` and `point` are empty where it concerns none. */
export interface Trouble {
  /** One of the above; what an earlier version wrote into the ledger may be another. */
  readonly cause: string;
  readonly region: string;
  readonly policy: string;
  readonly resource: string;
  readonly point: string;
  readonly reason: string;
  /** Which of several cases of its cause it is. */
  readonly case?: string;
  /** The kind that it is about, where that is one alone. */
  readonly kind?: string;
}

/** What is wrong now. */
export interface Found extends Trouble {
  readonly cause: Cause;
}

/** A trouble that a controller told of and that is not over. */
export interface Open {
  readonly trouble: Trouble;
  /** When a run first met with it. */
  readonly since: number;
}

/** The same trouble, whatever is said of it at the moment. A resource is of one kind; a policy or a region has each kind's trouble by itself. */
export const keyOf = ({ cause, region, policy, resource, kind }: Omit<Trouble, "point" | "reason">): string =>
  [cause, region, policy, resource, ...(resource === "" && kind !== undefined ? [kind] : [])].join("#");
