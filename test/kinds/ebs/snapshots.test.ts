import { expect } from "chai";
import type { Copy, Create } from "../../../core/model/model.js";
import { pointTags } from "../../../core/model/point-tags.js";
import { pointId } from "../../../core/names/identity.js";
import { TAG } from "../../../core/names/tags.js";
import { copiedTags } from "../../../kinds/ebs/copy-tags.js";
import { pointsFromSnapshots, type SnapshotRecord } from "../../../kinds/ebs/snapshots.js";
import { DR, HOME, instance, NOW, SLOT } from "../../core/worlds.js";

const owner = { deployment: "prod", tags: { Team: "data" } };
const id = pointId({ policy: "hourly", home: HOME, resource: "i-1", scheduled: SLOT });
const create: Create = {
  do: "create",
  region: HOME,
  policy: "hourly",
  resource: "i-1",
  point: id,
  reason: "due",
  kind: "instance",
  name: "i-1",
  scheduled: SLOT,
  members: instance("i-1", ["vol-1", "vol-2"]).members,
};
const record = (over: Partial<SnapshotRecord> = {}): SnapshotRecord => ({
  snapshotId: "snap-1",
  volumeId: "vol-1",
  state: "completed",
  startTime: NOW,
  progress: 100,
  sizeGiB: 8,
  tags: pointTags(owner, create),
  ...over,
});
const home = { deployment: "prod", region: HOME };
const dr = { deployment: "prod", region: DR };

const copyOf = (source: SnapshotRecord): Copy => {
  const [point] = pointsFromSnapshots([source], home).points;
  const [part] = point?.artifacts ?? [];
  if (point === undefined || part === undefined) throw new Error("the source was not read");
  const { policy, resource, kind, scheduled, size, level } = point;
  const where = { region: DR, from: HOME, home: HOME };
  return {
    do: "copy",
    ...where,
    policy,
    resource,
    point: point.id,
    reason: "",
    kind,
    scheduled,
    size,
    level,
    artifact: part,
  };
};

