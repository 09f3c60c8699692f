import type { Answer, Probe, Recording } from "./model.js";

/** One thing that the second answerer says otherwise than the first. */
export interface Difference {
  readonly probe: string;
  /** Where in the answer, like `Snapshots[0].State`; empty for the whole. */
  readonly path: string;
  readonly recorded: unknown;
  readonly replayed: unknown;
}

/**
 * Everything that a replay answers otherwise than the recording says. Probes that are newer than the recording are left out, and
 * those that the sandbox cannot answer; a probe of the recording that is gone is a difference.
 */
export function differences(recorded: Recording, replayed: Recording, probes: readonly Probe[]): Difference[] {
  const lacking = new Set(probes.filter((probe) => probe.lacking !== undefined).map(({ name }) => name));
  return Object.entries(recorded.answers)
    .filter(([name]) => !lacking.has(name))
    .flatMap(([name, answer]) => different(answer, replayed.answers[name]).map((one) => ({ probe: name, ...one })));
}

type Part = Omit<Difference, "probe">;

function different(recorded: Answer, replayed: Answer | undefined): Part[] {
  if (replayed === undefined) return [{ path: "", recorded, replayed: "no such probe" }];
  if (recorded.kind !== replayed.kind) return [{ path: "", recorded, replayed }];
  return deep(recorded, replayed, "");
}

function deep(a: unknown, b: unknown, path: string): Part[] {
  if (!isObject(a) || !isObject(b) || Array.isArray(a) !== Array.isArray(b)) {
    return Object.is(a, b) ? [] : [{ path: path.replace(/^answer\.?/, ""), recorded: a, replayed: b }];
  }
  const keys = [...new Set([...Object.keys(a), ...Object.keys(b)])].toSorted();
  const inner = (key: string) => (Array.isArray(a) ? `${path}[${key}]` : path === "" ? key : `${path}.${key}`);
  return keys.flatMap((key) => deep(a[key], b[key], inner(key)));
}

const isObject = (value: unknown): value is Readonly<Record<string, unknown>> =>
  typeof value === "object" && value !== null;

/** A difference in one line. */
export const differenceText = ({ probe, path, recorded, replayed }: Difference): string =>
  `${probe}${path === "" ? "" : `: ${path}`}: recorded ${JSON.stringify(recorded)}, now ${JSON.stringify(replayed)}`;
