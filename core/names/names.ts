import type { Role } from "./role.js";

/** The Lambda functions of a controller; each has its own role and log group. */
export const FUNCTIONS = ["trigger", "survey", "plan", "make", "delete", "record", "adopt"] as const;
export type FunctionName = (typeof FUNCTIONS)[number];

const WORKFLOW = "workflow";

/** The kind that a state machine is of, by its name; undefined where it is none of a kind. */
export const kindOfWorkflow = (machine: string): string | undefined =>
  new RegExp(`^.+-${WORKFLOW}-([a-z0-9]+)-.+$`).exec(machine)?.[1];

/** What stacks must know of each other follows from these names, so that neither needs the other to be up. */
export const names = (deployment: string, role: Role) => {
  const prefix = `${deployment}-${role}`;
  return {
    prefix,
    stateMachine: `${prefix}-reconcile`,
    lambda: (fn: FunctionName) => `${prefix}-${fn}`,
    /** IAM is global, so its names carry the region too. */
    iamRole: (region: string, duty: string) => `${prefix}-${region}-${duty}`,
    table: `${prefix}-ledger`,
    /** Receives the peer's events and forwards nothing. */
    peerBus: `${prefix}-peer`,
    /** Gathers the events of both regions until the trigger takes a batch of them. */
    events: `${prefix}-events`,
    /** Hears of a kind in the own region, at the default bus. */
    eventRule: (kind: string) => `${prefix}-${kind}`,
    /** Hears of a kind in the peers' regions, at the peer bus. */
    peerRule: (kind: string) => `${prefix}-peer-${kind}`,
    topic: `${prefix}-alerts`,
    keyAlias: `alias/${prefix}`,
    /** What could not be delivered to the trigger. */
    deadLetters: `${prefix}-dead-letters`,
    alarm: (what: string) => `${prefix}-${what}`,
    /** Dashboards are global, so their names carry the region too. */
    dashboard: (region: string) => `${prefix}-${region}`,
    /** A state machine of a kind. */
    workflow: (kind: string, what: string) => `${prefix}-${WORKFLOW}-${kind}-${what}`,
    tickSchedule: `${prefix}-tick`,
    policySchedule: (policy: string) => `${prefix}-policy-${policy}`,
    bucket: (account: string, region: string) => `${prefix}-${account}-${region}`,
  };
};

/** The settings object in the bucket of each stack. */
export const SETTINGS_KEY = "settings.json";
/** Where a stack's bucket has what AWS said there that it never does. */
export const REFUSED_KEY = "refused.json";

/** What is done of a plan. */
export const VERBS = ["create", "copy", "finalize", "delete"] as const;
export type Verb = (typeof VERBS)[number];

/** Objects of one run. */
export const runKeys = (runId: string) => ({
  survey: `runs/${runId}/survey.json`,
  actions: (verb: Verb) => `runs/${runId}/${verb}.jsonl`,
  results: (verb: Verb, offset: number) => `runs/${runId}/results/${verb}-${offset}.jsonl`,
  decisions: `runs/${runId}/decisions.jsonl`,
  /** Expected against actual, a line for each policy and resource. */
  ledger: `runs/${runId}/ledger.jsonl`,
});

/** A slot of a policy in one region, as the points of a run have it in common. */
export interface Slot {
  readonly home: string;
  readonly policy: string;
  /** Milliseconds since the Unix epoch. */
  readonly scheduled: number;
}

/** Where the maps of a slot's points lie: which volume was which device, of what size; an object for each run that was to make some. */
export const mapFolder = ({ home, policy, scheduled }: Slot) =>
  `points/${home}/${policy}/${new Date(scheduled).toISOString().replace(/[-:.]/g, "")}/`;

/** Written before the points are made. */
export const mapKey = (slot: Slot, runId: string) => `${mapFolder(slot)}${runId}.jsonl`;
