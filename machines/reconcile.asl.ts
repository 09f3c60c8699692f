import type { Verb } from "../core/names/names.js";
import { LAMBDA_SECONDS } from "./timeouts.js";

/** ARNs of the functions of one stack. */
export interface ReconcileParams {
  readonly survey: string;
  readonly plan: string;
  readonly make: string;
  readonly delete: string;
  readonly record: string;
  /** Where a policy takes in what others make: it does before each survey. */
  readonly adopt?: string;
}

type Step = keyof ReconcileParams;
/** One state, as plain data. */
export type State = Readonly<Record<string, unknown>>;
/** A definition in the Amazon States Language (a type, not an interface, so that it is plain data to others). */
export type StateMachine = {
  readonly Comment: string;
  readonly StartAt: string;
  readonly States: Readonly<Record<string, State>>;
};

/** What a function did not decide itself. LeaseLost and InvalidInput are not here: trying again cannot mend them. */
const RETRY = [
  {
    ErrorEquals: [
      "Lambda.ServiceException",
      "Lambda.AWSLambdaException",
      "Lambda.SdkClientException",
      "Lambda.TooManyRequestsException",
      "Throttled",
    ],
    IntervalSeconds: 2,
    BackoffRate: 2,
    MaxAttempts: 5,
    MaxDelaySeconds: 30,
    JitterStrategy: "FULL",
  },
];

/** A function ends itself before the state gives it up; this is for a lost answer. */
const GRACE_SECONDS = 15;

interface TaskParts {
  readonly arn: string;
  readonly step: Step;
  readonly payload: Readonly<Record<string, string>>;
  /** Fields of the function's answer that go on. */
  readonly keep: readonly string[];
  readonly into: string;
  readonly next: string;
  readonly failure?: string;
}

const task = ({ arn, step, payload, keep, into, next, failure = "RecordFailure" }: TaskParts): State => ({
  Type: "Task",
  Resource: `arn:${arn.split(":")[1]}:states:::lambda:invoke`,
  Parameters: { FunctionName: arn, Payload: payload },
  ResultSelector: Object.fromEntries(keep.map((field) => [`${field}.$`, `$.Payload.${field}`])),
  ResultPath: into,
  TimeoutSeconds: LAMBDA_SECONDS[step] + GRACE_SECONDS,
  Retry: RETRY,
  Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.error", Next: failure }],
  Next: next,
});

/** What of a plan is carried out, in this order, and whereby. */
interface Part {
  readonly name: string;
  /** Also the place of its counts in the state. */
  readonly verb: Verb;
  readonly fn: "make" | "delete";
  /** The count of the plan that says whether there is anything to do. */
  readonly count: string;
}

const PARTS: readonly Part[] = [
  { name: "Create", verb: "create", fn: "make", count: "creates" },
  { name: "Copy", verb: "copy", fn: "make", count: "copies" },
  { name: "Finalize", verb: "finalize", fn: "make", count: "finalizes" },
  { name: "Delete", verb: "delete", fn: "delete", count: "deletes" },
];

/** Does nothing when nothing is planned; calls its function until it says that no more is left. */
function carryOut({ name, verb, fn, count }: Part, arn: string, next: string): Record<string, State> {
  return {
    [`Any${name}`]: {
      Type: "Choice",
      Choices: [{ Variable: `$.plan.${count}`, NumericGreaterThan: 0, Next: name }],
      Default: next,
    },
    [name]: task({
      arn,
      step: fn,
      payload: {
        "runId.$": "$.run.runId",
        "offset.$": `$.${verb}.offset`,
        do: verb,
      },
      keep: ["runId", "offset", "more", "done", "failed", "later"],
      into: `$.${verb}`,
      next: `More${name}`,
    }),
    [`More${name}`]: {
      Type: "Choice",
      Choices: [{ Variable: `$.${verb}.more`, BooleanEquals: true, Next: name }],
      Default: next,
    },
  };
}

/**
 * One round: survey (takes the lease), plan, what was planned in batches, record (gives the lease back, or says that marks came: then a
 * new round, of which record allows so many, since an execution's history is bounded). Large sets are in the bucket; states carry counts only.
 */
