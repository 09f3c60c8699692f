import type { IncomingHttpHeaders } from "node:http";

/** A request to one of our planes, after the gateway took it apart. */
export interface PlaneRequest {
  readonly service: string;
  readonly region: string;
  readonly account: string;
  /** Who calls: a Lambda function's name, or the access key. */
  readonly caller: string;
  readonly method: string;
  readonly path: string;
  readonly query: URLSearchParams;
  readonly headers: IncomingHttpHeaders;
  readonly body: Buffer;
  /** Why the caller lacks rights on KMS keys that the service needs; some services find out after their answer. */
  readonly keysRefused?: string;
}

export interface PlaneResponse {
  /** The API action, for the count of calls. */
  readonly action: string;
  readonly status: number;
  readonly headers: Readonly<Record<string, string>>;
  readonly body: string | Buffer;
}

/** An AWS service of ours behind the gateway. */
export interface Plane {
  /** Service name in the SigV4 credential scope. */
  readonly service: string;
  handle(request: PlaneRequest): Promise<PlaneResponse>;
  /** Forgets everything. */
  reset(): Promise<void>;
  /** Stops timers and writes what is not yet on disk. */
  close(): Promise<void>;
}

/** An event of an AWS service, put on the default bus of its region. */
export interface ServiceEvent {
  readonly source: string;
  readonly detailType: string;
  readonly region: string;
  readonly resources: readonly string[];
  readonly time: number;
  readonly detail: Readonly<Record<string, unknown>>;
}

/** What the sandbox gives each plane. */
export interface PlaneContext {
  readonly account: string;
  /** A folder of the plane's own; made by the plane. */
  readonly stateDir: string;
  /** Milliseconds since the epoch. The only clock a plane may read. */
  now(): number;
  emit(event: ServiceEvent): void;
}
