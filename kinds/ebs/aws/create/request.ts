import type { CreateSnapshotCommandInput, CreateSnapshotsCommandInput } from "@aws-sdk/client-ec2";
import type { Create } from "../../../../core/model/model.js";
import { createDetail } from "../../details.js";
import { tagSpecifications } from "../describe.js";

type Tags = Readonly<Record<string, string>>;

/** CreateSnapshots of an instance's volumes but for those that its policy excludes. */
export function createSnapshotsInput(create: Create, tags: Tags): CreateSnapshotsCommandInput {
  const { exclude, carried } = createDetail(create);
  return {
    InstanceSpecification: {
      InstanceId: create.resource,
      ...(exclude?.boot ? { ExcludeBootVolume: true } : {}),
      ...(exclude && exclude.volumes.length > 0 ? { ExcludeDataVolumeIds: [...exclude.volumes] } : {}),
    },
    Description: descriptionOf(create),
    TagSpecifications: tagSpecifications(tags),
    ...(carried?.fromSource ? { CopyTagsFromSource: "volume" } : {}),
  };
}

/** CreateSnapshot of a volume that is a resource of its own. */
export function createSnapshotInput(create: Create, tags: Tags): CreateSnapshotCommandInput {
  return { VolumeId: create.resource, Description: descriptionOf(create), TagSpecifications: tagSpecifications(tags) };
}

const descriptionOf = ({ policy, resource, region, point }: Create): string =>
  `lockstep ${policy} ${resource} ${region} ${point}`;
