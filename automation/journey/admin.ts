import { request as httpRequest } from "node:http";
import { CommandProblem } from "../outcome.js";

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

/** What lies behind AWS's API in the sandbox: the bytes of volumes and snapshots, and who called what (docs/sandbox.md). */
export interface Admin {
  write(region: string, volume: string, offset: number, bytes: Buffer): Promise<void>;
  readVolume(region: string, volume: string, offset: number, length: number): Promise<Buffer>;
  readSnapshot(region: string, snapshot: string, offset: number, length: number): Promise<Buffer>;
  /** Where a snapshot has bytes other than zero; all its other bytes are zeros. */
  ranges(region: string, snapshot: string): Promise<readonly Range[]>;
  calls(): Promise<readonly CallCount[]>;
}

/** The admin interface of the sandbox at an endpoint. */
export function adminOf(endpoint: string): Admin {
  const request = async (method: string, path: string, body?: Buffer): Promise<Buffer> => {
    const url = `${endpoint}/_lockstep/${path}`;
    const { status, bytes } = await send(method, url, body);
    if (status === 200) return bytes;
    throw new CommandProblem("failed", `The sandbox refused ${method} ${path}: ${status} ${bytes.toString()}`);
  };
  const read = (kind: string) => (region: string, id: string, offset: number, length: number) =>
    request("GET", `${kind}/${region}/${id}/bytes?offset=${offset}&length=${length}`);
  return {
    write: async (region, volume, offset, bytes) => {
      await request("PUT", `volumes/${region}/${volume}/bytes?offset=${offset}`, bytes);
    },
    readVolume: read("volumes"),
    readSnapshot: read("snapshots"),
    // The sandbox's own answers, written by the same version of this project.
    ranges: async (region, id) =>
      JSON.parse((await request("GET", `snapshots/${region}/${id}/ranges`)).toString("utf8")) as Range[],
    calls: async () => JSON.parse((await request("GET", "calls")).toString("utf8")) as CallCount[],
  };
}

/** Node's own client: for gibibytes it takes half of what fetch takes. */
const send = (method: string, url: string, body?: Buffer): Promise<{ status: number; bytes: Buffer }> =>
  new Promise((resolve, reject) => {
    const outgoing = httpRequest(url, { method }, (response) => {
      const parts: Buffer[] = [];
      response.on("data", (part: Buffer) => parts.push(part));
      response.on("end", () => resolve({ status: response.statusCode ?? 0, bytes: Buffer.concat(parts) }));
      response.on("error", reject);
    });
    outgoing.on("error", reject);
    outgoing.end(body);
  });

/** Calls made between two counts, by service, most first. */
export function callsBetween(before: readonly CallCount[], after: readonly CallCount[]): ReadonlyMap<string, number> {
  const total = new Map<string, number>();
  const add = (rows: readonly CallCount[], sign: number) => {
    for (const { service, count } of rows) total.set(service, (total.get(service) ?? 0) + sign * count);
  };
  add(after, 1);
  add(before, -1);
  return new Map([...total].filter(([, n]) => n > 0).sort((a, b) => b[1] - a[1] || a[0].localeCompare(b[0])));
}
