import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  DeleteSnapshotCommand,
} from "@aws-sdk/client-ec2";
import type { FunctionName } from "../../../core/names/names.js";
import { makeLook } from "../../../functions/adopt/look.js";
import { makeTakeIn } from "../../../functions/adopt/take-in.js";
import { makeCopy } from "../../../functions/copy/copy.js";
import { copySnapshotInput } from "../../../functions/copy/request.js";
import { makeCreate } from "../../../functions/create/create.js";
import { createSnapshotInput, createSnapshotsInput } from "../../../functions/create/request.js";
import { isFinalize, makeFinalize } from "../../../functions/execute/finalize.js";
import { idsOf } from "../../../functions/lib/describe.js";
import { LIMITS } from "../../../functions/lib/limits.js";
import { makePutLock, makePutTags } from "../../../functions/lib/locking.js";
import type { Log } from "../../../functions/lib/log.js";
import { type Lookup, makeLookup } from "../../../functions/lib/lookup.js";
import { surveyWorld } from "../../../functions/lib/survey.js";
import { makePlan } from "../../../functions/plan/plan.js";
import { makePrune } from "../../../functions/prune/prune.js";
import { makeRecord } from "../../../functions/record/record.js";
import type { Message } from "../../../functions/store/alerts.js";
import type { Bucket } from "../../../functions/store/bucket.js";
import { type Claims, makeClaims } from "../../../functions/store/claims.js";
import { type Lease, makeLease } from "../../../functions/store/lease.js";
import { makeLedger } from "../../../functions/store/ledger.js";
import { readSettings } from "../../../functions/store/settings.js";
import type { Table } from "../../../functions/store/table.js";
import type { Transact } from "../../../functions/store/transact.js";
import { makeSurvey } from "../../../functions/survey/survey.js";
import { makeTrigger } from "../../../functions/trigger/trigger.js";
import { LAMBDA_SECONDS } from "../../../machines/timeouts.js";
import type { StackSpec } from "../scenario.js";
import type { Cloud } from "../world/cloud.js";
import type { Run } from "../world/snap.js";
import { ec2Client } from "./ec2.js";
import type { Invocation } from "./invocation.js";

/** What may be replaced to plant a mistake; each is given the right one. */
export interface Habits {
  readonly lease?: (lease: Lease) => Lease;
  readonly claims?: (claims: Claims) => Claims;
  readonly lookup?: (lookup: Lookup) => Lookup;
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
  const settings = () => readSettings(bucket);
  const client = (where: string) => {
    const plain = ec2Client({ cloud, run, region: where, invocation, isSurvey: fn === "survey" });
    return habits.ec2?.(plain, fn, cloud) ?? plain;
  };
  const common = { bucket, lease, now, log: silent };
  const making = () => {
    const claims = makeClaims(table, deps.transact);
    const lookup = makeLookup(client(region), { deployment, region });
    return {
      ...common,
      region,
      settings,
      claims: habits.claims?.(claims) ?? claims,
      lookup: habits.lookup?.(lookup) ?? lookup,
      putLock: makePutLock(client(region)),
      putTags: makePutTags(client(region)),
    };
  };
  const inTime = { remainingMs: LAMBDA_SECONDS[fn] * 1000 };
  switch (fn) {
    case "trigger": {
      const start = () => invocation.call("again", deps.start);
      return makeTrigger({ lease, ledger, role, region, start, now, log: silent });
    }
    case "survey":
      return makeSurvey({
        ...common,
        ledger,
        settings,
        look: (args) => surveyWorld({ ...args, ec2: client, limits: LIMITS }),
      });
    case "plan":
      return makePlan({ ...common, region });
    case "create": {
      const ec2 = client(region);
      const parts = making();
      const finish = makeFinalize(parts);
      const create = makeCreate({
        ...parts,
        createSnapshots: async (action, tags) => {
          if (action.kind === "volume")
            return idsOf([await ec2.send(new CreateSnapshotCommand(createSnapshotInput(action, tags)))]);
          return idsOf((await ec2.send(new CreateSnapshotsCommand(createSnapshotsInput(action, tags)))).Snapshots);
        },
      });
      return (event) => (isFinalize(event) ? finish : create)(event, inTime);
    }
    case "copy": {
      const ec2 = client(region);
      const parts = making();
      const finish = makeFinalize(parts);
      const copy = makeCopy({
        ...parts,
        peerBucket: deps.peerBucket,
        copySnapshot: async (action, tags) =>
          idsOf([await ec2.send(new CopySnapshotCommand(copySnapshotInput(action, tags)))]),
      });
      return (event) => (isFinalize(event) ? finish : copy)(event, inTime);
    }
    case "prune": {
      const ec2 = client(region);
      const prune = makePrune({
        ...common,
        settings,
        deleteSnapshot: async (SnapshotId) => {
          await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
        },
      });
      return (event) => prune(event, inTime);
    }
    case "adopt": {
      const takeIn = makeTakeIn({ ...common, ...makeLook(client), settings, tag: makePutTags(client(region)) });
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
      });
    }
  }
}
