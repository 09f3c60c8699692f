import { GetExecutionHistoryCommand, type HistoryEvent, paginateListExecutions, SFNClient } from "@aws-sdk/client-sfn";
import { names } from "../core/names/names.js";
import { DEPLOYMENT, type Harness, PRIMARY } from "../test/e2e/harness.js";

/** Size of the largest input or output of any state, of all runs of the primary so far, in bytes. */
export async function largestPayload(t: Harness): Promise<number> {
  const client = t.client(SFNClient, PRIMARY);
  const stateMachineArn = `arn:aws:states:${PRIMARY}:000000000000:stateMachine:${names(DEPLOYMENT, "primary").stateMachine}`;
  let largest = 0;
  for await (const { executions = [] } of paginateListExecutions({ client }, { stateMachineArn })) {
    for (const { executionArn } of executions) {
      const { events = [] } = await client.send(new GetExecutionHistoryCommand({ executionArn, maxResults: 1000 }));
      for (const event of events)
        largest = Math.max(largest, ...payloadsOf(event).map((text) => Buffer.byteLength(text)));
    }
  }
  client.destroy();
  if (largest === 0) throw new Error("no run has a history");
  return largest;
}

/** What an event tells of data, in whatever details it has. */
const payloadsOf = (event: HistoryEvent): string[] =>
  Object.values(event).flatMap((details: unknown) =>
    typeof details === "object" && details !== null
      ? Object.entries(details).flatMap(([name, text]: [string, unknown]) =>
          ["input", "output", "parameters"].includes(name) && typeof text === "string" ? [text] : [],
        )
      : [],
  );
