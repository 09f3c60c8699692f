import { createServer, type IncomingMessage, type Server, type ServerResponse } from "node:http";
import type { AddressInfo } from "node:net";
import type { CallFaults } from "../faults/calls.js";
import type { Admission, Rights } from "../iam/enforcer.js";
import type { Plane } from "../plane.js";
import { actionOf } from "./actions.js";
import { Calls } from "./calls.js";
import { type AwsError, errorAnswer } from "./errors.js";
import type { Forwarder, Instead } from "./forwarder.js";
import { guard } from "./guards/guards.js";
import { unsupported } from "./guards/refusal.js";
import { callerOf, type Scope, scopeOf } from "./scope.js";
import { isSpoilt } from "./spoil.js";

/** Services that ministack answers. */
const EMULATED: readonly string[] = [
  "lambda",
  "states",
  "events",
  "dynamodb",
  "s3",
  "sns",
  "sqs",
  "kms",
  "iam",
  "sts",
  "logs",
  "monitoring",
  "ssm",
];

/** Their bodies may be large and are not looked into. */
const STREAMED: readonly string[] = ["s3", "lambda"];
const CLOSE_GRACE_MS = 500;
const BODY_LIMIT = 16 * 1024 * 1024;

/** Answers requests under /_lockstep/. */
export type AdminHandler = (request: IncomingMessage, response: ServerResponse, url: URL) => Promise<void>;

/** What the gateway gets once everything behind it runs. */
export interface Backends {
  readonly account: string;
  readonly planes: readonly Plane[];
  readonly emulator: Forwarder;
  readonly rights: Rights;
  /** What calls were asked to go wrong. */
  readonly faults: CallFaults;
  /** Why the emulator cannot answer, if it cannot. */
  emulatorFailure(): string | undefined;
  /** The sandbox's time. */
  now(): number;
  readonly admin: AdminHandler;
}

/** A request on its way to the emulator. */
interface Passing {
  readonly request: IncomingMessage;
  readonly response: ServerResponse;
  readonly body: Buffer | undefined;
  readonly admission: Admission;
  readonly service: string;
  readonly action: string;
  refuse(error: AwsError): void;
}

/** The one endpoint of the sandbox: finds out which service a request is for and who asks, counts it, hands it on. */
export class Gateway {
  readonly calls = new Calls();
  readonly #server: Server;
  #backends: Backends | undefined;

