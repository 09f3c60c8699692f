/** Simulates the seeds that it is sent, one after the other. */
import { type Job, runSeed } from "../report.js";
import type { Answer } from "./answer.js";

process.on("message", (job: Job) => {
  void answer(job).then((said) => process.send?.(said));
});

async function answer(job: Job): Promise<Answer> {
  const { verdict, failure } = await runSeed(job);
  const { runs, points, copies, deletes, rpoChecks, troubles } = verdict;
  const count = [...troubles.values()].reduce((sum, n) => sum + n, 0);
  const done = { runs, points, copies, deletes, rpoChecks, troubles: count };
  return { job, done, ...(failure !== undefined && { failure }) };
}
