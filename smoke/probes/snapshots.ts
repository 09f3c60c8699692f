import { CreateSnapshotCommand, DescribeSnapshotsCommand, type TagSpecification } from "@aws-sdk/client-ec2";
import type { Probe, Session } from "../model.js";
import { createSnapshot, described, ended, NOTHING, PAGES, tag, withoutProgress } from "./common.js";

/** A tag specification that AWS should refuse: nothing is made by any of these. */
const withTags = (s: Session, ...specifications: TagSpecification[]) =>
  s.ec2("home").send(new CreateSnapshotCommand({ VolumeId: s.id("volume"), TagSpecifications: specifications }));

const many = (count: number) => Array.from({ length: count }, (_, i) => tag(`k${i}`, "v"));

/** Snapshots of single volumes, and the tags that come with them. */
export const SNAPSHOTS: readonly Probe[] = [
  {
    name: "create-snapshot-dry-run",
    behaviour: "DryRun answers DryRunOperation with status 412",
    source: PAGES.createSnapshot,
    ask: (s) => s.ec2("home").send(new CreateSnapshotCommand({ VolumeId: s.id("volume"), DryRun: true })),
  },
  {
    name: "create-snapshot-dry-run-made-nothing",
    behaviour: "A filter that nothing passes answers with an empty list, not with an error; DryRun made no snapshot",
    source: PAGES.describeSnapshots,
    ask: async (s) => {
      const Filters = [{ Name: "volume-id", Values: [s.id("volume")] }];
      const { Snapshots } = await s.ec2("home").send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters }));
      return { Snapshots };
    },
  },
  {
    name: "create-snapshot",
    behaviour: "CreateSnapshot answers at once with a pending snapshot that has the tags of the call",
    source: PAGES.createSnapshot,
    ask: async (s) =>
      withoutProgress(
        await createSnapshot(s, "snapshot", "volume", {
          Description: "smoke one",
          tags: [tag("App", "smoke"), tag("Odd", "")],
        }),
      ),
  },
  {
    name: "create-snapshot-without-tags",
    behaviour: "A second snapshot of a volume may begin while the first is pending",
    source: 'EBS user guide, "Quotas for Amazon EBS"',
    ask: async (s) =>
      withoutProgress(await createSnapshot(s, "second-snapshot", "volume", { Description: "smoke two" })),
  },
  {
    name: "snapshot-completed",
    behaviour: "A snapshot that has ended well is completed, at 100 %, with its full size in bytes",
    source: PAGES.describeSnapshots,
    ask: async (s) => {
      const snapshot = await ended(s, "home", "snapshot");
      await ended(s, "home", "second-snapshot");
      return snapshot;
    },
  },
  {
    name: "create-snapshot-unknown-volume",
    behaviour: "A snapshot of a volume that does not exist is InvalidVolume.NotFound",
    source: PAGES.errors,
    ask: (s) => s.ec2("home").send(new CreateSnapshotCommand({ VolumeId: NOTHING.volume })),
  },
  {
    name: "too-many-tags",
    behaviour: "51 tags are TagLimitExceeded, and nothing is made",
    source: PAGES.tags,
    ask: (s) => withTags(s, { ResourceType: "snapshot", Tags: many(51) }),
  },
  {
    name: "reserved-tag",
    behaviour: "A key that begins with aws: is refused",
    source: PAGES.tags,
    ask: (s) => withTags(s, { ResourceType: "snapshot", Tags: [tag("aws:smoke", "1")] }),
  },
  {
    name: "same-tag-twice",
    behaviour: "The same key twice is refused",
    source: PAGES.tags,
    ask: (s) => withTags(s, { ResourceType: "snapshot", Tags: [tag("k", "1"), tag("k", "2")] }),
  },
  {
    name: "long-tag",
    behaviour: "A key of more than 128 characters is refused",
    source: PAGES.tags,
    ask: (s) => withTags(s, { ResourceType: "snapshot", Tags: [tag("k".repeat(129), "1")] }),
  },
  {
    name: "tags-of-another-kind",
    behaviour: "Tags for what the call does not make are refused",
    source: PAGES.createSnapshot,
    ask: (s) => withTags(s, { ResourceType: "volume", Tags: [tag("k", "1")] }),
  },
  {
    name: "tags-for-one-kind-twice",
    behaviour: "Two tag specifications for one kind are refused",
    source: PAGES.createSnapshot,
    ask: (s) =>
      withTags(
        s,
        { ResourceType: "snapshot", Tags: [tag("a", "1")] },
        { ResourceType: "snapshot", Tags: [tag("b", "1")] },
      ),
  },
  {
    name: "refused-tags-made-nothing",
    behaviour: "A call that is refused for its tags makes no snapshot",
    source: PAGES.createSnapshot,
    ask: async (s) => {
      const Filters = [{ Name: "volume-id", Values: [s.id("volume")] }];
      const { Snapshots } = await s.ec2("home").send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], Filters }));
      return { count: Snapshots?.length };
    },
  },
  {
    name: "describe-snapshot",
    behaviour: "A snapshot is listed by its id with its volume, owner, size and tags",
    source: PAGES.describeSnapshots,
    ask: (s) => described(s, "home", "snapshot"),
  },
];