  constructor() {
    this.#server = createServer((request, response) => {
      this.#handle(request, response).catch((error: unknown) => {
        console.error(`${request.method} ${request.url}:`, error);
        if (!response.headersSent) response.writeHead(500);
        response.end();
      });
    });
    // Function invocations take up to 15 minutes, uploads as long as they need.
    this.#server.requestTimeout = 0;
    this.#server.keepAliveTimeout = 75_000;
  }

  /** Listens on the loopback interface; 0 takes any free port. Returns the port. */
  listen(port: number): Promise<number> {
    return new Promise((resolve, reject) => {
      this.#server.once("error", reject);
      this.#server.listen(port, "127.0.0.1", () => {
        this.#server.off("error", reject);
        // A server that listens on TCP has an address with a port.
        resolve((this.#server.address() as AddressInfo).port);
      });
    });
  }

  open(backends: Backends): void {
    this.#backends = backends;
  }

  /** Lets answers on their way arrive, for a moment, then closes. */
  async close(): Promise<void> {
    const timer = setTimeout(() => this.#server.closeAllConnections(), CLOSE_GRACE_MS);
    await new Promise<void>((resolve) => {
      this.#server.close(() => resolve());
      this.#server.closeIdleConnections();
    });
    clearTimeout(timer);
  }

  async #handle(request: IncomingMessage, response: ServerResponse): Promise<void> {
    const url = new URL(request.url ?? "/", "http://127.0.0.1");
    const scope = scopeOf(request.headers, url.searchParams);
    if (!this.#server.listening) response.setHeader("connection", "close");
    const refuse = (error: AwsError) => send(request, response, errorAnswer(scope.service, request.headers, error));
    const backends = this.#backends;
    // The SDKs sign by it when their own clock differs.
    if (backends) response.setHeader("date", new Date(backends.now()).toUTCString());
    if (!backends) {
      refuse({ status: 503, code: "ServiceUnavailable", message: "the sandbox is starting" });
    } else if (url.pathname.startsWith("/_lockstep/")) {
      await backends.admin(request, response, url);
    } else if (/^\d{12}$/.test(scope.accessKey) && scope.accessKey !== backends.account) {
      const message = `the sandbox has one account, ${backends.account}; the access key ${scope.accessKey} asks for another`;
      refuse({ status: 403, code: "InvalidClientTokenId", message });
    } else {
      await this.#dispatch(backends, scope, url, request, response, refuse);
    }
  }

  async #dispatch(
    backends: Backends,
    scope: Scope,
    url: URL,
    request: IncomingMessage,
    response: ServerResponse,
    refuse: (error: AwsError) => void,
  ): Promise<void> {
    const { service, region } = scope;
    const caller = callerOf(scope.accessKey);
    const plane = backends.planes.find((candidate) => candidate.service === service);
    const method = request.method ?? "GET";
    const parts = { service, method, path: url.pathname, query: url.searchParams, headers: request.headers };
    const body = STREAMED.includes(service) ? undefined : await read(request);
    const action = actionOf(body ? { ...parts, body } : parts);
    const { account, rights, faults } = backends;
    const verdict = faults.verdict({ service, action, region, caller }, performance.now());
    if (verdict && (await isSpoilt(verdict, request, response, refuse))) {
      this.calls.add({ service, action, region, caller });
      return;
    }
    const admission = await rights.admit({ ...parts, region, account, action, body }, scope.accessKey);
    if (admission.refusal) {
      this.calls.add({ service, action, region, caller });
      refuse(admission.refusal);
    } else if (plane && body) {
      const { keysRefused } = admission;
      const answer = await plane.handle({
        ...parts,
        region,
        account,
        caller,
        body,
        ...(keysRefused && { keysRefused }),
      });
      this.calls.add({ service, action: answer.action, region, caller });
      send(request, response, answer);
    } else {
      this.calls.add({ service, action, region, caller });
      const problem = EMULATED.includes(service)
        ? guard({ service, action, region, body })
        : unsupported(`${service}:${action}`);
      const failure = backends.emulatorFailure();
      if (problem) refuse(problem);
      else if (failure)
        refuse({ status: 503, code: "ServiceUnavailable", message: `${failure}: see the sandbox's log` });
      else await this.#forward(backends, { request, response, body, admission, refuse, service, action });
    }
  }

  async #forward(
    { emulator, rights }: Backends,
    { request, response, body, admission, refuse, service, action }: Passing,
  ): Promise<void> {
    const { ifMissing } = admission;
    const instead: Instead = async (status) => {
      // Before the client hears of it: what it asks next is judged by what it has changed.
      rights.happened(service, action);
      const refusal = status === 404 ? await ifMissing?.() : undefined;
      if (refusal) refuse(refusal);
      return refusal !== undefined;
    };
    await emulator.forward(request, response, { body, instead }).catch((error: unknown) => {
      const message = `the emulator did not answer ${service}:${action}: ${String(error)}`;
      if (!response.headersSent) refuse({ status: 503, code: "ServiceUnavailable", message });
    });
  }
}

async function read(request: IncomingMessage): Promise<Buffer> {
  const chunks: Buffer[] = [];
  let size = 0;
  for await (const chunk of request) {
    // Without an encoding set, request streams give buffers.
    chunks.push(chunk as Buffer);
    size += (chunk as Buffer).length;
    if (size > BODY_LIMIT) throw new Error(`the body of ${request.url} is larger than ${BODY_LIMIT} bytes`);
  }
  return Buffer.concat(chunks);
}

interface Answer {
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

function send(request: IncomingMessage, response: ServerResponse, answer: Answer): void {
  const length = Buffer.byteLength(answer.body);
  response.writeHead(answer.status, { ...answer.headers, "content-length": String(length) });
  response.end(request.method === "HEAD" ? undefined : answer.body);
  // What was not read of a refused request would stay in the connection.
  request.resume();
}
