import { CreateBackupCommand, type FSxClient } from "@aws-sdk/client-fsx";
import type { Create } from "../../../core/model/model.js";
import { pointTags } from "../../../core/model/point-tags.js";
import type { Answer, Context } from "../../backend.js";
import { createDetail } from "../details.js";
import { fsxTags } from "./describe.js";
import { notMade } from "./errors.js";
import { askFor } from "./fresh.js";

/** Starts the backup of a file system, or of an ONTAP volume. FSx answers at once, and is at it for an hour or more. */
export const makeCreating =
  (fsx: FSxClient, now: () => number) =>
  async (create: Create, { settings }: Context): Promise<Answer> => {
    const { policy, resource, kind, point, members } = create;
    const { waits, tags } = createDetail(create);
    if (waits !== undefined) return { is: "later", why: { message: waits } };
    const [unit] = members;
    if (unit === undefined) return { is: "failed", why: { message: `${resource} has nothing to back up` } };
    const all = { Name: `${policy} ${resource}`, ...tags, ...pointTags(settings, create) };
    try {
      const id = await askFor({ deployment: settings.deployment, point, parts: [point], now: now() }, async (token) => {
        const of = kind === "ontap-volume" ? { VolumeId: unit.id } : { FileSystemId: unit.id };
        const input = { ...of, ClientRequestToken: token, Tags: fsxTags(all) };
        return (await fsx.send(new CreateBackupCommand(input))).Backup;
      });
      return { is: "done", artifacts: [id] };
    } catch (error) {
      return notMade(error);
    }
  };
