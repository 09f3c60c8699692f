import type { FunctionName } from "../../../core/names/names.js";
import { importersOf } from "../../../functions/adopt/importers.js";
import { makeTakeIn } from "../../../functions/adopt/take-in.js";
import { makeDelete } from "../../../functions/delete/delete.js";
import { surveyAll } from "../../../functions/lib/survey.js";
import { makeMake } from "../../../functions/make/make.js";
import { makePlan } from "../../../functions/plan/plan.js";
import { makeRecord } from "../../../functions/record/record.js";
import type { Message } from "../../../functions/store/alerts.js";
import type { Bucket } from "../../../functions/store/bucket.js";
import { type Claims, makeClaims } from "../../../functions/store/claims.js";
import { type Lease, makeLease } from "../../../functions/store/lease.js";
import { makeLedger } from "../../../functions/store/ledger.js";
import { readSettings } from "../../../functions/store/settings.js";
import type { Table } from "../../../functions/store/table.js";
import type { Transact } from "../../../functions/store/transact.js";
import { makeWorkflows } from "../../../functions/store/workflows.js";
import { makeSurvey } from "../../../functions/survey/survey.js";
import { makeTrigger } from "../../../functions/trigger/trigger.js";
import type { Backend } from "../../../kinds/backend.js";
import { ebsBackend } from "../../../kinds/ebs/aws/backend.js";
import { EVENTS } from "../../../kinds/events.js";
import type { Log } from "../../../kinds/lib/log.js";
import { RULES } from "../../../kinds/rules.js";
import { LAMBDA_SECONDS } from "../../../machines/timeouts.js";
import { NO_EXECUTIONS } from "../../functions/fakes.js";
import type { StackSpec } from "../scenario.js";
import type { Cloud } from "../world/cloud.js";
import type { Run } from "../world/snap.js";
import { ec2Client } from "./ec2.js";
import type { Invocation } from "./invocation.js";

/** What may be replaced to plant a mistake; each is given the right one. */
export interface Habits {
  readonly lease?: (lease: Lease) => Lease;
  readonly claims?: (claims: Claims) => Claims;
  readonly find?: (find: Backend["find"]) => Backend["find"];
  /** The bucket as one function has it. */
  readonly bucket?: (bucket: Bucket, fn: FunctionName) => Bucket;
  readonly table?: (table: Table) => Table;
  readonly publish?: (message: Message) => Message | undefined;
  readonly ec2?: (client: ReturnType<typeof ec2Client>, fn: FunctionName, cloud: Cloud) => ReturnType<typeof ec2Client>;
}

/** What one invocation of a function of a stack works with. */
export interface Deps {
  readonly spec: StackSpec;
  readonly cloud: Cloud;
  readonly invocation: Invocation;
  readonly run: Run;
  readonly table: Table;
  readonly transact: Transact;
  /** The own bucket; those of others by their region. */
  readonly bucket: Bucket;
  readonly peerBucket: (region: string) => Bucket;
  readonly start: () => string;
  readonly publish: (message: Message) => void;
  readonly habits: Habits;
}

const silent: Log = {
  info: () => undefined,
  warn: () => undefined,
  error: () => undefined,
  createChild: () => silent,
};

/** The real functions, composed as their handlers do, with the model in the place of AWS. */
export function handlerOf(fn: FunctionName, deps: Deps): (event: unknown) => Promise<unknown> {
  const { spec, cloud, invocation, run, habits } = deps;
  const { role, region, deployment } = spec.settings;
  const now = (): number => cloud.engine.now + cloud.weather.skew(spec.name);
  const plainBucket = deps.bucket;
  const bucket = habits.bucket?.(plainBucket, fn) ?? plainBucket;
  const table = habits.table?.(deps.table) ?? deps.table;
  const plainLease = makeLease(table);
  const lease = habits.lease?.(plainLease) ?? plainLease;
  const ledger = makeLedger(table);
  const settings = () => readSettings(bucket, RULES);
  const client = (where: string) => {
    const plain = ec2Client({ cloud, run, region: where, invocation, isSurvey: fn === "survey" });
    return habits.ec2?.(plain, fn, cloud) ?? plain;
  };
  const plainBackend = ebsBackend({ region, reading: client, creating: client(region) });
  const backend = { ...plainBackend, find: habits.find?.(plainBackend.find) ?? plainBackend.find };
  const workflows = makeWorkflows(table, now);
  const common = {
    workflows,
    bucket,
    lease,
    now,
    settings,
    backendOf: () => backend,
    log: silent,
  };
  const inTime = { remainingMs: LAMBDA_SECONDS[fn] * 1000 };
  switch (fn) {
    case "trigger": {
      const start = () => invocation.call("again", deps.start);
      return makeTrigger({ lease, ledger, role, events: EVENTS, start, now, log: silent });
    }
    case "survey":
      return makeSurvey({
        ...common,
        ledger,
        executions: NO_EXECUTIONS,
        kinds: () => ["ebs"],
        peerBuckets: ({ peers }) => peers.map(deps.peerBucket),
        look: (args) => surveyAll({ ...args, backends: { ebs: backend }, rules: RULES }),
      });
    case "plan":
      return makePlan({ ...common, region, rules: RULES });
    case "make": {
      const claims = makeClaims(table, deps.transact);
      const own = { region, claims: habits.claims?.(claims) ?? claims, peerBucket: deps.peerBucket };
      const make = makeMake({ ...common, ...own });
      return (event) => make(event, inTime);
    }
    case "delete": {
      const remove = makeDelete(common);
      return (event) => remove(event, inTime);
    }
    case "adopt": {
      const takeIn = makeTakeIn({ ...common, importers: importersOf({ ebs: backend }) });
      return (event) => takeIn(event, inTime);
    }
    case "record": {
      const publish = async (message: Message): Promise<void> => {
        const said = habits.publish === undefined ? message : habits.publish(message);
        if (said !== undefined) await invocation.call("again", () => deps.publish(said));
      };
      return makeRecord({
        ...common,
        deployment,
        role,
        region,
        table,
        ledger,
        publish,
        emit: () => undefined,
        repeatAfterMs: Number.POSITIVE_INFINITY,
        summary: false,
        rules: RULES,
      });
    }
  }
}