export function reconcile(p: ReconcileParams): StateMachine {
  const nextOf = (index: number) => (PARTS[index] ? `Any${PARTS[index].name}` : "Record");
  return {
    Comment: "Lockstep: compares what the policies want with what exists, and acts in its own region",
    StartAt: "Start",
    States: {
      ...begin(p, nextOf(0)),
      ...Object.fromEntries(
        PARTS.flatMap((part, index) => Object.entries(carryOut(part, p[part.fn], nextOf(index + 1)))),
      ),
      ...end(p),
    },
  };
}

const firstOf = ({ adopt }: ReconcileParams): string => (adopt === undefined ? "Survey" : "TakeIn");

/** Before the lease is taken: two at once write the same tags. */
const takeIn = (arn: string): Record<string, State> => ({
  TakeIn: task({
    arn,
    step: "adopt",
    payload: { "execution.$": "$$.Execution.Name" },
    keep: ["taken", "more", "refused"],
    into: "$.adopt",
    next: "MoreTakeIn",
  }),
  MoreTakeIn: {
    Type: "Choice",
    Choices: [{ Variable: "$.adopt.more", BooleanEquals: true, Next: "TakeIn" }],
    Default: "Survey",
  },
});

function begin(p: ReconcileParams, next: string): Record<string, State> {
  const fresh = { offset: 0, more: false, done: 0, failed: 0, later: 0 };
  return {
    Start: { Type: "Pass", Parameters: { round: 1 }, Next: firstOf(p) },
    ...(p.adopt === undefined ? {} : takeIn(p.adopt)),
    Survey: task({
      arn: p.survey,
      step: "survey",
      payload: { "execution.$": "$$.Execution.Name" },
      keep: ["held", "runId"],
      into: "$.run",
      next: "IsHeld",
    }),
    IsHeld: {
      Type: "Choice",
      Choices: [{ Variable: "$.run.held", BooleanEquals: true, Next: "Coalesced" }],
      Default: "Plan",
    },
    Coalesced: { Type: "Succeed", Comment: "Another execution holds the lease and looks again" },
    Plan: task({
      arn: p.plan,
      step: "plan",
      payload: { "runId.$": "$.run.runId" },
      keep: ["runId", "creates", "copies", "finalizes", "deletes", "alerts", "inFlight"],
      into: "$.plan",
      next: "Begin",
    }),
    Begin: {
      Type: "Pass",
      Comment: "A new round begins with counts of its own",
      Parameters: {
        "round.$": "$.round",
        "run.$": "$.run",
        "plan.$": "$.plan",
        ...(p.adopt === undefined ? {} : { "adopt.$": "$.adopt" }),
        ...Object.fromEntries(PARTS.map(({ verb }) => [verb, fresh])),
      },
      Next: next,
    },
  };
}

function end(p: ReconcileParams): Record<string, State> {
  return {
    Record: task({
      arn: p.record,
      step: "record",
      payload: {
        "runId.$": "$.run.runId",
        "round.$": "$.round",
        "plan.$": "$.plan",
        ...(p.adopt === undefined ? {} : { "refused.$": "$.adopt.refused" }),
      },
      keep: ["again"],
      into: "$.record",
      next: "IsAgain",
    }),
    IsAgain: {
      Type: "Choice",
      Choices: [{ Variable: "$.record.again", BooleanEquals: true, Next: "Again" }],
      Default: "Done",
    },
    Again: { Type: "Pass", Parameters: { "round.$": "States.MathAdd($.round, 1)" }, Next: firstOf(p) },
    Done: { Type: "Succeed" },
    RecordFailure: {
      ...task({
        arn: p.record,
        step: "record",
        payload: { "execution.$": "$$.Execution.Name", "error.$": "$.error" },
        keep: ["again"],
        into: "$.record",
        next: "Failed",
        failure: "Failed",
      }),
      // Keeps the first error even where this state fails too.
      Catch: [{ ErrorEquals: ["States.ALL"], ResultPath: "$.recordError", Next: "Failed" }],
    },
    Failed: { Type: "Fail", ErrorPath: "$.error.Error", CausePath: "$.error.Cause" },
  };
}
