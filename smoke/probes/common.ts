import {
  CopySnapshotCommand,
  type CopySnapshotCommandInput,
  type CopySnapshotResult,
  CreateSnapshotCommand,
  type CreateSnapshotCommandInput,
  DeleteSnapshotCommand,
  DescribeSnapshotsCommand,
  type Snapshot,
  type Tag,
} from "@aws-sdk/client-ec2";
import type { Session, Side } from "../model.js";

/** Titles of AWS's pages that several probes go by. */
export const PAGES = {
  errors: 'EC2 developer guide, "Error codes for the Amazon EC2 API"',
  filters: 'EC2 user guide, "Filter your resources"',
  tags: 'EC2 user guide, "Tag restrictions"',
  events: 'EBS user guide, "Amazon EventBridge events for Amazon EBS"',
  createSnapshot: "EC2 API reference, CreateSnapshot",
  createSnapshots: "EC2 API reference, CreateSnapshots",
  copySnapshot: "EC2 API reference, CopySnapshot",
  deleteSnapshot: "EC2 API reference, DeleteSnapshot",
  describeSnapshots: "EC2 API reference, DescribeSnapshots",
} as const;

/** Ids that are well formed and name nothing. */
export const NOTHING = {
  volume: "vol-00000000000000000",
  snapshot: "snap-00000000000000000",
  instance: "i-00000000000000000",
  key: "00000000-0000-4000-8000-000000000000",
} as const;

/** Has a snapshot removed at the end; a probe may do it before. */
export function removeLater(s: Session, side: Side, id: string): void {
  s.made({
    what: `snapshot ${id}`,
    region: s.regions[side],
    remove: async () => {
      await s.ec2(side).send(new DeleteSnapshotCommand({ SnapshotId: id }));
    },
  });
}

/** CreateSnapshot in the home region, of a volume by its name. */
export async function createSnapshot(
  s: Session,
  name: string,
  volume: string,
  { tags = [], ...more }: Partial<CreateSnapshotCommandInput> & { readonly tags?: readonly Tag[] } = {},
): Promise<Snapshot> {
  const made = await s.ec2("home").send(
    new CreateSnapshotCommand({
      VolumeId: s.id(volume),
      TagSpecifications: [{ ResourceType: "snapshot", Tags: s.tags(...tags) }],
      ...more,
    }),
  );
  removeLater(s, "home", s.keep(name, made.SnapshotId));
  return made;
}

/** CopySnapshot from the home region into the other one, of a snapshot by its name. */
export async function copySnapshot(
  s: Session,
  name: string,
  source: string,
  { tags = [], ...more }: Partial<CopySnapshotCommandInput> & { readonly tags?: readonly Tag[] } = {},
): Promise<CopySnapshotResult> {
  const made = await s.ec2("away").send(
    new CopySnapshotCommand({
      SourceRegion: s.regions.home,
      SourceSnapshotId: source.startsWith("snap-") ? source : s.id(source),
      TagSpecifications: [{ ResourceType: "snapshot", Tags: s.tags(...tags) }],
      ...more,
    }),
  );
  removeLater(s, "away", s.keep(name, made.SnapshotId));
  return made;
}

/** One snapshot, as DescribeSnapshots has it. */
export async function described(s: Session, side: Side, name: string): Promise<Snapshot | undefined> {
  const { Snapshots } = await s.ec2(side).send(new DescribeSnapshotsCommand({ SnapshotIds: [s.id(name)] }));
  return Snapshots?.[0];
}

/** Waits until a snapshot has ended, well or badly. */
export const ended = (s: Session, side: Side, name: string): Promise<Snapshot | undefined> =>
  s.until(
    () => described(s, side, name),
    (snapshot) => snapshot?.State === "completed" || snapshot?.State === "error",
  );

/** What of a snapshot says how it is; how far it has come differs from run to run. */
export const withoutProgress = (snapshot: Snapshot | undefined) => {
  const { Progress: _progress, ...rest } = snapshot ?? {};
  return rest;
};

export const tag = (Key: string, Value: string): Tag => ({ Key, Value });
