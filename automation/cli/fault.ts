import type { FaultWish } from "./model.js";

/** The options of `sandbox fault`, as yargs takes them. */
export const FAULT_OPTIONS = {
  region: { type: "string", requiresArg: true, describe: "with fault: only there" },
  caller: { type: "string", requiresArg: true, describe: "with fault: only calls of this one, or of name*" },
  percent: { type: "number", requiresArg: true, describe: "with fault: so many of a hundred calls" },
  tokens: { type: "number", requiresArg: true, describe: "with fault throttle: what a bucket holds" },
  refill: { type: "number", requiresArg: true, describe: "with fault throttle: what it gets a second" },
  code: { type: "string", requiresArg: true, describe: "with fault error: the error's code" },
  millis: { type: "number", requiresArg: true, describe: "with fault slow and late: how late" },
  times: { type: "number", requiresArg: true, describe: "with fault: how often" },
  cause: { type: "string", requiresArg: true, describe: "with fault fail: what is said of it" },
} as const;

type Option = keyof typeof FAULT_OPTIONS;

/** What was given of them. */
export type FaultOptions = {
  readonly [K in Option]?: (typeof FAULT_OPTIONS)[K]["type"] extends "number" ? number : string;
};

// Object.keys forgets the names' type.
const NAMES = Object.keys(FAULT_OPTIONS) as readonly Option[];

/** The given ones among all arguments of the command. */
export const faultOptions = (args: { readonly [K in Option]?: FaultOptions[K] | undefined }): FaultOptions =>
  Object.fromEntries(NAMES.flatMap((name) => (args[name] === undefined ? [] : [[name, args[name]]])));

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
  timeout: { of: "calls", takes: CALLS, on: "service:Action" },
  unreachable: { of: "calls", takes: CALLS, on: "service:Action" },
  lost: { of: "events", takes: ["times"], on: "event" },
  doubled: { of: "events", takes: ["times"], on: "event" },
  late: { of: "events", takes: ["times", "millis"], on: "event" },
  stuck: { of: "endings", takes: ["region", "times"], on: "event" },
  fail: { of: "endings", takes: ["region", "cause", "times"], on: "event" },
};

export const FAULTS_SAID = `${Object.keys(KINDS).join(", ")}, clear`;

/** What the words and options ask for. Throws what is wrong with them. */
export function faultWish(kind: string | undefined, on: string | undefined, options: FaultOptions): FaultWish {
  const found = kind === undefined ? undefined : KINDS[kind];
  if (kind === undefined || kind === "clear") {
    const [extra] = [on ?? [], ...Object.keys(options).map((name) => `--${name}`)].flat();
    if (extra !== undefined) throw new Error(`\`sandbox fault ${kind ?? ""}\` does not take ${extra}`);
    return kind ?? "list";
  }
  if (!found) throw new Error(`there is no fault ${kind}; there are: ${FAULTS_SAID}`);
  const wrong = Object.keys(options).find((name) => !found.takes.some((option) => option === name));
  if (wrong !== undefined) throw new Error(`\`sandbox fault ${kind}\` takes no --${wrong}, but ${said(found.takes)}`);
  const { tokens, refill, ...plain } = options;
  if ((tokens === undefined) !== (refill === undefined)) throw new Error("--tokens and --refill go together");
  const fault = {
    ...(found.of === "endings" ? kind === "stuck" && { how: kind } : { mode: kind }),
    ...target(found, on),
    ...plain,
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
