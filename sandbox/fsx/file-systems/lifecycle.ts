import type { FileSystemLifecycle } from "@aws-sdk/client-fsx";
import type { FileSystem } from "../state/model.js";

/** The state that the times say. */
export function lifecycleOf({ goneAt, availableAt, updatedAt = 0 }: FileSystem, now: number): FileSystemLifecycle {
  if (goneAt !== undefined) return "DELETING";
  if (now < availableAt) return "CREATING";
  return now < updatedAt ? "UPDATING" : "AVAILABLE";
}

/** Whether it is listed no more. */
export const isGone = ({ goneAt = Number.POSITIVE_INFINITY }: Pick<FileSystem, "goneAt">, now: number): boolean =>
  now >= goneAt;
