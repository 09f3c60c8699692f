import type { Entity } from "./state/model.js";

/** `arn:aws:fsx:<region>:<account>:file-system/fs-...`, `.../backup/backup-...` (recorded). */
export const arnOf = (account: string, { region, kind, id }: Pick<Entity, "region" | "kind" | "id">): string =>
  `arn:aws:fsx:${region}:${account}:${kind}/${id}`;

/** The id that an ARN of FSx ends with. */
export const idOf = (arn: string): string => arn.split("/").at(-1) ?? "";
