import type { IncomingMessage, ServerResponse } from "node:http";
import type { Mover } from "../clock/mover.js";
import { type PastSnapshot, parsePast } from "../ec2/state/past.js";
import type { CallCount } from "../emulator/emulator.js";
import { type Faults, parseFaults } from "../faults/read.js";
import { parsePast as parsePastBackups } from "../fsx/past.js";
import type { FsxPlane } from "../fsx/plane.js";
import type { AdminHandler } from "../gateway/gateway.js";

/** Reads and writes the bytes behind EBS. */
export interface Bytes {
  readVolume(region: string, id: string, offset: number, length: number): Promise<Buffer>;
  writeVolume(region: string, id: string, offset: number, bytes: Buffer): Promise<void>;
  readSnapshot(region: string, id: string, offset: number, length: number): Promise<Buffer>;
  /** Where a snapshot has bytes other than zero. */
  snapshotRanges(region: string, id: string): Promise<readonly { readonly offset: number; readonly length: number }[]>;
}

/** What the admin API acts on. */
export interface AdminTargets {
  health(): Record<string, unknown>;
  readonly calls: { rows(): Promise<readonly CallCount[]>; reset(): Promise<void> };
  /** Which statements of roles allowed what, and what was denied. */
  readonly permissions: { report(): Promise<unknown>; reset(): void };
  readonly clock: Pick<Mover, "state" | "move">;
  readonly bytes: Bytes;
  readonly settings: { read(): Record<string, unknown>; change(changes: Record<string, unknown>): void };
  readonly faults: Faults;
  failSnapshot(region: string, id: string, cause: string): void;
  plantSnapshots(region: string, past: readonly PastSnapshot[]): readonly string[];
  readonly fsx: Pick<FsxPlane, "filesOf" | "plantBackups" | "failBackup">;
  reset(): Promise<void>;
  stop(): void;
}

interface Call {
  readonly url: URL;
  readonly request: IncomingMessage;
  readonly match: readonly string[];
}

type Route = readonly [method: string, path: RegExp, (targets: AdminTargets, call: Call) => unknown];

const BYTES_LIMIT = 64 * 1024 * 1024;

/** Something the caller did wrong. */
class BadRequest extends Error {}

const ROUTES: readonly Route[] = [
  ["GET", /^health$/, (targets) => targets.health()],
  ["GET", /^calls$/, (targets) => targets.calls.rows()],
  ["DELETE", /^calls$/, (targets) => targets.calls.reset()],
  ["GET", /^permissions$/, (targets) => targets.permissions.report()],
  ["DELETE", /^permissions$/, (targets) => targets.permissions.reset()],
  ["GET", /^clock$/, (targets) => targets.clock.state()],
  ["POST", /^clock$/, async (targets, { request }) => moveClock(targets, await json(request))],
  ["GET", /^volumes\/([^/]+)\/([^/]+)\/bytes$/, (targets, call) => readBytes(targets.bytes.readVolume, targets, call)],
  ["PUT", /^volumes\/([^/]+)\/([^/]+)\/bytes$/, writeBytes],
  [
    "GET",
    /^snapshots\/([^/]+)\/([^/]+)\/bytes$/,
    (targets, call) => readBytes(targets.bytes.readSnapshot, targets, call),
  ],
  [
    "GET",
    /^snapshots\/([^/]+)\/([^/]+)\/ranges$/,
    ({ bytes }, { match: [region = "", id = ""] }) => bytes.snapshotRanges(region, id),
  ],
  [
    "POST",
    /^snapshots\/([^/]+)$/,
    async ({ plantSnapshots }, { request, match: [region = ""] }) =>
      plantSnapshots(region, parsePast(await json(request))),
  ],
  ["GET", /^files\/([^/]+)\/([^/]+)$/, ({ fsx }, { match: [region = "", id = ""] }) => fsx.filesOf(region, id)],
  [
    "POST",
    /^backups\/([^/]+)$/,
    async ({ fsx }, { request, match: [region = ""] }) =>
      fsx.plantBackups(region, parsePastBackups(await json(request))),
  ],
  ["GET", /^settings$/, (targets) => targets.settings.read()],
  [
    "POST",
    /^settings$/,
    async (targets, { request }) => {
      targets.settings.change(await json(request));
      return targets.settings.read();
    },
  ],
  ["GET", /^faults$/, (targets) => targets.faults.list()],
  [
    "POST",
    /^faults$/,
    async (targets, { request }) => {
      const wishes = parseFaults(await json(request));
      for (const { region, snapshotId, cause } of wishes.snapshots) targets.failSnapshot(region, snapshotId, cause);
      for (const { region, backupId, cause } of wishes.backups) targets.fsx.failBackup(region, backupId, cause);
      targets.faults.add(wishes);
      return targets.faults.list();
    },
  ],
  ["DELETE", /^faults$/, (targets) => targets.faults.clear()],
  ["POST", /^reset$/, (targets) => targets.reset()],
  ["POST", /^stop$/, (targets) => targets.stop()],
];

