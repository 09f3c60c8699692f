import type { Entity } from "./state/model.js";

/** `arn:aws:fsx:<region>:<account>:backup/backup-...`; parts of ONTAP have their file system before their id (recorded). */
export function arnOf(account: string, entity: Entity): string {
  const { region, kind, id } = entity;
  const isPart = kind === "volume" || kind === "storage-virtual-machine";
  return `arn:aws:fsx:${region}:${account}:${kind}/${isPart ? `${entity.fileSystem}/${id}` : id}`;
}

/** The id that an ARN of FSx ends with. */
export const idOf = (arn: string): string => arn.split("/").at(-1) ?? "";
