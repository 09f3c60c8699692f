import { request as httpRequest } from "node:http";
import { buffer } from "node:stream/consumers";
import { CommandProblem } from "../automation/cli/outcome.js";

/** One row of the sandbox's count of API calls. */
export interface CallCount {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly caller: string;
  readonly count: number;
}

/** Bytes `offset` to `offset + length` of a disk. */
export interface Range {
  readonly offset: number;
  readonly length: number;
}

/** How long EBS and FSx take, in milliseconds. */
export interface Pace {
  readonly ec2: { readonly snapshotMillis: number; readonly copyMillis: number };
  readonly fsx: { readonly backupMillis: number; readonly copyMillis: number };
}

/** What lies behind AWS's API in the sandbox: bytes, who called what, its time, and faults (docs/sandbox.md). */
export interface Admin {
  write(region: string, volume: string, offset: number, bytes: Buffer): Promise<void>;
  readVolume(region: string, volume: string, offset: number, length: number): Promise<Buffer>;
  readSnapshot(region: string, snapshot: string, offset: number, length: number): Promise<Buffer>;
  /** Where a snapshot has bytes other than zero; all its other bytes are zeros. */
  ranges(region: string, snapshot: string): Promise<readonly Range[]>;
  /** The folder on this machine where the files of an FSx file system lie. */
  filesOf(region: string, fileSystem: string): Promise<string>;
  calls(): Promise<readonly CallCount[]>;
  /** The sandbox's time, in milliseconds. */
  now(): Promise<number>;
  moveClock(to: number): Promise<void>;
  /** Lets snapshots, backups and copies take this long. Returns how long they took before. */
  setPace(pace: Pace): Promise<Pace>;
  /** Loses the next events of EC2, this many. */
  loseEvents(times: number): Promise<void>;
  /** How many events are still to be lost. */
  eventsToLose(): Promise<number>;
}

/** The admin interface of the sandbox at an endpoint. */
export function adminOf(endpoint: string): Admin {
  const request = async (method: string, path: string, body?: Buffer): Promise<Buffer> => {
    const url = `${endpoint}/_lockstep/${path}`;
    const { status, bytes } = await send(method, url, body);
    if (status === 200) return bytes;
    throw new CommandProblem("failed", `The sandbox refused ${method} ${path}: ${status} ${bytes.toString()}`);
  };
  // The sandbox's own answers, written by the same version of this project.
  const get = async <T>(path: string) => JSON.parse((await request("GET", path)).toString("utf8")) as T;
  const post = async (path: string, body: unknown) => {
    await request("POST", path, Buffer.from(JSON.stringify(body)));
  };
  const read = (kind: string) => (region: string, id: string, offset: number, length: number) =>
    request("GET", `${kind}/${region}/${id}/bytes?offset=${offset}&length=${length}`);
  return {
    write: async (region, volume, offset, bytes) => {
      await request("PUT", `volumes/${region}/${volume}/bytes?offset=${offset}`, bytes);
    },
    readVolume: read("volumes"),
    readSnapshot: read("snapshots"),
    ranges: (region, id) => get<Range[]>(`snapshots/${region}/${id}/ranges`),
    filesOf: async (region, id) => (await get<{ readonly directory: string }>(`files/${region}/${id}`)).directory,
    calls: () => get<CallCount[]>("calls"),
    now: async () => Date.parse((await get<{ readonly now: string }>("clock")).now),
    moveClock: (to) => post("clock", { to: new Date(to).toISOString() }),
    setPace: async (pace) => {
      const { ec2, fsx } = await get<Pace>("settings");
      await post("settings", pace);
      return {
        ec2: { snapshotMillis: ec2.snapshotMillis, copyMillis: ec2.copyMillis },
        fsx: { backupMillis: fsx.backupMillis, copyMillis: fsx.copyMillis },
      };
    },
    loseEvents: (times) => post("faults", { events: [{ mode: "lost", times }] }),
    eventsToLose: async () => {
      const { events } = await get<{ readonly events: readonly Fault[] }>("faults");
      return events.reduce((sum, { mode, times }) => sum + (mode === "lost" ? times : 0), 0);
    },
  };
}

interface Fault {
  readonly mode: "lost" | "doubled";
  readonly times: number;
}

/** Node's own client: for gibibytes it takes half of what fetch takes. */
const send = (method: string, url: string, body?: Buffer): Promise<{ status: number; bytes: Buffer }> =>
  new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method }, (response) => {
      buffer(response).then((bytes) => resolve({ status: response.statusCode ?? 0, bytes }), reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });

/** API calls, by service, most first. */
export interface Calls {
  /** Of what is deployed: functions, state machines, schedules. */
  readonly program: ReadonlyMap<string, number>;
  /** Of whoever deploys it and looks at it. */
  readonly driver: ReadonlyMap<string, number>;
}

/** The access key of the driver in the sandbox is its name in the count (sandbox/control.ts). */
const DRIVER = "test";

/** Calls made between two counts. */
export function callsBetween(before: readonly CallCount[], after: readonly CallCount[]): Calls {
  const between = (isOf: (caller: string) => boolean) => {
    const total = new Map<string, number>();
    const add = (rows: readonly CallCount[], sign: number) => {
      for (const { service, caller, count } of rows)
        if (isOf(caller)) total.set(service, (total.get(service) ?? 0) + sign * count);
    };
    add(after, 1);
    add(before, -1);
    return new Map([...total].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));
  };
  return { program: between((caller) => caller !== DRIVER), driver: between((caller) => caller === DRIVER) };
}