/** Answers requests under /_lockstep/. */
export function adminHandler(targets: AdminTargets): AdminHandler {
  return async (request, response, url) => {
    const path = url.pathname.slice("/_lockstep/".length);
    try {
      refuseBrowsers(request);
      const fitting = ROUTES.filter(([, pattern]) => pattern.test(path));
      const route = fitting.find(([method]) => method === request.method);
      if (!route) {
        const methods = fitting.map(([method]) => method).join(", ");
        const message = methods ? `${path} takes ${methods}` : `the admin API has no ${path}`;
        answer(response, methods ? 405 : 404, { message });
        return;
      }
      const match = (route[1].exec(path) ?? []).slice(1).map(decodeURIComponent);
      answer(response, 200, await route[2](targets, { url, request, match }));
    } catch (error) {
      const message = error instanceof Error ? error.message : String(error);
      answer(response, 400, { message });
    }
  };
}

/** A page in a browser could reach the loopback interface too. */
function refuseBrowsers(request: IncomingMessage): void {
  const host = (request.headers.host ?? "").replace(/:\d+$/, "");
  if (request.headers.origin !== undefined || !["127.0.0.1", "localhost"].includes(host)) {
    throw new BadRequest("the admin API is for programs on this machine, not for pages in a browser");
  }
}

function range({ url }: Call): { offset: number; length: number | undefined } {
  const number = (name: string): number | undefined => {
    const text = url.searchParams.get(name);
    if (text === null) return undefined;
    if (!/^\d+$/.test(text)) throw new BadRequest(`${name} must be a whole number`);
    return Number(text);
  };
  for (const name of url.searchParams.keys()) {
    if (name !== "offset" && name !== "length") throw new BadRequest(`bytes has no parameter ${name}`);
  }
  return { offset: number("offset") ?? 0, length: number("length") };
}

async function readBytes(read: Bytes["readVolume"], targets: AdminTargets, call: Call): Promise<Buffer> {
  const { offset, length } = range(call);
  if (length === undefined) throw new BadRequest("length is missing: how many bytes to read");
  if (length > BYTES_LIMIT) throw new BadRequest(`length is at most ${BYTES_LIMIT}`);
  const [region = "", id = ""] = call.match;
  return await read.call(targets.bytes, region, id, offset, length);
}

async function writeBytes(targets: AdminTargets, call: Call): Promise<void> {
  const { offset, length } = range(call);
  const bytes = await body(call.request);
  if (length !== undefined && length !== bytes.length) {
    throw new BadRequest(`length is ${length}, but ${bytes.length} bytes came`);
  }
  const [region = "", id = ""] = call.match;
  await targets.bytes.writeVolume(region, id, offset, bytes);
}

async function moveClock({ clock }: AdminTargets, wish: Record<string, unknown>): Promise<unknown> {
  const { to, replay = false, ...others } = wish;
  const [unknown] = Object.keys(others);
  if (unknown !== undefined) throw new BadRequest(`clock has no ${unknown}; it has: to, replay`);
  if (typeof to !== "string") throw new BadRequest("to must be a span as +3d, or a time as 2027-01-31T03:00:00Z");
  if (typeof replay !== "boolean") throw new BadRequest("replay must be true or false");
  return await clock.move(to, replay);
}

async function body(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // Without an encoding set, request streams give buffers.
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > BYTES_LIMIT) throw new BadRequest(`at most ${BYTES_LIMIT} bytes at once`);
  }
  return Buffer.concat(chunks);
}

async function json(request: IncomingMessage): Promise<Record<string, unknown>> {
  let value: unknown;
  try {
    value = JSON.parse((await body(request)).toString("utf8"));
  } catch {
    throw new BadRequest("the body must be JSON");
  }
  if (typeof value !== "object" || value === null || Array.isArray(value)) {
    throw new BadRequest("the body must be a JSON object");
  }
  // Checked above; its values stay unknown.
  return value as Record<string, unknown>;
}

function answer(response: ServerResponse, status: number, value: unknown): void {
  const bytes = Buffer.isBuffer(value);
  const content = bytes ? value : Buffer.from(JSON.stringify(value ?? {}));
  response.writeHead(status, {
    "content-type": bytes ? "application/octet-stream" : "application/json",
    "content-length": content.length,
    connection: "close",
  });
  response.end(content);
}
