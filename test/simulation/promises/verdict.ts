/** A broken promise. */
export interface Violation {
  /** Which: the number of DESIGN's promise, and what of it. */
  readonly promise: string;
  readonly at: number;
  readonly what: string;
  readonly resource?: string;
}

/** What a run of the simulation found and did. */
export class Verdict {
  readonly violations: Violation[] = [];
  /** Looks of all stacks. */
  runs = 0;
  points = 0;
  copies = 0;
  deletes = 0;
  /** Times that a resource's RPO was held against the promise in a region. */
  rpoChecks = 0;
  /** Deletes that would be wrong, had nobody else changed the same thing at the same time. */
  excused = 0;
  /** Snapshots and copies that ended in error. */
  broken = 0;
  /** Troubles that began, by their kind. */
  readonly troubles = new Map<string, number>();
  /** How often somebody felt each kind: what nobody felt proves nothing. */
  felt: ReadonlyMap<string, number> = new Map();

  get isBroken(): boolean {
    return this.violations.length > 0;
  }

  add(violation: Violation): void {
    this.violations.push(violation);
  }
}
