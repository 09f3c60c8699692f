import { spawnSync } from "node:child_process";
import type { Io } from "./progress.js";

/** A wish to stop, as the driver and as the engine should hear it. */
export interface Interruption {
  /** Aborted at the first Ctrl-C or SIGTERM, or when nobody reads our output any more. */
  readonly signal: AbortSignal;
  /**
   * Aborted when the engine has not heard of it yet.
   *
   * A terminal sends Ctrl-C to the engine too, and the engine takes a second one for "stop at once, whatever is lost"
   * (pkg/backend/cancellation_scope.go of Pulumi 3.250). So where a terminal sent it, the first is not passed on.
   */
  readonly forward: AbortSignal;
}

/** Turns Ctrl-C, SIGTERM and the end of whoever reads our output into aborts until it is closed. */
export function onSignals(io: Pick<Io, "err">): Interruption & { close(): void } {
  const signal = new AbortController();
  const forward = new AbortController();
  const stop = (forwarded: boolean, name: string) => {
    if (!signal.signal.aborted) io.err("Interrupted: finishing what is under way.");
    signal.abort(new Error(`interrupted by ${name}`));
    if (forwarded) forward.abort(new Error(`interrupted by ${name}`));
  };
  const onInterrupt = () => stop(signal.signal.aborted || !inTerminalsGroup(), "SIGINT");
  const onTerminate = () => stop(true, "SIGTERM");
  process.on("SIGINT", onInterrupt);
  process.on("SIGTERM", onTerminate);
  process.on("SIGHUP", onTerminate);
  // Nobody reads our output any more. It stays so: what is written later must not become an error either.
  for (const stream of [process.stdout, process.stderr]) stream.on("error", () => stop(true, "the end of our reader"));
  return {
    signal: signal.signal,
    forward: forward.signal,
    close: () => {
      process.off("SIGINT", onInterrupt);
      process.off("SIGTERM", onTerminate);
      process.off("SIGHUP", onTerminate);
    },
  };
}

/** Whether Ctrl-C in the terminal reaches our children too: our process group is the terminal's foreground group. */
function inTerminalsGroup(): boolean {
  const { stdout } = spawnSync("ps", ["-o", "pgid=,tpgid=", "-p", String(process.pid)], { encoding: "utf8" });
  const [group, foreground] = (stdout ?? "").trim().split(/\s+/);
  return group !== undefined && group !== "" && group === foreground;
}

/** Nobody ever interrupts. */
export const uninterrupted = (): Interruption => ({
  signal: new AbortController().signal,
  forward: new AbortController().signal,
});
