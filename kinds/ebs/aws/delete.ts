import { DeleteSnapshotCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { Delete } from "../../../core/model/model.js";
import type { Answer, Failed, Kept, Later } from "../../backend.js";
import { causeOf, isThrottle } from "../../lib/errors.js";

type Refusal = Later | Kept | Failed;

/**
 * Deletes the snapshots of a point that the plan expired, one after the other, up to the first that does not go: what is left of a
 * refused point is left whole. What is gone is done.
 */
export const makeDeleting =
  (client: EC2Client) =>
  async ({ artifacts: snapshots }: Delete): Promise<Answer> => {
    const gone: string[] = [];
    for (const snapshot of snapshots) {
      const refused = await deleteOne(client, snapshot);
      if (refused !== undefined) return { ...refused, artifacts: gone };
      gone.push(snapshot);
    }
    return { is: "done", artifacts: gone };
  };

async function deleteOne(client: EC2Client, SnapshotId: string): Promise<Refusal | undefined> {
  try {
    await client.send(new DeleteSnapshotCommand({ SnapshotId }));
    return undefined;
  } catch (error) {
    const why = causeOf(error);
    const { code, message } = why;
    if (code === "InvalidSnapshot.NotFound") return undefined;
    // InvalidSnapshot.InUse: an AMI uses it. Locked snapshots are refused too (EBS user guide, "Amazon EBS snapshot lock"), under
    // a code that no reference names. The survey sees both; this is for what was locked or used since.
    if (code === "InvalidSnapshot.InUse" || /locked/i.test(`${code} ${message}`)) return { is: "kept", why };
    return { is: isThrottle(error) ? "later" : "failed", why };
  }
}
