import type { Engine } from "./engine.js";
import { endOf, type Trouble } from "./scenario.js";
import type { Watcher } from "./world/calls.js";
import type { Run, Snap } from "./world/snap.js";

interface Line {
  readonly at: number;
  readonly text: string;
}

const clock = (at: number): string => new Date(at).toISOString().slice(0, 19).replace("T", " ");
const sayRun = (run: Run | undefined): string => (run === undefined ? "somebody" : run.stack.name);
const saySnap = ({ id, volume, mark, source }: Snap): string =>
  `${id} (${mark === undefined ? "nobody's" : `${mark.point}, slot ${clock(mark.scheduled)}`}, ${volume}${source ? `, of ${source.id}` : ""})`;

/** What happened, in order: for a person who wants to know why a promise was broken. */
export class Story implements Watcher {
  readonly #engine: Engine;
  readonly #lines: Line[] = [];

  constructor(engine: Engine) {
    this.#engine = engine;
  }

  say(text: string): void {
    this.#lines.push({ at: this.#engine.now, text });
  }

  trouble(trouble: Trouble, ends: boolean): void {
    if (ends) this.say(`${trouble.kind} is over (${trouble.id})`);
    else this.say(`${trouble.kind}: ${sayTrouble(trouble)}`);
  }

  created(run: Run, snaps: readonly Snap[]): void {
    for (const snap of snaps) this.say(`${sayRun(run)} makes ${saySnap(snap)}`);
  }

  copied(run: Run, snap: Snap): void {
    this.say(`${sayRun(run)} copies to ${saySnap(snap)}`);
  }

  takenIn(run: Run, snap: Snap): void {
    this.say(`${sayRun(run)} takes in ${saySnap(snap)}`);
  }

  doubled(snaps: readonly Snap[]): void {
    for (const snap of snaps) this.say(`AWS doubles ${saySnap(snap)}`);
  }

  deletes(run: Run | undefined, snap: Snap): void {
    this.say(`${sayRun(run)} deletes ${saySnap(snap)} in ${snap.region}`);
  }

  changed(snap: Snap): void {
    if (snap.deletedAt === this.#engine.now && snap.isGoing !== undefined) this.say(`${snap.id} is gone`);
    if (snap.deletedAt === this.#engine.now && snap.state === "pending") this.say(`${snap.id} died without a trace`);
    if (snap.endedAt === this.#engine.now && snap.deletedAt === undefined)
      this.say(`${snap.id} is ${snap.state}${snap.cause ? `: ${snap.cause}` : ""}`);
  }

  event(): void {}

  /** The last so many lines. */
  tell(most = 200): string[] {
    const left = this.#lines.length - most;
    const shown = this.#lines.slice(-most).map(({ at, text }) => `${clock(at)}  ${text}`);
    return left > 0 ? [`… ${left} lines before …`, ...shown] : shown;
  }
}

function sayTrouble(trouble: Trouble): string {
  const { id, kind: _, at: __, ...rest } = trouble;
  const fields = Object.entries(rest)
    .filter(([name]) => name !== "until")
    .map(([name, value]) => `${name} ${typeof value === "object" ? JSON.stringify(value) : String(value)}`);
  const until = endOf(trouble) > trouble.at ? [`until ${clock(endOf(trouble))}`] : [];
  return [...fields, ...until, `(${id})`].join(", ");
}
