import type { CopySnapshotCommandInput } from "@aws-sdk/client-ec2";
import type { Copy } from "../../../../core/model/model.js";
import { tagSpecifications } from "../describe.js";

/**
 * CopySnapshot into the region that is called. A named key encrypts the copy, whatever the source is; without one an encrypted
 * source's copy is under the region's default key, and a plain one's is as the region's default says (EC2 API reference).
 */
export function copySnapshotInput(copy: Copy, tags: Readonly<Record<string, string>>): CopySnapshotCommandInput {
  const { from, artifact: part, policy, resource, point, kmsKey } = copy;
  return {
    SourceRegion: from,
    SourceSnapshotId: part.id,
    Description: `lockstep ${policy} ${resource} ${from} ${point} copy of ${part.id}`,
    TagSpecifications: tagSpecifications(tags),
    ...(kmsKey === undefined ? {} : { Encrypted: true, KmsKeyId: kmsKey }),
  };
}
