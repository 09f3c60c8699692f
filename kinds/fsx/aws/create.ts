import { CreateBackupCommand, type FSxClient } from "@aws-sdk/client-fsx";
import type { Create } from "../../../core/model/model.js";
import { pointTags } from "../../../core/model/point-tags.js";
import type { Answer, Context } from "../../backend.js";
import { createDetail } from "../details.js";
import { fsxTags, must } from "./describe.js";
import { notMade } from "./errors.js";
import { tokenOf } from "./token.js";

/** Starts the backup of a file system, or of an ONTAP volume. FSx answers at once, and is at it for an hour or more. */
export const makeCreating =
  (fsx: FSxClient) =>
  async (create: Create, { settings }: Context): Promise<Answer> => {
    const { policy, resource, kind, point, members } = create;
    const { waits, tags } = createDetail(create);
    if (waits !== undefined) return { is: "later", why: { message: waits } };
    const [unit] = members;
    if (unit === undefined) return { is: "failed", why: { message: `${resource} has nothing to back up` } };
    const all = { Name: `${policy} ${resource}`, ...tags, ...pointTags(settings, create) };
    try {
      const { Backup } = await fsx.send(
        new CreateBackupCommand({
          ...(kind === "ontap-volume" ? { VolumeId: unit.id } : { FileSystemId: unit.id }),
          ClientRequestToken: tokenOf(settings.deployment, point),
          Tags: fsxTags(all),
        }),
      );
      return { is: "done", artifacts: [must(Backup?.BackupId, "a new backup without an id")] };
    } catch (error) {
      return notMade(error);
    }
  };
