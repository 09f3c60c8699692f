import { type Asked, text } from "./call.js";

/** A call that a state machine's task makes, with parameters as the task has them. */
export interface TaskCall {
  /** As in signatures. */
  readonly service: string;
  readonly action: string;
  readonly parameters: unknown;
}

/** Services whose APIs begin parameters with small letters; tasks never do (Step Functions developer guide, "Integrating services"). */
const SMALL: readonly string[] = ["states", "logs"];

/** The request that the task stands for, as far as rights go. */
export function askedByTask({ service, action, parameters }: TaskCall, region: string, account: string): Asked {
  // Tasks have objects for parameters; of anything else nothing is found.
  const given = (typeof parameters === "object" && parameters !== null ? parameters : {}) as Record<string, unknown>;
  const small = (name: string): string => name.charAt(0).toLowerCase() + name.slice(1);
  const fields = SMALL.includes(service)
    ? Object.fromEntries(Object.entries(given).map(([name, value]) => [small(name), value]))
    : given;
  const part = (name: string): string => encodeURIComponent(text(given[name]));
  const key = text(given["Key"]).split("/").map(encodeURIComponent).join("/");
  return {
    service,
    action,
    region,
    account,
    method: "POST",
    path: service === "lambda" ? `/functions/${part("FunctionName")}` : `/${part("Bucket")}/${key}`,
    query: new URLSearchParams(),
    headers: { "x-amz-target": action },
    body: Buffer.from(JSON.stringify(fields)),
  };
}
