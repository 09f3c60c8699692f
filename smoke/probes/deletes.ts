import {
  DeleteSnapshotCommand,
  DeregisterImageCommand,
  DescribeSnapshotsCommand,
  RegisterImageCommand,
} from "@aws-sdk/client-ec2";
import type { Probe, Session } from "../model.js";
import { createSnapshot, NOTHING, PAGES } from "./common.js";

const remove = (s: Session, id: string, dryRun = false) =>
  s.ec2("home").send(new DeleteSnapshotCommand({ SnapshotId: id, ...(dryRun ? { DryRun: true } : {}) }));

/** What goes, and what does not. */
export const DELETES: readonly Probe[] = [
  {
    name: "delete-dry-run",
    behaviour: "DryRun of a delete answers DryRunOperation and deletes nothing",
    source: PAGES.deleteSnapshot,
    ask: (s) => remove(s, s.id("snapshot"), true),
  },
  {
    name: "register-image",
    behaviour: "An AMI can be made of a snapshot",
    source: "EC2 API reference, RegisterImage",
    ask: async (s) => {
      const ec2 = s.ec2("home");
      const { ImageId } = await ec2.send(
        new RegisterImageCommand({
          Name: `lockstep-smoke-${s.run}`,
          Architecture: "arm64",
          VirtualizationType: "hvm",
          EnaSupport: true,
          RootDeviceName: "/dev/xvda",
          TagSpecifications: [{ ResourceType: "image", Tags: s.tags() }],
          BlockDeviceMappings: [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: s.id("snapshot") } }],
        }),
      );
      const id = s.keep("made-image", ImageId);
      s.made({
        what: `image ${id}`,
        region: s.regions.home,
        remove: async () => {
          await ec2.send(new DeregisterImageCommand({ ImageId: id }));
        },
      });
      return { ImageId };
    },
  },
  {
    name: "delete-snapshot-in-use",
    behaviour: "A snapshot that a registered AMI uses is InvalidSnapshot.InUse, and stays",
    source: PAGES.deleteSnapshot,
    ask: async (s) => {
      s.id("made-image");
      return remove(s, s.id("snapshot"));
    },
  },
  {
    name: "delete-snapshot",
    behaviour: "A snapshot that nothing uses is deleted, its copies and newer ones stay",
    source: PAGES.deleteSnapshot,
    ask: async (s) => {
      await remove(s, s.id("second-snapshot"));
      const { Snapshots } = await s.ec2("away").send(new DescribeSnapshotsCommand({ SnapshotIds: [s.id("copy")] }));
      return { copy: Snapshots?.[0]?.State };
    },
  },
  {
    name: "delete-snapshot-twice",
    behaviour: "What is deleted is not there any more: InvalidSnapshot.NotFound",
    source: PAGES.errors,
    ask: (s) => remove(s, s.id("second-snapshot")),
  },
  {
    name: "delete-pending-snapshot",
    behaviour: "A pending snapshot can be deleted",
    source: PAGES.deleteSnapshot,
    ask: async (s) => {
      await createSnapshot(s, "short-lived-snapshot", "volume");
      const { $metadata: _metadata, ...answer } = await remove(s, s.id("short-lived-snapshot"));
      return answer;
    },
  },
  {
    name: "delete-unknown-snapshot",
    behaviour: "Deleting what never was is InvalidSnapshot.NotFound",
    source: PAGES.errors,
    ask: (s) => remove(s, NOTHING.snapshot),
  },
  {
    name: "delete-malformed-snapshot",
    behaviour: "An id that no snapshot can have is refused",
    source: PAGES.errors,
    ask: (s) => remove(s, "snap-nonsense"),
  },
];
