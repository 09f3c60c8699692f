import { Listr } from "listr2";
import { messageOf } from "./outcome.js";

/** Where output goes; the process's streams, or memory in tests. */
export interface Io {
  out(text: string): void;
  err(text: string): void;
  /** True where a person watches on a terminal. */
  readonly tty: boolean;
}

/**
 * Tells how far something is. With `sum` the line is one of very many: where lines stay, as in a log, the sum is told
 * every few seconds in place of them.
 */
export type Say = (line: string, sum?: string) => void;

/** Something that takes a while and can say how far it is. */
export interface Job<T> {
  readonly title: string;
  run(say: Say): Promise<T>;
}

/** Shows jobs while they run. A job that fails does not stop its neighbours. */
export interface Progress {
  together<T>(jobs: readonly Job<T>[]): Promise<PromiseSettledResult<T>[]>;
}

type Event = { readonly job: string } & (
  | { readonly event: "started" | "done" }
  | { readonly event: "progress"; readonly message: string; readonly sum?: string }
  | { readonly event: "failed"; readonly message: string }
);

/** Runs the jobs and reports each step as an event. */
const reported = (tell: (event: Event) => void): Progress => ({
  together: (jobs) =>
    Promise.allSettled(
      jobs.map(async (job) => {
        tell({ job: job.title, event: "started" });
        try {
          const result = await job.run((message, sum) =>
            tell({ job: job.title, event: "progress", message, ...(sum === undefined ? {} : { sum }) }),
          );
          tell({ job: job.title, event: "done" });
          return result;
        } catch (error) {
          tell({ job: job.title, event: "failed", message: messageOf(error) });
          throw error;
        }
      }),
    ),
});

/** How often a log hears of what goes on all the time. */
const SUM_EVERY_MS = 5_000;

/** Plain lines, few of them, for logs and pipes. Of a failure its first line: the outcome has all of it. */
export function plainProgress(io: Io, now: () => number = () => performance.now()): Progress {
  const told = new Map<string, number>();
  return reported((e) => {
    const isSum = e.event === "progress" && e.sum !== undefined;
    if (isSum && now() - (told.get(e.job) ?? Number.NEGATIVE_INFINITY) < SUM_EVERY_MS) return;
    told.set(e.job, now());
    io.err(`${e.job}: ${lineOf(e)}`);
  });
}

function lineOf(e: Event): string {
  switch (e.event) {
    case "progress":
      return e.sum ?? e.message;
    case "failed":
      return `failed: ${e.message.split("\n")[0]}`;
    default:
      return e.event;
  }
}

/** One JSON object an event on standard error, so that standard output holds only the result. */
export const jsonProgress = (io: Io): Progress => reported((e) => io.err(JSON.stringify(e)));

/** Shows nothing. */
export const silentProgress: Progress = reported(() => undefined);

/** Live lines with spinners on a terminal. */
const liveProgress: Progress = {
  together: async <T>(jobs: readonly Job<T>[]) => {
    const results = jobs.map((job) => ({ job, ended: Promise.withResolvers<T>() }));
    const tasks = results.map(({ job, ended }) => ({
      title: job.title,
      task: (_: unknown, task: { output: string }): Promise<T> => {
        const running = job.run((line) => {
          task.output = line;
        });
        ended.resolve(running);
        return running;
      },
    }));
    const settled = Promise.allSettled(results.map(({ ended }) => ended.promise));
    await new Listr(tasks, {
      concurrent: true,
      exitOnError: false,
      // The driver handles signals itself: it lets the engine finish what it began.
      registerSignalListeners: false,
      rendererOptions: { showErrorMessage: false },
    }).run();
    return settled;
  },
};

/** The way to show progress that fits the reader. */
export function progressFor(io: Io, json: boolean): Progress {
  if (json) return jsonProgress(io);
  return io.tty ? liveProgress : plainProgress(io);
}

/** The results of jobs that must all have worked; the first failure otherwise. */
export function allOf<T>(settled: readonly PromiseSettledResult<T>[]): T[] {
  return settled.map((s) => {
    if (s.status === "rejected") throw s.reason;
    return s.value;
  });
}
