import { DescribeBackupsCommand, type FSxClient, TagResourceCommand } from "@aws-sdk/client-fsx";
import type { Importer } from "../../importer.js";
import { importOf } from "../adopt.js";
import { fsxTags, must } from "./describe.js";
import { readBackups } from "./lists.js";

/** Makes points of backups that others made in the client's region. No policy takes them in by itself. */
export function fsxImporter(fsx: FSxClient): Importer {
  return {
    look: async (asked) => importOf(await readBackups(fsx, new AbortController().signal), asked),
    takingIn: async () => ({ watched: 0, taken: [], left: [], refused: [] }),
    isArtifact: (id) => /^backup-[0-9a-f]{8,}$/.test(id),
    mark: async (artifact, tags) => {
      // FSx tags by ARN, which has the account in it.
      const { Backups } = await fsx.send(new DescribeBackupsCommand({ BackupIds: [artifact] }));
      const ResourceARN = must(Backups?.[0]?.ResourceARN, `${artifact} without an ARN`);
      await fsx.send(new TagResourceCommand({ ResourceARN, Tags: fsxTags(tags) }));
    },
    isGone: (error) => error instanceof Error && ["BackupNotFound", "ResourceNotFound"].includes(error.name),
  };
}
