import { SYSTEMS, type SystemName } from "../../kinds/systems.js";
import { type Choose, type Cli, pick, withYes } from "./common.js";

// Object.keys forgets the names' type.
const NAMES = Object.keys(SYSTEMS) as readonly SystemName[];

/** What brings other people's snapshots in. */
export const adopting = (cli: Cli, choose: Choose) =>
  cli.command(
    "adopt",
    "bring snapshots and backups that are there already under a policy",
    (y) =>
      withYes(
        y
          .option("policy", { type: "string", demandOption: true, requiresArg: true, describe: "which" })
          .option("from", {
            choices: NAMES,
            array: true,
            default: [],
            requiresArg: true,
            describe: "those that a published system made",
          })
          .option("select", { type: "string", requiresArg: true, describe: "those whose tags are so, as JSON" }),
      ),
    ({ policy, from, select, yes, ...a }) =>
      choose({ ...pick(a), name: "adopt", policy, from, ...(select === undefined ? {} : { select }), yes }),
  );
