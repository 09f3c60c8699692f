import * as v from "valibot";
import { CommandProblem } from "../cli/outcome.js";

const Answer = v.object({ now: v.pipe(v.string(), v.isoTimestamp()) });

/** The time, in milliseconds, where the variables lead to: the sandbox's, which can be moved, else this machine's. */
export async function timeAt(variables: Readonly<Record<string, string>>): Promise<number> {
  const endpoint = variables["AWS_ENDPOINT_URL"];
  if (endpoint === undefined) return Date.now();
  const answer = await fetch(`${endpoint}/_lockstep/clock`);
  const { output, success } = v.safeParse(v.pipe(v.string(), v.parseJson(), Answer), await answer.text());
  if (success) return Date.parse(output.now);
  throw new CommandProblem("failed", `${endpoint} does not tell its time: is it a sandbox of this version?`);
}
