import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  LockSnapshotCommand,
  type TagSpecification,
} from "@aws-sdk/client-ec2";
import { actionOf, type Command } from "./client.js";
import type { Changes } from "./requests.js";
import { plainTags, snapshotOf } from "./shown.js";
import type { Tags } from "./snap.js";

/** Carries out a command that changes something, and answers as EC2 does. */
export function change(on: Changes, command: Command): unknown {
  if (command instanceof CreateSnapshotsCommand) {
    const { InstanceSpecification, CopyTagsFromSource, Description, TagSpecifications } = command.input;
    const { InstanceId = "", ExcludeBootVolume = false, ExcludeDataVolumeIds = [] } = InstanceSpecification ?? {};
    const made = on.createSnapshots({
      resource: InstanceId,
      excluded: { boot: ExcludeBootVolume, volumes: ExcludeDataVolumeIds },
      tags: tagsIn(TagSpecifications),
      description: Description,
      copyTags: CopyTagsFromSource === "volume",
    });
    return { Snapshots: made.map(snapshotOf) };
  }
  if (command instanceof CreateSnapshotCommand) {
    const { VolumeId = "", Description, TagSpecifications } = command.input;
    const excluded = { boot: false, volumes: [] };
    const tags = tagsIn(TagSpecifications);
    const [made] = on.createSnapshots({ resource: VolumeId, excluded, tags, description: Description });
    return made === undefined ? {} : snapshotOf(made);
  }
  if (command instanceof CopySnapshotCommand) {
    const { SourceRegion = "", SourceSnapshotId = "", Description, TagSpecifications } = command.input;
    const tags = tagsIn(TagSpecifications);
    const { id } = on.copySnapshot({ from: SourceRegion, snapshot: SourceSnapshotId, tags, description: Description });
    return { SnapshotId: id };
  }
  if (command instanceof DeleteSnapshotCommand) {
    on.deleteSnapshot(command.input.SnapshotId ?? "");
    return {};
  }
  if (command instanceof CreateTagsCommand) {
    for (const id of command.input.Resources ?? []) on.createTags(id, plainTags(command.input.Tags));
    return {};
  }
  if (command instanceof LockSnapshotCommand) {
    const { SnapshotId = "", LockDuration = 0, LockMode } = command.input;
    on.lockSnapshot(SnapshotId, { days: LockDuration, mode: LockMode });
    return {};
  }
  throw new Error(`the model of EC2 does not know ${actionOf(command)}`);
}

const tagsIn = (specifications: readonly TagSpecification[] | undefined): Tags => plainTags(specifications?.[0]?.Tags);
