import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { DescribeExecutionCommand, SFNClient } from "@aws-sdk/client-sfn";
import * as v from "valibot";
import { names } from "../../core/names/names.js";
import { holderOf } from "../../functions/execute/run.js";
import { dynamoTable } from "../../functions/store/table.js";
import type { ClientConfig } from "../../kinds/purger.js";
import type { Controller } from "../deploy/envs.js";
import { arnOf, type Caller } from "./caller.js";
import type { RunSeen } from "./deps.js";

/** What record writes of a run (functions/record/record.ts); a failed one has no counts. */
const Run = v.looseObject({
  sk: v.string(),
  endedAt: v.number(),
  outcome: v.string(),
  actual: v.optional(v.object({ create: v.number(), copy: v.number(), delete: v.number() })),
});

/** The trigger's input for an execution. */
const Started = v.pipe(v.string(), v.parseJson(), v.object({ reason: v.string() }));

/** The runs of one controller that ended since then, by its ledger, and why they were started, by Step Functions. */
export async function runsOf(
  deployment: string,
  { role, region }: Controller,
  { caller, since }: { readonly caller: Caller; readonly since: number },
  config: ClientConfig,
): Promise<RunSeen[]> {
  const { table, stateMachine } = names(deployment, role);
  const items = await dynamoTable(new DynamoDBClient(config), table).list("run");
  const runs = items.map((item) => v.parse(Run, item)).filter(({ endedAt }) => endedAt >= since);
  const states = new SFNClient(config);
  return Promise.all(
    runs.map(async ({ sk, endedAt, outcome, actual = { create: 0, copy: 0, delete: 0 } }) => {
      const executionArn = arnOf(caller, "states", region, `execution:${stateMachine}:${holderOf(sk)}`);
      const { input } = await states.send(new DescribeExecutionCommand({ executionArn }));
      const { reason } = v.parse(Started, input);
      return { region, reason, endedAt, outcome, created: actual.create, copied: actual.copy, deleted: actual.delete };
    }),
  );
}
