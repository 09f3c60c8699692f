import { DynamoDBClient } from "@aws-sdk/client-dynamodb";
import { InvokeCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { names } from "../core/names.js";
import { type Ledger, makeLedger } from "../functions/lib/ledger.js";
import { dynamoTable } from "../functions/lib/table.js";
import type { Approved } from "./deps.js";
import type { EnvRecord } from "./envs.js";
import type { ClientConfig, Controller } from "./estate.js";
import { CommandProblem, messageOf } from "./outcome.js";

type Config = (region: string) => ClientConfig;

const ledgerOf = (deployment: string, { role, region }: Controller, config: Config): Ledger =>
  makeLedger(dynamoTable(new DynamoDBClient(config(region)), names(deployment, role).table));

/** What a run held back, asked of every controller: a run's id does not tell whose it is. */
export async function heldBy(
  { deployment }: EnvRecord,
  controllers: readonly Controller[],
  run: string,
  config: Config,
): Promise<readonly string[]> {
  // One that cannot be reached cannot be told of an approval either.
  const found = controllers.map((one) =>
    ledgerOf(deployment, one, config)
      .heldBy(run)
      .catch((): readonly string[] => []),
  );
  return (await Promise.all(found)).flat();
}

/** Puts the approval into the ledger of the region's controller, and then makes it look. */
export async function approve(
  deployment: string,
  controllers: readonly Controller[],
  { name, ...approval }: Approved,
  config: Config,
): Promise<void> {
  const { region } = approval;
  const controller = controllers.find((one) => one.region === region);
  if (!controller)
    throw new CommandProblem("failed", `No stack of this environment is in ${region}: approve it in the one that is.`);
  try {
    await ledgerOf(deployment, controller, config).approve(name, approval);
  } catch (error) {
    throw new CommandProblem("failed", `${region}: the approval could not be written: ${messageOf(error)}`);
  }
  const FunctionName = names(deployment, controller.role).lambda("trigger");
  const Payload = Buffer.from(JSON.stringify({ kind: "approval" }));
  const answer = await new LambdaClient(config(region)).send(new InvokeCommand({ FunctionName, Payload }));
  if (answer.FunctionError === undefined) return;
  const said = Buffer.from(answer.Payload ?? []).toString();
  throw new CommandProblem("failed", `${FunctionName} (${region}) failed: ${said}. The next look heeds the approval.`);
}
