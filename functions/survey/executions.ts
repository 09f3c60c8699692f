import type { DescribeExecutionCommandOutput } from "@aws-sdk/client-sfn";
import pMap from "p-map";
import type { Point } from "../../core/model/model.js";
import type { Log } from "../../kinds/lib/log.js";
import type { Ended, Running, Workflows } from "../store/workflows.js";

/** Calls at a time. */
const CONCURRENCY = 5;
/** A row is written just before its execution starts: one that Step Functions does not know after that never started. */
const STARTS_MS = 5 * 60_000;

/** What Step Functions knows of executions. */
export interface Executions {
  /** Undefined while it goes on; `unknown` where there is none of that name. */
  endOf(running: Running): Promise<Ended | "unknown" | undefined>;
}

/** As much of DescribeExecution's answer as is asked for. */
type Described = Pick<DescribeExecutionCommandOutput, "status" | "stopDate" | "error" | "cause">;

export const sfnExecutions = (describe: (running: Running) => Promise<Described>): Executions => ({
  async endOf(running) {
    try {
      const { status = "", stopDate, error = "", cause = "" } = await describe(running);
      if (stopDate === undefined) return undefined;
      const at = stopDate.getTime();
      const words = [error, cause].filter((text) => text !== "").join(": ");
      return status === "SUCCEEDED" ? { at } : { at, why: `its workflow ${status}${words && `: ${words}`}` };
    } catch (error) {
      if (error instanceof Error && error.name === "ExecutionDoesNotExist") return "unknown";
      throw error;
    }
  },
});

export interface EndingDeps {
  readonly workflows: Pick<Workflows, "read" | "end">;
  readonly executions: Executions;
  readonly now: () => number;
}

/**
 * The workflows that are known, with how they ended since the last look written down. What Step Functions does not answer stays as it is:
 * at the latest its own `until` ends it.
 */
export async function knownWorkflows(deps: EndingDeps, log: Log): Promise<readonly Point[]> {
  const { running, points } = await deps.workflows.read();
  const isEnded = async (one: Running): Promise<boolean> => {
    try {
      return await endIfOver(deps, one);
    } catch (error) {
      log.warn("a workflow was not looked at", { execution: one.name, error });
      return false;
    }
  };
  const ended = await pMap(running, isEnded, { concurrency: CONCURRENCY });
  return ended.includes(true) ? (await deps.workflows.read()).points : points;
}

async function endIfOver({ workflows, executions, now }: EndingDeps, running: Running): Promise<boolean> {
  const ended = await executions.endOf(running);
  if (ended === undefined) return false;
  if (ended === "unknown" && running.startedAt >= now() - STARTS_MS) return false;
  await workflows.end(running, ended === "unknown" ? { at: now(), why: "its workflow never started" } : ended);
  return true;
}
