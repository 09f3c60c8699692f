import { DescribeSnapshotsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { Answer, Verify } from "../../backend.js";
import { notMade } from "./errors.js";

/** EBS has nothing closer to look at than that a snapshot is there and completed. */
export const makeVerifying =
  (client: EC2Client) =>
  async ({ artifacts }: Verify): Promise<Answer> => {
    try {
      // A filter, since of an id that is no more EC2 makes an error.
      const Filters = [{ Name: "snapshot-id", Values: [...artifacts] }];
      const { Snapshots = [] } = await client.send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters }));
      const states = new Map(Snapshots.map(({ SnapshotId, State }) => [SnapshotId, State]));
      const lacking = artifacts.filter((id) => states.get(id) !== "completed");
      if (lacking.length === 0) return { is: "done", artifacts };
      const message = lacking.map((id) => `${id} is ${states.get(id) ?? "not there"}`).join(", ");
      return { is: "failed", why: { message } };
    } catch (error) {
      return notMade(error);
    }
  };