describe("snapshots and their tags", () => {
  it("tags every snapshot of a point with all of its identity", () => {
    expect(pointTags(owner, create)).to.deep.equal({
      Team: "data",
      "lockstep:deployment": "prod",
      "lockstep:policy": "hourly",
      "lockstep:resource": "i-1",
      "lockstep:kind": "instance",
      "lockstep:home": HOME,
      "lockstep:point": id,
      "lockstep:scheduled": "2026-11-21T07:00:00.000Z",
      "lockstep:size": "2",
      "lockstep:level": "crash",
    });
  });

  it("lets no tag of the user stand for one of ours", () => {
    const sly = { deployment: "prod", tags: { [TAG.deployment]: "other", [TAG.point]: "mine" } };
    expect(pointTags(sly, create)).to.include({ [TAG.deployment]: "prod", [TAG.point]: id });
  });

  it("reads back what it tagged: a set is one point", () => {
    const records = [record(), record({ snapshotId: "snap-2", volumeId: "vol-2", state: "pending", progress: 3 })];
    const { points, strays } = pointsFromSnapshots(records, home);
    expect(strays).to.deep.equal([]);
    expect(points).to.deep.equal([
      {
        id,
        policy: "hourly",
        resource: "i-1",
        kind: "instance",
        home: HOME,
        region: HOME,
        scheduled: SLOT,
        size: 2,
        level: "crash",
        artifacts: [
          {
            id: "snap-1",
            member: "vol-1",
            detail: { device: "" },
            state: "completed",
            startedAt: NOW,
            progress: 100,
            sizeGiB: 8,
            holds: [],
          },
          {
            id: "snap-2",
            member: "vol-2",
            detail: { device: "" },
            state: "pending",
            startedAt: NOW,
            progress: 3,
            sizeGiB: 8,
            holds: [],
          },
        ],
      },
    ]);
  });

  it("carries volume, device, source and the age of the data over to a copy, whose volume id is arbitrary", () => {
    const source = record({ tags: { ...pointTags(owner, create), [TAG.device]: "/dev/sda" } });
    const copy = record({
      snapshotId: "snap-9",
      volumeId: "vol-ffffffff",
      startTime: NOW + 1000,
      transferType: "standard",
      tags: copiedTags(owner, copyOf(source)),
    });
    const { points } = pointsFromSnapshots([copy], dr);
    expect(points[0]).to.include({ id, home: HOME, region: DR, scheduled: SLOT, size: 2 });
    expect(points[0]?.artifacts[0]).to.deep.include({
      id: "snap-9",
      member: "vol-1",
      detail: { device: "/dev/sda" },
      source: "snap-1",
      startedAt: NOW + 1000,
      takenAt: NOW,
    });
  });

  it("keeps the age of the data over a second copy", () => {
    const first = copyOf(record());
    const second = { ...first, artifact: { ...first.artifact, takenAt: 1000, startedAt: NOW } };
    expect(copiedTags(owner, second)[TAG.taken]).to.equal("1970-01-01T00:00:01.000Z");
  });

  it("says why EBS failed one, and what holds one", () => {
    const held = { ...pointTags(owner, create), KeepForever: "" };
    const { points } = pointsFromSnapshots([record({ state: "error", stateMessage: "key gone", tags: held })], home);
    expect(points[0]?.artifacts[0]).to.deep.include({ state: "error", cause: "key gone", holds: ["KeepForever"] });
    const [silent] = pointsFromSnapshots([record({ state: "error" })], home).points;
    expect(silent?.artifacts[0]?.cause).to.equal("EBS gave no cause");
  });

  it("does not see snapshots of nobody or of other deployments", () => {
    const others = [record({ tags: {} }), record({ tags: pointTags({ deployment: "test", tags: {} }, create) })];
    expect(pointsFromSnapshots(others, home)).to.deep.equal({ points: [], strays: [] });
  });

  const tags = pointTags(owner, create);
  const { [TAG.policy]: _, ...unnamed } = tags;
  const broken: Record<string, [Partial<SnapshotRecord>, string]> = {
    "without a tag": [{ tags: unnamed }, "without lockstep:policy"],
    "with an empty tag": [{ tags: { ...tags, [TAG.home]: "" } }, "without lockstep:home"],
    "of an unknown kind": [{ tags: { ...tags, [TAG.kind]: "database" } }, "database"],
    "of an unknown level": [{ tags: { ...tags, [TAG.level]: "best" } }, "best"],
    "with a time that is none": [{ tags: { ...tags, [TAG.scheduled]: "yesterday" } }, "yesterday"],
    "with a time of another form": [{ tags: { ...tags, [TAG.scheduled]: "2026-11-21" } }, "2026-11-21"],
    "with a size that is none": [{ tags: { ...tags, [TAG.size]: "0" } }, "number of snapshots"],
    "whose identity is another's": [{ tags: { ...tags, [TAG.resource]: "i-2" } }, "but its other tags say"],
    "in a state we do not know": [{ state: "recoverable" }, "recoverable"],
    "copied within the region by somebody": [{ transferType: "standard" }, "none of ours"],
  };
  for (const [title, [over, problem]] of Object.entries(broken)) {
    it(`reports one ${title} and makes no point of it`, () => {
      const { points, strays } = pointsFromSnapshots([record(over)], home);
      expect(points).to.deep.equal([]);
      expect(strays).to.have.length(1);
      expect(strays[0]?.problem).to.contain(problem);
    });
  }

  it("reports a copy that does not say of what", () => {
    expect(pointsFromSnapshots([record()], dr).strays[0]?.problem).to.contain("a copy without");
    const timeless = { ...copiedTags(owner, copyOf(record())), [TAG.taken]: "now" };
    expect(pointsFromSnapshots([record({ tags: timeless })], dr).strays[0]?.problem).to.contain("lockstep:taken");
  });

  it("believes the tags that promise less where those of one set differ", () => {
    const better = { ...tags, [TAG.size]: "1", [TAG.level]: "application" };
    const { points } = pointsFromSnapshots([record({ tags: better }), record({ snapshotId: "snap-2" })], home);
    expect(points[0]).to.include({ size: 2, level: "crash" });
  });
});
