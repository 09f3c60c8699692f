import {
  CopySnapshotCommand,
  CreateSnapshotCommand,
  CreateSnapshotsCommand,
  CreateTagsCommand,
  DeleteSnapshotCommand,
  DescribeLockedSnapshotsCommand,
  type EC2Client,
  LockSnapshotCommand,
  paginateDescribeSnapshots,
  type Snapshot,
} from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { given } from "../sandbox/ec2/harness.js";
import { EAST, inMemory, inSandbox, type Place } from "./places.js";
import { ec2Tags, plainTags } from "./shown.js";

/** No instance, volume or snapshot has it. */
const NOBODY = "0123456789abcdef0";

/** The code that a call is refused with. */
const refusal = (call: Promise<unknown>): Promise<string> =>
  call.then(
    () => "carried out",
    (error: unknown) => (error instanceof Error ? error.name : String(error)),
  );

const setOf = ({ instance, east }: Place, more: object = {}, excluded: object = {}) =>
  east.send(new CreateSnapshotsCommand({ InstanceSpecification: { InstanceId: instance, ...excluded }, ...more }));
const make = async ({ east, data }: Place): Promise<string> =>
  given((await east.send(new CreateSnapshotCommand({ VolumeId: data }))).SnapshotId);
const made = async (place: Place): Promise<string> => {
  const id = await make(place);
  place.complete();
  return id;
};
const copy = ({ west }: Place, SourceSnapshotId: string) =>
  west.send(new CopySnapshotCommand({ SourceRegion: EAST, SourceSnapshotId }));
const remove = ({ east }: Place, SnapshotId: string) => east.send(new DeleteSnapshotCommand({ SnapshotId }));
const lock = ({ east }: Place, SnapshotId: string) =>
  east.send(new LockSnapshotCommand({ SnapshotId, LockMode: "governance", LockDuration: 1 }));
const tag = ({ east }: Place, id: string, tags: Record<string, string>) =>
  east.send(new CreateTagsCommand({ Resources: [id], Tags: ec2Tags(tags) }));

async function list(client: EC2Client, Name?: string, ...Values: string[]): Promise<Snapshot[]> {
  const input = { OwnerIds: ["self"], MaxResults: 5, ...(Name !== undefined && { Filters: [{ Name, Values }] }) };
  const all: Snapshot[] = [];
  for await (const { Snapshots = [] } of paginateDescribeSnapshots({ client }, input)) all.push(...Snapshots);
  return all;
}

const nobody = `snap-${NOBODY}`;

/** What is asked of EC2, and what comes of it. */
const CASES: Readonly<Record<string, readonly [unknown, (place: Place) => Promise<unknown>]>> = {
  "an instance that is not there": [
    "InvalidInstanceID.NotFound",
    (place) => refusal(setOf({ ...place, instance: `i-${NOBODY}` })),
  ],
  "a volume that is not there": [
    "InvalidVolume.NotFound",
    (place) => refusal(make({ ...place, data: `vol-${NOBODY}` })),
  ],
  "a snapshot that is not there, deleted": ["InvalidSnapshot.NotFound", (place) => refusal(remove(place, nobody))],
  "a snapshot that is not there, locked": ["InvalidSnapshot.NotFound", (place) => refusal(lock(place, nobody))],
  "a snapshot that is not there, tagged": [
    "InvalidSnapshot.NotFound",
    (place) => refusal(tag(place, nobody, { a: "b" })),
  ],
  "a set of all volumes": [
    [true, true],
    async (place) => {
      const { Snapshots = [] } = await setOf(place);
      return [place.root, place.data].map((id) => Snapshots.some(({ VolumeId }) => VolumeId === id));
    },
  ],
  "a set without the boot volume, with the volume's tags under those of the call": [
    [{ App: "db", Name: "mine" }],
    async (place) => {
      const TagSpecifications = [{ ResourceType: "snapshot", Tags: [{ Key: "Name", Value: "mine" }] }];
      await setOf(place, { CopyTagsFromSource: "volume", TagSpecifications }, { ExcludeBootVolume: true });
      return (await list(place.east)).map(({ Tags }) => plainTags(Tags));
    },
  ],
  "a set without a data volume": [
    [true],
    async (place) => {
      const { Snapshots = [] } = await setOf(place, {}, { ExcludeDataVolumeIds: [place.data] });
      return Snapshots.map(({ VolumeId }) => VolumeId === place.root);
    },
  ],
  "a sixth snapshot of a volume while five are pending": [
    "ConcurrentSnapshotLimitExceeded",
    async (place) => {
      for (let i = 0; i < 5; i++) await make(place);
      return refusal(make(place));
    },
  ],
  "a copy of what is pending": ["IncorrectState", async (place) => refusal(copy(place, await make(place)))],
  "a copy beside twenty others": [
    "ResourceLimitExceeded",
    async (place) => {
      const source = await made(place);
      for (let i = 0; i < 20; i++) await copy(place, source);
      return refusal(copy(place, source));
    },
  ],
  "a copy, listed": [
    [["pending", "standard", false]],
    async (place) => {
      await copy(place, await made(place));
      const copies = await list(place.west);
      return copies.map(({ State, TransferType, VolumeId }) => [State, TransferType, VolumeId === place.data]);
    },
  ],
  "what is locked, deleted": [
    "SnapshotLocked",
    async (place) => {
      const id = await made(place);
      await lock(place, id);
      return refusal(remove(place, id));
    },
  ],
  "what was locked while it was pending, deleted": [
    ["SnapshotLocked", ["governance"]],
    async (place) => {
      const id = await make(place);
      await lock(place, id);
      place.complete();
      const { Snapshots = [] } = await place.east.send(new DescribeLockedSnapshotsCommand({}));
      return [await refusal(remove(place, id)), Snapshots.map(({ LockState }) => LockState)];
    },
  ],
  "what has failed, locked": [
    "IncorrectState",
    async (place) => {
      const id = await make(place);
      place.fail(id);
      return refusal(lock(place, id));
    },
  ],
  "what an AMI uses, deleted": [
    "InvalidSnapshot.InUse",
    async (place) => {
      const id = await made(place);
      await place.image(id);
      return refusal(remove(place, id));
    },
  ],
  "lists, over pages and by filters": [
    [7, 1, 1, 7],
    async (place) => {
      for (let i = 0; i < 7; i++) await made(place);
      const [first] = await list(place.east);
      const id = given(first?.SnapshotId);
      await tag(place, id, { mine: "yes" });
      await remove(place, given((await list(place.east)).at(-1)?.SnapshotId));
      await make(place);
      const found = await Promise.all([
        list(place.east),
        list(place.east, "tag:mine", "yes", "no"),
        list(place.east, "status", "pending"),
        list(place.east, "volume-id", place.data),
      ]);
      return found.map(({ length }) => length);
    },
  ],
};

/** Each knows EC2 by itself; what both are asked, both must answer alike. */
describe("EC2 in memory and the sandbox's agree on", () => {
  for (const [what, [answer, ask]] of Object.entries(CASES)) {
    for (const [where, begin] of Object.entries({ memory: inMemory, sandbox: inSandbox })) {
      it(`${what}: ${where}`, async () => {
        const place = await begin();
        try {
          expect(await ask(place)).to.deep.equal(answer);
        } finally {
          await place.stop();
        }
      });
    }
  }
});
