import { mkdtempSync, rmSync } from "node:fs";
import { createServer, type IncomingMessage, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { EC2Client, EC2ServiceException } from "@aws-sdk/client-ec2";
import { createEc2Plane, type Ec2Plane, type Ec2Settings } from "../../../sandbox/ec2/plane.js";
import type { ServiceEvent } from "../../../sandbox/plane.js";

export const ACCOUNT = "000000000000";
export const START = Date.UTC(2026, 0, 31, 12, 0, 0);

/** The plane behind a small HTTP server, with a clock that only the test moves and clients as programs use them. */
export interface Ec2Harness {
  plane: Ec2Plane;
  readonly events: ServiceEvent[];
  /** `region action` of every request, in their order. */
  readonly asked: string[];
  readonly dir: string;
  client(region: string): EC2Client;
  /** A request as the wire has it; the SDK would not send it. */
  raw(parameters: Record<string, string>, region?: string): Promise<{ status: number; body: string }>;
  now(): number;
  advance(ms: number): void;
  /** Ends the plane and starts another one on its state; `kill` without letting it close. */
  restart(how?: "kill"): Promise<void>;
  stop(): Promise<void>;
}

async function bodyOf(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  for await (const chunk of request) chunks.push(chunk as Buffer); // A request without encoding yields Buffers.
  return Buffer.concat(chunks);
}

export async function startEc2(settings: Partial<Ec2Settings> = {}, clock?: () => number): Promise<Ec2Harness> {
  const dir = mkdtempSync(join(tmpdir(), "ec2-plane-"));
  const events: ServiceEvent[] = [];
  const asked: string[] = [];
  let time = START;
  const now = clock ?? (() => time);
  const planes: Ec2Plane[] = [];
  const open = (): Ec2Plane => {
    const number = planes.length;
    // A killed plane sends nothing any more.
    const emit = (event: ServiceEvent): void => {
      if (number === planes.length - 1) events.push(event);
    };
    const plane = createEc2Plane({ account: ACCOUNT, stateDir: dir, now, emit }, { ...settings });
    planes.push(plane);
    return plane;
  };
  const clients: EC2Client[] = [];
  const serve = async (request: IncomingMessage, response: ServerResponse): Promise<void> => {
    const scope = /Credential=[^/]+\/\d+\/([a-z0-9-]+)\/ec2\//.exec(request.headers.authorization ?? "");
    const url = new URL(request.url ?? "/", "http://localhost");
    const body = await bodyOf(request);
    const region = scope?.[1] ?? String(request.headers["x-region"]);
    asked.push(`${region} ${new URLSearchParams(body.toString()).get("Action")}`);
    const answer = await harness.plane.handle({
      service: "ec2",
      region,
      account: ACCOUNT,
      caller: "test",
      method: request.method ?? "",
      path: url.pathname,
      query: url.searchParams,
      headers: request.headers,
      body,
    });
    response.writeHead(answer.status, answer.headers).end(answer.body);
  };
  const server = createServer((request, response) => {
    serve(request, response).catch((error: Error) => response.destroy(error));
  });
  await new Promise<void>((resolve) => server.listen(0, "127.0.0.1", resolve));
  const { port } = server.address() as AddressInfo; // It listens on TCP.
  const endpoint = `http://127.0.0.1:${port}`;
  const harness: Ec2Harness = {
    plane: open(),
    events,
    asked,
    dir,
    now,
    client(region) {
      const credentials = { accessKeyId: "test", secretAccessKey: "test" };
      const client = new EC2Client({ region, endpoint, credentials, maxAttempts: 1 });
      clients.push(client);
      return client;
    },
    async raw(parameters, region = "us-east-1") {
      const body = new URLSearchParams({ Version: "2016-11-15", ...parameters });
      const response = await fetch(endpoint, { method: "POST", body, headers: { "x-region": region } });
      return { status: response.status, body: await response.text() };
    },
    advance(ms) {
      time += ms;
      harness.plane.settle();
    },
    async restart(how) {
      if (how !== "kill") await harness.plane.close();
      harness.plane = open();
    },
    async stop() {
      for (const client of clients) client.destroy();
      await new Promise((resolve) => server.close(resolve));
      await Promise.all(planes.map((plane) => plane.close()));
      rmSync(dir, { recursive: true, force: true });
    },
  };
  return harness;
}

/** The error of a call that must fail. */
export async function failure(
  call: Promise<unknown>,
): Promise<{ code: string; message: string; status: number | undefined }> {
  try {
    await call;
  } catch (error) {
    if (!(error instanceof EC2ServiceException)) throw error;
    return { code: error.name, message: error.message, status: error.$metadata.httpStatusCode };
  }
  throw new Error("The call succeeded");
}

/** Waits for something that other code does, with a deadline. */
export async function eventually<T>(look: () => Promise<T | undefined> | T | undefined, ms = 60_000): Promise<T> {
  for (const deadline = Date.now() + ms; ; ) {
    const found = await look();
    if (found !== undefined) return found;
    if (Date.now() > deadline) throw new Error("It did not happen in time");
    await new Promise((resolve) => setTimeout(resolve, 10));
  }
}

/** The value, which must be there. */
export function given<T>(value: T | null | undefined): T {
  if (value === undefined || value === null) throw new Error("A value is missing");
  return value;
}
