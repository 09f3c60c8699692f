/** Identity of one round of an execution: when it began, and who holds the lease. */
export function runIdOf(now: number, execution: string): string {
  return `${new Date(now).toISOString().replace(/[-:.]/g, "")}-${execution}`;
}

/** The execution that a run belongs to: the lease's holder. */
export function holderOf(runId: string): string {
  return runId.slice(runId.indexOf("-") + 1);
}
