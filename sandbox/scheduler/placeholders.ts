/** What AWS puts in the place of the context attributes in a target's input. */
export interface Invocation {
  readonly arn: string;
  /** When it was due, milliseconds. */
  readonly scheduled: number;
  readonly execution: string;
  readonly attempt: number;
}

/** Times of Scheduler have whole seconds. */
export const isoSeconds = (time: number) => `${new Date(time).toISOString().slice(0, 19)}Z`;

/** Fills `<aws.scheduler.*>` in (Scheduler user guide, "Adding context attributes"). */
export function fill(input: string, invocation: Invocation): string {
  const values: Readonly<Record<string, string>> = {
    "schedule-arn": invocation.arn,
    "scheduled-time": isoSeconds(invocation.scheduled),
    "execution-id": invocation.execution,
    "attempt-number": String(invocation.attempt),
  };
  return input.replace(/<aws\.scheduler\.([a-z-]+)>/g, (whole, name: string) => values[name] ?? whole);
}
