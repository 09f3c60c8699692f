import { CopySnapshotCommand, type CopySnapshotCommandInput, DescribeSnapshotsCommand } from "@aws-sdk/client-ec2";
import type { Probe, Session } from "../model.js";
import { copySnapshot, createSnapshot, described, ended, NOTHING, PAGES, tag, withoutProgress } from "./common.js";

/** A copy that AWS should refuse: it makes nothing. */
const refused = (
  name: string,
  behaviour: string,
  input: (s: Session) => Partial<CopySnapshotCommandInput>,
  source: string = PAGES.copySnapshot,
): Probe => ({
  name,
  behaviour,
  source,
  ask: (s) =>
    s
      .ec2("away")
      .send(new CopySnapshotCommand({ SourceRegion: s.regions.home, SourceSnapshotId: s.id("snapshot"), ...input(s) })),
});

/** Copies into the other region. */
export const COPIES: readonly Probe[] = [
  {
    name: "copy-of-pending-snapshot",
    behaviour: "Only completed snapshots can be copied: one that is pending is refused with IncorrectState",
    source: 'EBS user guide, "Copy an Amazon EBS snapshot"',
    ask: async (s) => {
      await createSnapshot(s, "fresh-snapshot", "volume");
      return copySnapshot(s, "too-early-copy", "fresh-snapshot");
    },
  },
  {
    name: "copy-snapshot",
    behaviour: "CopySnapshot answers with an id in the destination and with the tags of the call, no others",
    source: PAGES.copySnapshot,
    ask: (s) => copySnapshot(s, "copy", "snapshot", { Description: "smoke copy", tags: [tag("Copied", "yes")] }),
  },
  {
    name: "copy-described",
    behaviour: "A copy belongs to the caller, has a volume id that means nothing, and the tags of its own call only",
    source: PAGES.copySnapshot,
    ask: async (s) => withoutProgress({ ...(await described(s, "away", "copy")), State: undefined }),
  },
  {
    name: "copy-in-progress",
    behaviour: "transfer-type finds the copies that are or were in progress",
    source: PAGES.describeSnapshots,
    ask: async (s) => {
      const Filters = [
        { Name: "transfer-type", Values: ["standard"] },
        { Name: "description", Values: ["smoke copy"] },
      ];
      const { Snapshots } = await s.ec2("away").send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters }));
      return { count: (Snapshots ?? []).filter(({ SnapshotId }) => SnapshotId === s.id("copy")).length };
    },
  },
  {
    name: "copy-completed",
    behaviour: "A copy completes like a snapshot",
    source: PAGES.copySnapshot,
    ask: (s) => ended(s, "away", "copy"),
  },
  {
    name: "copy-encrypted",
    behaviour: "Encrypted without a key encrypts the copy under the destination's default key",
    source: PAGES.copySnapshot,
    ask: async (s) => {
      await copySnapshot(s, "encrypted-copy", "snapshot", { Encrypted: true });
      const { State, Encrypted, KmsKeyId } = (await ended(s, "away", "encrypted-copy")) ?? {};
      return { State, Encrypted, hasKey: KmsKeyId !== undefined };
    },
  },
  {
    name: "copy-under-unknown-key",
    behaviour: "A copy under a key that cannot be used is taken on, and ends in error with a cause",
    source: PAGES.copySnapshot,
    ask: async (s) => {
      await copySnapshot(s, "copy-under-no-key", "snapshot", { Encrypted: true, KmsKeyId: NOTHING.key });
      const { State, StateMessage } = (await ended(s, "away", "copy-under-no-key")) ?? {};
      return { State, StateMessage };
    },
  },
  {
    name: "copy-of-unknown-snapshot",
    behaviour: "A copy of a snapshot that does not exist is taken on, and fails later with an event",
    source: PAGES.events,
    ask: (s) => copySnapshot(s, "copy-of-nothing", NOTHING.snapshot),
  },
  refused("copy-dry-run", "DryRun of a copy answers DryRunOperation", () => ({ DryRun: true })),
  refused("copy-not-encrypted", "Encrypted cannot be false", () => ({ Encrypted: false })),
  refused("copy-from-nowhere", "A region that does not exist is refused", () => ({ SourceRegion: "eu-nowhere-1" })),
  refused(
    "copy-in-odd-time",
    "A time-based copy takes steps of 15 minutes from 15 minutes on",
    () => ({ CompletionDurationMinutes: 20 }),
    'EBS user guide, "Time-based copies"',
  ),
  refused(
    "copy-of-malformed-snapshot",
    "An id that no snapshot can have is refused",
    () => ({ SourceSnapshotId: "snap-nonsense" }),
    PAGES.errors,
  ),
];
