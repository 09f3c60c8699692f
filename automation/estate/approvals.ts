import { names } from "../../core/names/names.js";
import { heldIn, writeApproval } from "../../functions/store/approvals.js";
import type { ClientConfig } from "../../kinds/purger.js";
import { CommandProblem, messageOf } from "../cli/outcome.js";
import type { Controller, EnvRecord } from "../deploy/envs.js";
import type { Approved } from "./deps.js";
import { invoke } from "./invoke.js";
import { ledgerTable } from "./ledger-table.js";

type Config = (region: string) => ClientConfig;

/** What a run held back, asked of every controller: a run's id does not tell whose it is. */
export async function heldBy(
  { deployment }: EnvRecord,
  controllers: readonly Controller[],
  run: string,
  config: Config,
): Promise<readonly string[]> {
  // One that cannot be reached cannot be told of an approval either.
  const found = controllers.map((one) =>
    heldIn(ledgerTable(deployment, one, config), run).catch((): readonly string[] => []),
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
    await writeApproval(ledgerTable(deployment, controller, config), name, approval);
  } catch (error) {
    throw new CommandProblem("failed", `${region}: the approval could not be written: ${messageOf(error)}`);
  }
  const trigger = names(deployment, controller.role).lambda("trigger");
  const { failed, text } = await invoke(trigger, { kind: "approval" }, config(region));
  if (failed)
    throw new CommandProblem("failed", `${trigger} (${region}) failed: ${text}. The next look heeds the approval.`);
}
