import type { Filter, InstanceSpecification } from "@aws-sdk/client-ec2";
import type { Copy, Create, Delete, Settings } from "../../core/model/model.js";
import { pointId } from "../../core/names/identity.js";
import { runKeys, type Verb } from "../../core/names/names.js";
import { makeClaims } from "../../functions/store/claims.js";
import { makeLease } from "../../functions/store/lease.js";
import { makeWorkflows } from "../../functions/store/workflows.js";
import { ebsBackend } from "../../kinds/ebs/aws/backend.js";
import { memberDetail } from "../../kinds/ebs/details.js";
import { Account, type Given } from "../cloud/account.js";
import type { Input } from "../cloud/client.js";
import { ec2Tags } from "../cloud/shown.js";
import type { Tags } from "../cloud/snap.js";
import { BY_DEFAULT } from "../support/settings.js";
import { Clock, MemoryBucket, MemoryTable, memoryLog } from "./fakes.js";

export const T0 = Date.parse("2026-11-21T03:00:00.000Z");
export const RUN = "20261121T030000000Z-execution-1";
export const HOME = "eu-west-1";
export const DR = "eu-central-1";
export const LONG = { remainingMs: 300_000 };

export const settings: Settings = {
  deployment: "prod",
  role: "primary",
  region: HOME,
  peers: [DR],
  tags: { owner: "ops" },
  ...BY_DEFAULT,
  policies: [],
};

/** What AWS does to the calls of an executor's own region, beside what the model of EC2 has by itself. */
class Faults {
  /** Errors of calls, by what they are about, or by their action. */
  readonly refuse = new Map<string, Error>();
  /** What was made is not listed yet. */
  isLagging = false;
  /** Comes before each call. */
  before: (action: string, input: Input) => void = () => undefined;

  readonly fault = (action: string, input: Input): unknown => {
    this.before(action, input);
    const error = this.refuse.get(aboutOf(input)) ?? this.refuse.get(action);
    if (error) throw error;
    return this.isLagging && action === "DescribeSnapshots" ? { Snapshots: [] } : undefined;
  };
}

/** The inputs of changes, as far as they say what they are about. */
interface About {
  readonly InstanceSpecification?: InstanceSpecification;
  readonly VolumeId?: string;
  readonly SourceSnapshotId?: string;
  readonly SnapshotId?: string;
  readonly Resources?: readonly string[];
}

/** The instance, volume or snapshot that a call changes or makes something of. */
export function aboutOf(input: Input): string {
  // The inputs are the SDK's own.
  const { InstanceSpecification: of, VolumeId, SourceSnapshotId, SnapshotId, Resources } = input as About;
  return of?.InstanceId ?? VolumeId ?? SourceSnapshotId ?? SnapshotId ?? Resources?.[0] ?? "";
}

/** What an executor works with, in memory, with the lease of its run taken; its calls go to EC2 as it is in `there`. */
export async function setUpExecutor(
  verb: Verb,
  region: string,
  actions: readonly object[],
  there: Readonly<Record<string, Given>> = {},
) {
  const table = new MemoryTable();
  const bucket = new MemoryBucket();
  const clock = new Clock(T0);
  const lease = makeLease(table);
  const log = memoryLog();
  await lease.acquire("execution-1", clock.time);
  await bucket.writeLines(runKeys(RUN).actions(verb), actions);
  const faults = new Faults();
  const given = { ...there, [region]: { ...there[region], fault: faults.fault } };
  const account = new Account(given, { now: clock.now });
  const results = (offset = 0) => bucket.readLines(runKeys(RUN).results(verb, offset));
  const backend = ebsBackend({ region, reading: account.ec2, creating: account.ec2(region) });
  const workflows = makeWorkflows(table, clock.now);
  const base = {
    ...{ bucket, lease, log, now: clock.now, region },
    backendOf: () => backend,
    peerBucket: () => new MemoryBucket(),
    workflows,
    claims: makeClaims(table, (writes) => table.transact(writes)),
    settings: async () => settings,
  };
  /** What calls made there, in their order. */
  const made = () => [...account.model.in(region).values()].filter((snap) => snap.given === undefined);
  /** What each look-up asked for. */
  const lookups = () =>
    account.calls.filter(({ action }) => action === "DescribeSnapshots").map(({ input }) => asked(input));
  return { ...base, base, table, clock, account, faults, made, lookups, results };
}

/** The values of our tag that a look-up asked for. */
function asked({ Filters }: Input): readonly string[] {
  // The inputs are the SDK's own.
  const [, ours] = (Filters ?? []) as Filter[];
  return ours?.Values ?? [];
}

/** Instances and their volumes, as a region has them of which points are to be made. */
export const instancesOf = (creates: readonly Create[]): Given => ({
  instances: creates.map(({ resource }) => ({ InstanceId: resource, RootDeviceName: "/dev/sda1" })),
  volumes: creates.flatMap(({ resource, members: volumes }) =>
    volumes.map(({ id, sizeGiB, detail, tags }) => ({
      ...{ VolumeId: id, Size: sizeGiB, Tags: ec2Tags(tags) },
      Attachments: [{ InstanceId: resource, Device: memberDetail({ detail }).device, State: "attached" }],
    })),
  ),
});

/** A snapshot that was there before, as EC2 describes it. */
export const snapshotWith = (SnapshotId: string, tags: Tags = {}, more: object = {}) => ({
  ...{ SnapshotId, State: "completed", StartTime: new Date(T0), VolumeSize: 8, VolumeId: "vol-1" },
  Tags: ec2Tags(tags),
  ...more,
});

const pointOf = (n: number): string => pointId({ policy: "daily", home: HOME, resource: `i-${n}`, scheduled: T0 });

export const create = (n: number, more: Partial<Create> = {}): Create => ({
  do: "create",
  region: HOME,
  policy: "daily",
  resource: `i-${n}`,
  point: pointOf(n),
  reason: "due",
  kind: "instance",
  name: `i-${n}`,
  scheduled: T0,
  members: [
    { id: `vol-${n}`, detail: { device: "/dev/sda1", boot: true }, sizeGiB: 8, createdAt: 0, tags: {} },
    { id: `vol-${n}-data`, detail: { device: "/dev/sdb", boot: false }, sizeGiB: 8, createdAt: 0, tags: {} },
  ],
  ...more,
});

export const copy = (n: number, volume = `vol-${n}`): Copy => ({
  do: "copy",
  region: DR,
  policy: "daily",
  resource: `i-${n}`,
  point: pointOf(n),
  reason: "not there yet",
  kind: "instance",
  home: HOME,
  from: HOME,
  scheduled: T0,
  size: 2,
  level: "crash",
  artifact: {
    id: `snap-of-${volume}`,
    member: volume,
    detail: { device: "" },
    state: "completed",
    startedAt: T0,
    progress: 100,
    sizeGiB: 8,
    holds: [],
  },
});

export const remove = (n: number, snapshots: readonly string[]): Delete => ({
  do: "delete",
  region: HOME,
  policy: "daily",
  resource: `i-${n}`,
  point: pointOf(n),
  kind: "instance",
  reason: "expired",
  artifacts: snapshots,
});
