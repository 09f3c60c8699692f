import { stripVTControlCharacters } from "node:util";
import type { ClientConfig, Purged } from "../../kinds/purger.js";
import { PURGERS } from "../../kinds/purgers.js";

const ALL = Object.values(PURGERS);

/** Artifacts of every kind that a deployment has in a region and AWS would not delete, and why. */
export async function unpurgeable(deployment: string, config: ClientConfig): Promise<readonly string[]> {
  return (await Promise.all(ALL.map((one) => one.unpurgeable(deployment, config)))).flat();
}

/** Deletes all that a deployment made in a region. For test environments: nothing brings it back. */
export async function purge(deployment: string, config: ClientConfig): Promise<Purged> {
  const all = await Promise.all(ALL.map((one) => one.purge(deployment, config)));
  return {
    deleted: all.reduce((sum, { deleted }) => sum + deleted, 0),
    // AWS wrote the causes.
    kept: all.flatMap(({ kept }) => kept.map((line) => stripVTControlCharacters(line))),
  };
}
