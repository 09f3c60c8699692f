import type { Executions } from "../../../functions/survey/executions.js";

/** `dies`: it is gone one day, and nothing tells why. */
export type Fate = "well" | "breaks" | "dies";

interface Execution {
  readonly machine: string;
  readonly endsAt: number;
  readonly fate: Fate;
}

interface Named {
  readonly machine: string;
  readonly name: string;
}

/** Each machine has its own: a point has the same name in every region. */
const keyOf = ({ machine, name }: Named): string => `${machine}:${name}`;

/** Step Functions, as far as Toyworks' workflows go: what dies is said to go on for ever. */
export class Workshop implements Executions {
  readonly executions = new Map<string, Execution>();
  readonly #now: () => number;

  constructor(now: () => number) {
    this.#now = now;
  }

  start(name: string, execution: Execution): void {
    const key = keyOf({ name, ...execution });
    if (this.executions.has(key)) throw new Error(`ExecutionAlreadyExists: ${key}`);
    this.executions.set(key, execution);
  }

  async endOf(running: Named) {
    const execution = this.executions.get(keyOf(running));
    if (execution === undefined) return "unknown" as const;
    const { endsAt: at, fate } = execution;
    if (fate === "dies" || this.#now() < at) return undefined;
    return fate === "well" ? { at } : { at, why: "its workflow FAILED: the mould broke" };
  }
}
