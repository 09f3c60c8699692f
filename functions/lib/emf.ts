import type { Metrics } from "@aws-lambda-powertools/metrics";
import { type Dimensions, METRICS, type MetricName } from "../../core/names/metrics.js";

/** Metrics with the same dimensions. */
export interface Measure {
  readonly dimensions: Dimensions;
  /** What is undefined is not known and is left out: zero would be a lie. */
  readonly values: Readonly<Partial<Record<MetricName, number | undefined>>>;
}

/** Writes measures, all of one run. */
export type Emit = (measures: readonly Measure[], at: number, runId: string) => void;

/**
 * Writes measures as log lines that CloudWatch reads as metrics, one for each: all metrics of a line have the same dimensions.
 * The run's id can be searched for in the log and is no dimension.
 */
export function emitTo(metrics: Metrics): Emit {
  // Powertools adds the dimension `service` to every metric; alarms would then see none of them.
  metrics.clearDefaultDimensions();
  return (measures, at, runId) => {
    for (const { dimensions, values } of measures) {
      const known = knownOf(values);
      if (known.length === 0) continue;
      try {
        metrics.setTimestamp(at).addDimensions(dimensions).addMetadata("runId", runId);
        for (const [name, value] of known) metrics.addMetric(name, METRICS[name], value);
      } finally {
        metrics.publishStoredMetrics();
      }
    }
  };
}

function knownOf(values: Measure["values"]): readonly (readonly [MetricName, number])[] {
  // The names are keys of METRICS: the type of `values` admits no others.
  const names = Object.keys(values) as MetricName[];
  return names.flatMap((name) => {
    const value = values[name];
    return value === undefined ? [] : [[name, value] as const];
  });
}
