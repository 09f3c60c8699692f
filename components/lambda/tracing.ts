import type { Statement } from "../iam/service-role.js";
import type { Site } from "../site.js";

/** X-Ray has no resources of its own for these (AWS X-Ray developer guide, "Identity-based policy examples"). */
const TRACES = ["xray:PutTraceSegments", "xray:PutTelemetryRecords"] as const;

/** For a function or a state machine whose runs are traced: Lambda and Step Functions write with its role. */
export const writeTraces = ({ tracing }: Site): readonly Statement[] =>
  tracing ? [{ sid: "WriteTraces", actions: TRACES, resources: ["*"] }] : [];
