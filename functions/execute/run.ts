/** Identity of one round of an execution: when it began, and who holds the lease. */
export function runIdOf(now: number, execution: string): string {
  return `${new Date(now).toISOString().replace(/[-:.]/g, "")}-${execution}`;
}

/** The execution that a run belongs to: the lease's holder. */
export function holderOf(runId: string): string {
  return runId.slice(runId.indexOf("-") + 1);
}

/** When the run began: it took the lease then and looked at its region after that. */
export function beganAt(runId: string): number {
  const [, ...parts] = /^(\d{4})(\d\d)(\d\d)T(\d\d)(\d\d)(\d\d)(\d{3})Z-/.exec(runId) ?? [];
  const [year, month, day, hour, minute, second, milli] = parts;
  return Date.parse(`${year}-${month}-${day}T${hour}:${minute}:${second}.${milli}Z`);
}

/** Id of a run, also a part of S3 keys. */
export const RUN_ID = /^[0-9]{8}T[0-9]{9}Z-[\w.-]+$/;
