import { type Dimensions, METRICS, type MetricName, NAMESPACE } from "../../core/metrics.js";

/** Metrics with the same dimensions. */
export interface Measure {
  readonly dimensions: Dimensions;
  /** What is undefined is not known and is left out: zero would be a lie. */
  readonly values: Readonly<Partial<Record<MetricName, number | undefined>>>;
}

/**
 * A log line that CloudWatch reads as metrics (CloudWatch user guide, "Specification: Embedded metric format");
 * `properties` can be searched for in the log and are no dimensions. Undefined where nothing is known.
 */
export function emfLine(at: number, { dimensions, values }: Measure, properties: Dimensions): string | undefined {
  // The names are keys of METRICS: the type of `values` admits no others.
  const names = (Object.keys(values) as MetricName[]).filter((name) => values[name] !== undefined);
  if (names.length === 0) return undefined;
  const Metrics = names.map((Name) => ({ Name, Unit: METRICS[Name] }));
  return JSON.stringify({
    _aws: {
      Timestamp: at,
      CloudWatchMetrics: [{ Namespace: NAMESPACE, Dimensions: [Object.keys(dimensions)], Metrics }],
    },
    ...properties,
    ...dimensions,
    ...values,
  });
}

/** Writes measures, a line for each; all of one run. */
export type Emit = (measures: readonly Measure[], at: number, runId: string) => void;

export const emitTo =
  (write: (line: string) => void): Emit =>
  (measures, at, runId) => {
    for (const measure of measures) {
      const line = emfLine(at, measure, { runId });
      if (line !== undefined) write(line);
    }
  };
