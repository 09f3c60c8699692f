import {
  CreateTagsCommand,
  DeleteTagsCommand,
  DescribeSnapshotsCommand,
  type DescribeSnapshotsCommandInput,
  DescribeTagsCommand,
  type Filter,
} from "@aws-sdk/client-ec2";
import type { Probe, Session } from "../model.js";
import { SMOKE_TAG } from "../session.js";
import { createSnapshot, ended, NOTHING, PAGES, tag } from "./common.js";

const list = async (s: Session, input: DescribeSnapshotsCommandInput) =>
  s.ec2("home").send(new DescribeSnapshotsCommand({ OwnerIds: ["self"], ...input }));

/** Which of the run's snapshots pass filters. */
const passing = async (s: Session, ...filters: Filter[]) => {
  const { Snapshots } = await list(s, { Filters: [{ Name: `tag:${SMOKE_TAG}`, Values: [s.run] }, ...filters] });
  return { ids: (Snapshots ?? []).flatMap(({ SnapshotId }) => SnapshotId ?? []).toSorted((a, b) => order(s, a, b)) };
};

/** Ids are made up anew each time, so that their own order means nothing. */
const NAMES = ["snapshot", "second-snapshot", "page-1", "page-2", "page-3", "page-4"];
const order = (s: Session, a: string, b: string): number => place(s, a) - place(s, b);
const place = (s: Session, id: string): number => NAMES.findIndex((name) => s.id(name) === id);

const filter = (
  name: string,
  behaviour: string,
  filters: (s: Session) => Filter[],
  source: string = PAGES.describeSnapshots,
): Probe => ({ name, behaviour, source, ask: (s) => passing(s, ...filters(s)) });

const refused = (name: string, behaviour: string, input: (s: Session) => DescribeSnapshotsCommandInput): Probe => ({
  name,
  behaviour,
  source: PAGES.errors,
  ask: async (s) => {
    const { Snapshots, NextToken } = await list(s, input(s));
    return { count: Snapshots?.length, isLast: NextToken === undefined };
  },
});

const ALL = (s: Session) => [{ Name: `tag:${SMOKE_TAG}`, Values: [s.run] }];

