import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  DeleteSnapshotCommand,
  type EC2Client,
} from "@aws-sdk/client-ec2";
import type { Copy, Create } from "../../core/model/model.js";
import { copySnapshotInput } from "../../functions/copy/request.js";
import { createSnapshotInput, createSnapshotsInput } from "../../functions/create/request.js";
import { idsOf } from "../../functions/lib/describe.js";
import { makePutLock, makePutTags } from "../../functions/lib/locking.js";
import { makeLookup } from "../../functions/lib/lookup.js";
import type { Tags } from "../cloud/snap.js";

/** The calls of all hands, as their handlers compose them. */
export const callsTo = (ec2: EC2Client, where: Parameters<typeof makeLookup>[1]) => ({
  lookup: makeLookup(ec2, where),
  putLock: makePutLock(ec2),
  putTags: makePutTags(ec2),
  createSnapshots: async (action: Create, tags: Tags) => {
    if (action.kind === "volume")
      return idsOf([await ec2.send(new CreateSnapshotCommand(createSnapshotInput(action, tags)))]);
    return idsOf((await ec2.send(new CreateSnapshotsCommand(createSnapshotsInput(action, tags)))).Snapshots);
  },
  copySnapshot: async (action: Copy, tags: Tags) =>
    idsOf([await ec2.send(new CopySnapshotCommand(copySnapshotInput(action, tags)))]),
  deleteSnapshot: async (SnapshotId: string) => {
    await ec2.send(new DeleteSnapshotCommand({ SnapshotId }));
  },
});
