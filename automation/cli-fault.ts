import type { FaultWish } from "./cli-model.js";

/** The options of `sandbox fault`. */
export interface FaultOptions {
  readonly region?: string | undefined;
  readonly caller?: string | undefined;
  readonly percent?: number | undefined;
  readonly tokens?: number | undefined;
  readonly refill?: number | undefined;
  readonly code?: string | undefined;
  readonly millis?: number | undefined;
  readonly times?: number | undefined;
  readonly cause?: string | undefined;
}

type Option = keyof FaultOptions;

interface Kind {
  /** In the body of the admin API. */
  readonly of: "events" | "calls" | "endings";
  readonly takes: readonly Option[];
  /** What follows the kind on the command line. */
  readonly on: "service:Action" | "event";
}

const CALLS: readonly Option[] = ["region", "caller", "percent", "times"];
const KINDS: Readonly<Record<string, Kind>> = {
  throttle: { of: "calls", takes: [...CALLS, "tokens", "refill"], on: "service:Action" },
  error: { of: "calls", takes: [...CALLS, "code"], on: "service:Action" },
  slow: { of: "calls", takes: [...CALLS, "millis"], on: "service:Action" },
  kill: { of: "calls", takes: CALLS, on: "service:Action" },
  unreachable: { of: "calls", takes: CALLS, on: "service:Action" },
  lost: { of: "events", takes: ["times"], on: "event" },
  doubled: { of: "events", takes: ["times"], on: "event" },
  late: { of: "events", takes: ["times", "millis"], on: "event" },
  fail: { of: "endings", takes: ["region", "cause", "times"], on: "event" },
};

export const FAULTS_SAID = `${Object.keys(KINDS).join(", ")}, clear`;

/** What the words and options ask for. Throws what is wrong with them. */
export function faultWish(kind: string | undefined, on: string | undefined, options: FaultOptions): FaultWish {
  const given = Object.entries(options).filter(([, value]) => value !== undefined);
  const found = kind === undefined ? undefined : KINDS[kind];
  if (kind === undefined || kind === "clear") {
    const [extra] = [on, ...given.map(([name]) => `--${name}`)].filter((one) => one !== undefined);
    if (extra !== undefined) throw new Error(`\`sandbox fault ${kind ?? ""}\` does not take ${extra}`);
    return kind ?? "list";
  }
  if (!found) throw new Error(`there is no fault ${kind}; there are: ${FAULTS_SAID}`);
  const wrong = given.find(([name]) => !found.takes.some((option) => option === name));
  if (wrong) throw new Error(`\`sandbox fault ${kind}\` takes no --${wrong[0]}, but ${said(found.takes)}`);
  const { tokens, refill, ...plain } = options;
  if ((tokens === undefined) !== (refill === undefined)) throw new Error("--tokens and --refill go together");
  const fault = {
    ...(found.of === "endings" ? {} : { mode: kind }),
    ...target(found, on),
    ...Object.fromEntries(Object.entries(plain).filter(([, value]) => value !== undefined)),
    ...(tokens === undefined ? {} : { bucket: { tokens, perSecond: refill } }),
  };
  return { add: { [found.of]: fault } };
}

const said = (options: readonly Option[]): string => options.map((option) => `--${option}`).join(", ");

function target({ on: wanted }: Kind, on: string | undefined): Record<string, string> {
  if (on === undefined) return {};
  if (wanted === "event") return { event: on };
  const [service = "", action, ...rest] = on.split(":");
  if (service === "" || action === "" || rest.length > 0)
    throw new Error(`${on}: give a service, or service:Action, as ec2:CopySnapshot`);
  return { service, ...(action === undefined ? {} : { action }) };
}
