import { DeleteBackupCommand, type FSxClient } from "@aws-sdk/client-fsx";
import type { Delete } from "../../../core/model/model.js";
import type { Answer, Failed, Kept, Later } from "../../backend.js";
import { causeOf, isThrottle } from "../../lib/errors.js";

/** Something is at it: it ends, and a later run deletes it (FSx API reference, DeleteBackup). */
const IN_USE: ReadonlySet<string> = new Set(["BackupInProgress", "BackupBeingCopied", "BackupRestoring"]);

/** Deletes the backups of a point that the plan expired, up to the first that does not go. What is gone is done. */
export const makeDeleting =
  (client: FSxClient) =>
  async ({ artifacts: backups }: Delete): Promise<Answer> => {
    const gone: string[] = [];
    for (const backup of backups) {
      const refused = await deleteOne(client, backup);
      if (refused !== undefined) return { ...refused, artifacts: gone };
      gone.push(backup);
    }
    return { is: "done", artifacts: gone };
  };

async function deleteOne(client: FSxClient, BackupId: string): Promise<Later | Kept | Failed | undefined> {
  try {
    await client.send(new DeleteBackupCommand({ BackupId }));
    return undefined;
  } catch (error) {
    const why = causeOf(error);
    if (why.code === "BackupNotFound") return undefined;
    if (IN_USE.has(why.code)) return { is: "kept", why };
    return { is: isThrottle(error) ? "later" : "failed", why };
  }
}
