import { CreateSnapshotCommand, CreateSnapshotsCommand, type EC2Client } from "@aws-sdk/client-ec2";
import type { Create } from "../../../../core/model/model.js";
import { pointTags } from "../../../../core/model/point-tags.js";
import type { Answer, Context } from "../../../backend.js";
import { createDetail } from "../../details.js";
import { idsOf } from "../describe.js";
import { notMade } from "../errors.js";
import { lockNew } from "../finalize.js";
import type { PutLock } from "../puts.js";
import { createSnapshotInput, createSnapshotsInput } from "./request.js";

interface CreatingDeps {
  /** For calls that nobody may repeat. */
  readonly ec2: EC2Client;
  readonly putLock: PutLock;
}

/** Makes a planned point: one crash-consistent set of snapshots of an instance, or one snapshot of a volume. */
export const makeCreating =
  ({ ec2, putLock }: CreatingDeps) =>
  async (create: Create, { settings, log }: Context): Promise<Answer> => {
    const { carried, labels, lock } = createDetail(create);
    try {
      const made = await call(ec2, create, {
        ...nameOf(create),
        ...carried?.tags,
        ...labels,
        ...pointTags(settings, create),
      });
      await lockNew(putLock, lock, made, log);
      return { is: "done", artifacts: made };
    } catch (error) {
      return notMade(error);
    }
  };

async function call(ec2: EC2Client, create: Create, tags: Readonly<Record<string, string>>): Promise<string[]> {
  if (create.kind === "volume") {
    return idsOf([await ec2.send(new CreateSnapshotCommand(createSnapshotInput(create, tags)))]);
  }
  return idsOf((await ec2.send(new CreateSnapshotsCommand(createSnapshotsInput(create, tags)))).Snapshots);
}

/** A volume's own name, where it comes along, is the better one; the same key twice in one call is not for AWS to judge. */
function nameOf(create: Create): Record<string, string> {
  const { policy, resource, members: volumes } = create;
  const { carried } = createDetail(create);
  const named = carried?.fromSource === true && volumes.some((volume) => Object.hasOwn(volume.tags, "Name"));
  return named ? {} : { Name: `${policy} ${resource}` };
}
