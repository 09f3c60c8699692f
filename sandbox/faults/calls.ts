import type { AwsError } from "../gateway/errors.js";

export const CALL_MODES = ["throttle", "error", "slow", "kill", "timeout", "unreachable"] as const;

/** What happens to API calls that fit. What is not said fits all. */
export interface CallFault {
  /** As in the signature: `ec2`, `dynamodb`, `states`. */
  readonly service?: string;
  readonly action?: string;
  readonly region?: string;
  /** The name that calls are counted under (docs/sandbox.md, "Admin API"); with a `*` at its end all that begin so. */
  readonly caller?: string;
  /**
   * - `throttle`: refused with the service's own error for too many requests;
   * - `error`: refused with `code`;
   * - `slow`: answered after `millis`;
   * - `kill`: done, but the process of the function that called ends before it hears of it;
   * - `timeout`: done, but the function's time limit comes before it hears of it;
   * - `unreachable`: the connection breaks, nothing is done.
   */
  readonly mode: (typeof CALL_MODES)[number];
  /** How many of a hundred, spread evenly; 1 to 100. */
  readonly percent: number;
  /** With `throttle`: only what an empty bucket refuses, one bucket for each action in each region. */
  readonly bucket?: Bucket;
  /** With `error`. */
  readonly code: string;
  readonly status: number;
  /** With `slow`. */
  readonly millis: number;
  /** How many calls it hits before it is used up; without it as long as nobody clears it. */
  readonly times?: number;
}

/** EC2 developer guide, "Request throttling for the Amazon EC2 API": a bucket of tokens that refills at a rate. */
interface Bucket {
  readonly tokens: number;
  readonly perSecond: number;
}

export interface FaultyCall {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly caller: string;
}

/** What becomes of a call. */
export type Verdict =
  | { readonly do: "refuse"; readonly error: AwsError }
  | { readonly do: "wait"; readonly millis: number }
  | { readonly do: "end"; readonly how: "kill" | "timeout" }
  | { readonly do: "break" };

interface Active {
  readonly fault: CallFault;
  hits: number;
  /** Hundredths of a hit that calls so far have gathered. */
  gathered: number;
  readonly levels: Map<string, { tokens: number; at: number }>;
}

/** Faults asked for and not yet used up. */
export class CallFaults {
  #active: Active[] = [];

  add(fault: CallFault): void {
    this.#active.push({ fault, hits: 0, gathered: 0, levels: new Map() });
  }

  /** Each with how often it has hit so far. */
  list(): readonly (CallFault & { readonly hits: number })[] {
    return this.#active.map(({ fault, hits }) => ({ ...fault, hits }));
  }

  clear(): void {
    this.#active = [];
  }

  /** What the first fault that hits makes of the call; `now` in milliseconds of real time. */
  verdict(call: FaultyCall, now: number): Verdict | undefined {
    const hit = this.#active.find((active) => fits(active.fault, call) && isHit(active, call, now));
    if (!hit) return undefined;
    hit.hits += 1;
    if (hit.hits === hit.fault.times) this.#active = this.#active.filter((active) => active !== hit);
    return verdictOf(hit.fault, call);
  }
}

function fits(fault: CallFault, { service, action, region, caller }: FaultyCall): boolean {
  const named = fault.caller ?? caller;
  return (
    (fault.service ?? service) === service &&
    (fault.action ?? action) === action &&
    (fault.region ?? region) === region &&
    (named.endsWith("*") ? caller.startsWith(named.slice(0, -1)) : caller === named)
  );
}

function isHit(active: Active, { action, region }: FaultyCall, now: number): boolean {
  const { bucket, percent } = active.fault;
  if (bucket) return !takes(active, bucket, `${region} ${action}`, now);
  active.gathered += percent;
  if (active.gathered < 100) return false;
  active.gathered -= 100;
  return true;
}

/** Whether there was a token left to take. */
function takes({ levels }: Active, { tokens, perSecond }: Bucket, key: string, now: number): boolean {
  const level = levels.get(key) ?? { tokens, at: now };
  const filled = Math.min(tokens, level.tokens + ((now - level.at) / 1000) * perSecond);
  const isEnough = filled >= 1;
  levels.set(key, { tokens: isEnough ? filled - 1 : filled, at: now });
  return isEnough;
}

function verdictOf({ mode, code, status, millis }: CallFault, { service, action }: FaultyCall): Verdict {
  switch (mode) {
    case "throttle":
      return { do: "refuse", error: TOO_MANY[service] ?? OTHERS };
    case "error":
      return { do: "refuse", error: { code, status, message: `The sandbox was asked to fail ${service}:${action}.` } };
    case "slow":
      return { do: "wait", millis };
    case "kill":
    case "timeout":
      return { do: "end", how: mode };
    case "unreachable":
      return { do: "break" };
  }
}

const OTHERS: AwsError = { status: 400, code: "ThrottlingException", message: "Rate exceeded" };
const THROTTLING: AwsError = { status: 400, code: "Throttling", message: "Rate exceeded" };

/** "Error codes for the Amazon EC2 API", "Error responses" of S3, "TooManyRequestsException" of Lambda; the query services' common errors. */
const TOO_MANY: Readonly<Record<string, AwsError>> = {
  ec2: { status: 503, code: "RequestLimitExceeded", message: "Request limit exceeded." },
  s3: { status: 503, code: "SlowDown", message: "Please reduce your request rate." },
  lambda: { status: 429, code: "TooManyRequestsException", message: "Rate Exceeded." },
  sns: THROTTLING,
  iam: THROTTLING,
  sts: THROTTLING,
};