/** Finding snapshots again: filters, pages, tags. */
export const DESCRIBING: readonly Probe[] = [
  {
    name: "more-snapshots",
    behaviour: "Up to five snapshots of a volume may be in progress at once",
    source: 'EBS user guide, "Quotas for Amazon EBS"',
    ask: async (s) => {
      const names = NAMES.filter((name) => name.startsWith("page-"));
      for (const name of names) await createSnapshot(s, name, "second-volume", { Description: name });
      const states = await Promise.all(names.map((name) => ended(s, "home", name)));
      return states.map((snapshot) => snapshot?.State);
    },
  },
  filter("filter-by-tag", "tag:<key> takes a tag with one of the values", () => [
    { Name: "tag:App", Values: ["smoke", "other"] },
  ]),
  filter("filter-by-tag-key", "tag-key takes a tag with any value, also with none", () => [
    { Name: "tag-key", Values: ["Odd"] },
  ]),
  filter("filter-by-status", "status takes the state", () => [{ Name: "status", Values: ["completed"] }]),
  filter("filter-by-volume", "volume-id takes the volume that a snapshot was taken of", (s) => [
    { Name: "volume-id", Values: [s.id("second-volume")] },
  ]),
  filter(
    "filter-with-wildcard",
    "* and ? are wildcards in any filter",
    () => [{ Name: "description", Values: ["smoke t?o", "page*"] }],
    PAGES.filters,
  ),
  filter(
    "filter-with-escaped-wildcard",
    "A wildcard behind a backslash is itself",
    () => [{ Name: "description", Values: ["page\\*"] }],
    PAGES.filters,
  ),
  filter(
    "filter-case",
    "Values are compared with upper and lower case",
    () => [{ Name: "tag:App", Values: ["SMOKE"] }],
    PAGES.filters,
  ),
  filter(
    "filters-together",
    "Filters are joined by AND, the values of one by OR",
    (s) => [
      { Name: "volume-id", Values: [s.id("volume"), s.id("second-volume")] },
      { Name: "description", Values: ["smoke one"] },
    ],
    PAGES.filters,
  ),
  refused("unknown-filter", "A filter that the action does not have is InvalidParameterValue", () => ({
    Filters: [{ Name: "colour", Values: ["blue"] }],
  })),
  refused("filter-of-too-many-values", "More than 200 values of a filter are FilterLimitExceeded", () => ({
    Filters: [{ Name: "description", Values: Array.from({ length: 201 }, (_, i) => `d${i}`) }],
  })),
  refused("unknown-snapshot", "A snapshot that does not exist is InvalidSnapshot.NotFound", () => ({
    SnapshotIds: [NOTHING.snapshot],
  })),
  refused("one-unknown-snapshot-of-two", "One id that does not exist fails the whole call", (s) => ({
    SnapshotIds: [s.id("snapshot"), NOTHING.snapshot],
  })),
  refused("malformed-snapshot", "An id that no snapshot can have is refused as malformed", () => ({
    SnapshotIds: ["snap-nonsense"],
  })),
  refused("other-kind-of-id", "The id of a volume is no id of a snapshot", (s) => ({ SnapshotIds: [s.id("volume")] })),
  refused("page-too-small", "MaxResults below 5 is refused", (s) => ({ Filters: ALL(s), MaxResults: 4 })),
  refused("page-with-ids", "MaxResults beside ids is InvalidParameterCombination", (s) => ({
    SnapshotIds: [s.id("snapshot")],
    MaxResults: 5,
  })),
  refused("nonsense-token", "A token that AWS did not give is refused", (s) => ({
    Filters: ALL(s),
    MaxResults: 5,
    NextToken: "nonsense",
  })),
  {
    name: "pages",
    behaviour: "NextToken leads through all pages, each row once; without MaxResults there is one page",
    source: PAGES.describeSnapshots,
    ask: async (s) => {
      const seen: string[] = [];
      let token: string | undefined;
      do {
        const page = await list(s, {
          Filters: ALL(s),
          MaxResults: 5,
          ...(token === undefined ? {} : { NextToken: token }),
        });
        seen.push(...(page.Snapshots ?? []).flatMap(({ SnapshotId }) => SnapshotId ?? []));
        token = page.NextToken;
      } while (token !== undefined);
      const whole = await list(s, { Filters: ALL(s) });
      return {
        seen: seen.length,
        different: new Set(seen).size,
        whole: whole.Snapshots?.length,
        more: whole.NextToken,
      };
    },
  },
  {
    name: "change-tags",
    behaviour: "CreateTags adds and overwrites; DeleteTags with a value deletes only where it is equal",
    source: "EC2 API reference, CreateTags and DeleteTags",
    ask: async (s) => {
      const Resources = [s.id("snapshot")];
      await s.ec2("home").send(new CreateTagsCommand({ Resources, Tags: [tag("App", "changed"), tag("New", "1")] }));
      await s.ec2("home").send(new DeleteTagsCommand({ Resources, Tags: [tag("New", "2"), { Key: "Odd" }] }));
      const { Tags } = await s
        .ec2("home")
        .send(new DescribeTagsCommand({ Filters: [{ Name: "resource-id", Values: Resources }] }));
      return { Tags };
    },
  },
  {
    name: "tags-of-unknown-snapshot",
    behaviour: "Tags for a snapshot that does not exist are InvalidSnapshot.NotFound",
    source: PAGES.errors,
    ask: (s) => s.ec2("home").send(new CreateTagsCommand({ Resources: [NOTHING.snapshot], Tags: [tag("k", "v")] })),
  },
];
