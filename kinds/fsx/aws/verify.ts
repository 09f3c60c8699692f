import { DescribeBackupsCommand, type FSxClient } from "@aws-sdk/client-fsx";
import type { Answer, Verify } from "../../backend.js";
import { notMade } from "./errors.js";

/** FSx has nothing closer to look at than that a backup is there and available. An id that is no more is an error. */
export const makeVerifying =
  (client: FSxClient) =>
  async ({ artifacts }: Verify): Promise<Answer> => {
    try {
      const { Backups = [] } = await client.send(new DescribeBackupsCommand({ BackupIds: [...artifacts] }));
      const states = new Map(Backups.map(({ BackupId, Lifecycle }) => [BackupId, Lifecycle]));
      const lacking = artifacts.filter((id) => states.get(id) !== "AVAILABLE");
      if (lacking.length === 0) return { is: "done", artifacts };
      const message = lacking.map((id) => `${id} is ${states.get(id) ?? "not there"}`).join(", ");
      return { is: "failed", why: { message } };
    } catch (error) {
      return notMade(error);
    }
  };
