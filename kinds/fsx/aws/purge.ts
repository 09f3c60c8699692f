import { DeleteBackupCommand, type FSxClient } from "@aws-sdk/client-fsx";
import { TAG } from "../../../core/names/tags.js";
import { causeOf } from "../../lib/errors.js";
import type { ClientConfig, Purged, Purger } from "../../purger.js";
import { managedBy, stateOf } from "../backups.js";
import { fsxIn } from "./clients.js";
import { readBackups } from "./lists.js";

/** Deletes all backups of a deployment. */
export const fsxPurger: Purger = { unpurgeable, purge };

const clientOf = ({ region, ...config }: ClientConfig): FSxClient => fsxIn(region, config);

async function oursIn(client: FSxClient, deployment: string) {
  const records = await readBackups(client, new AbortController().signal);
  return records.filter(({ tags }) => tags[TAG.deployment] === deployment);
}

async function unpurgeable(deployment: string, config: ClientConfig): Promise<readonly string[]> {
  return (await oursIn(clientOf(config), deployment)).flatMap((record) => {
    const manager = managedBy(record);
    if (manager !== undefined)
      return [
        `${record.id} is ${manager === "AWS Backup" ? "AWS Backup's, which alone may delete it" : "an automatic backup, which goes with its file system"}`,
      ];
    return stateOf(record.lifecycle) === "pending"
      ? [`${record.id} is ${record.lifecycle}: FSx deletes it when it is done`]
      : [];
  });
}

async function purge(deployment: string, config: ClientConfig): Promise<Purged> {
  const client = clientOf(config);
  const kept: string[] = [];
  let deleted = 0;
  for (const { id: BackupId } of await oursIn(client, deployment)) {
    try {
      await client.send(new DeleteBackupCommand({ BackupId }));
      deleted += 1;
    } catch (error) {
      if (error instanceof Error && error.name === "BackupNotFound") continue;
      kept.push(`${BackupId} in ${config.region}: ${causeOf(error).message}`);
    }
  }
  return { deleted, kept };
}
