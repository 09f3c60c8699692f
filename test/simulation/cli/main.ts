/** `npm run simulate -- [--years 10] [--deep-days 28] [--seed N] [--kind ebs]`: years in a faulty world, on all CPUs. */
import { fork } from "node:child_process";
import { availableParallelism } from "node:os";
import { join } from "node:path";
import { parseArgs } from "node:util";
import { WORLDS } from "../kinds/table.js";
import { DAYS, type Job } from "../report.js";
import type { Answer, Done } from "./answer.js";

interface Wish {
  readonly years: number;
  readonly deepDays: number;
  readonly seed: number;
  /** What the planner's worlds are of. */
  readonly kind: string;
}

const OPTIONS = {
  years: { type: "string", default: "1" },
  "deep-days": { type: "string", default: "14" },
  seed: { type: "string" },
  kind: { type: "string", default: "ebs" },
} as const;

function wishOf(args: string[]): Wish {
  const { values } = parseArgs({ args, options: OPTIONS });
  const number = (name: keyof typeof values, value: string): number => {
    const read = Number(value);
    if (value.trim() === "" || !Number.isFinite(read) || read < 0)
      throw new Error(`--${name} is "${value}", not a number such as 10`);
    return read;
  };
  const { kind } = values;
  if (!Object.hasOwn(WORLDS, kind))
    throw new Error(`--kind is "${kind}", not one of ${Object.keys(WORLDS).join(", ")}`);
  return {
    kind,
    years: number("years", values.years),
    deepDays: number("deep-days", values["deep-days"]),
    seed: values.seed === undefined ? Math.floor(Math.random() * 2 ** 31) : Math.floor(number("seed", values.seed)),
  };
}

const YEAR = 366;
const jobsOf = (days: number, { seed, ...job }: Job): Job[] =>
  Array.from({ length: Math.ceil(days / DAYS[job.depth]) }, (_, i) => ({ ...job, seed: seed + i }));

/** Hands the jobs out to one process for each CPU; after a failure to none any more. */
function runAll(jobs: readonly Job[], told: (answer: Answer) => void): Promise<void> {
  const waiting = [...jobs];
  const one = (): Promise<void> =>
    new Promise((resolve, reject) => {
      const worker = fork(join(__dirname, "worker.ts"));
      const next = (): void => {
        const job = waiting.shift();
        if (job === undefined) worker.disconnect();
        else worker.send(job);
      };
      worker.on("message", (answer: Answer) => {
        told(answer);
        if (answer.failure !== undefined) waiting.length = 0;
        next();
      });
      worker.on("exit", (code) => {
        if (code === 0) return resolve();
        waiting.length = 0;
        reject(new Error(`a worker ended with ${code}`));
      });
      worker.on("error", reject);
      next();
    });
  const workers = Math.max(1, Math.min(availableParallelism(), jobs.length));
  return Promise.all(Array.from({ length: workers }, one)).then(() => undefined);
}

async function main(args: string[]): Promise<number> {
  const { years, deepDays, seed, kind } = wishOf(args);
  // What takes longest first, so that no CPU is left alone with it at the end.
  const jobs = [
    ...jobsOf(deepDays, { seed, depth: "edges" }),
    ...jobsOf(years * YEAR, { seed, depth: "planner", kind }),
  ];
  console.log(
    `${years} years of the planner with ${kind} and ${deepDays} days of the real functions, from seed ${seed} on`,
  );
  const sum: Record<keyof Done, number> = { runs: 0, points: 0, copies: 0, deletes: 0, rpoChecks: 0, troubles: 0 };
  const failures: string[] = [];
  let finished = 0;
  await runAll(jobs, ({ done, failure }) => {
    finished += 1;
    for (const key of Object.keys(sum) as (keyof Done)[]) sum[key] += done[key];
    if (failure !== undefined) failures.push(failure);
    if (finished % Math.ceil(jobs.length / 20) === 0 && jobs.length > 20)
      console.log(`${finished} of ${jobs.length} seeds, ${sum.troubles} troubles, ${failures.length} failed`);
  });
  for (const failure of failures) console.log(`\n${failure}\n`);
  const { runs, points, copies, deletes, rpoChecks, troubles } = sum;
  console.log(
    `${runs} runs made ${points} points and ${copies} copies and deleted ${deletes} artifacts, through ${troubles} troubles; ${rpoChecks} times an RPO was held against the promise`,
  );
  console.log(failures.length === 0 ? "every promise was kept" : `${failures.length} seed(s) broke a promise`);
  return failures.length === 0 ? 0 : 1;
}

main(process.argv.slice(2)).then(
  (code) => {
    process.exitCode = code;
  },
  (error: unknown) => {
    console.error(error instanceof Error ? error.message : error);
    process.exitCode = 2;
  },
);
