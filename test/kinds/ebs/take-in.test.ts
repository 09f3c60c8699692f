import { expect } from "chai";
import fc from "fast-check";
import { formatRecorded } from "../../../core/config/recorded.js";
import type { Policy, Resource } from "../../../core/model/model.js";
import { TAG_NAMES } from "../../../core/names/tags.js";
import { pointsFromSnapshots, type SnapshotRecord } from "../../../kinds/ebs/snapshots.js";
import { FRESH_MS, type TakingIn, takeIn, watchedVolumes } from "../../../kinds/ebs/take-in.js";
import {
  DAY,
  DR,
  HOME,
  HOUR,
  MINUTE,
  NOW,
  only,
  plan,
  policy as samplePolicy,
  snapshotRecord,
  world,
} from "../../core/worlds.js";
import { ebs } from "../../support/ebs.js";

const DEPLOYMENT = "acme";
const [A, B] = ["vol-0a", "vol-0b"];

/** As the config of a policy without a schedule gives it. */
const any = (over: Partial<Policy> = {}): Policy => {
  const { schedule: _, ...rest } = samplePolicy({ name: "theirs", kinds: ["volume"], ...ebs({ source: "any" }) });
  return { ...rest, select: { key: "Backup" }, retain: { count: 2 }, ...over };
};

const volume = (id: string, tags: Record<string, string> = { Backup: "yes" }): Resource => {
  const disk = { id, detail: { device: "/dev/sdf", boot: false }, sizeGiB: 8, createdAt: NOW - 365 * DAY, tags };
  return { id, kind: "volume", region: HOME, name: id, tags, members: [disk] };
};

const snapshot = (n: number, over: Partial<SnapshotRecord> = {}): SnapshotRecord =>
  snapshotRecord(n, 4, { volumeId: A, startTime: NOW - n * MINUTE, ...over });

interface Given {
  readonly policies?: readonly Policy[];
  readonly resources?: readonly Resource[];
  readonly now?: number;
}

const settingsOf = ({ policies = [any()] }: Given) => ({
  deployment: DEPLOYMENT,
  region: HOME,
  tagNames: TAG_NAMES,
  policies,
});

function take(snapshots: readonly SnapshotRecord[], given: Given = {}): TakingIn {
  const settings = settingsOf(given);
  const watched = watchedVolumes(settings, given.resources ?? [volume(A), volume(B)]);
  return takeIn({ settings, watched, snapshots, now: given.now ?? NOW });
}

const idsOf = ({ taken }: TakingIn): string[] => taken.map((one) => one.artifact);
const whyOf = ({ left }: TakingIn): string => left.map((one) => one.why).join("; ");

/** The snapshots with the tags that the step writes. */
function tagged(snapshots: readonly SnapshotRecord[], given: Given = {}): SnapshotRecord[] {
  const tags = new Map(take(snapshots, given).taken.map((one) => [one.artifact, one.tags]));
  return snapshots.map((one) => ({ ...one, tags: { ...one.tags, ...tags.get(one.snapshotId) } }));
}

/** What the planner does with what is tagged. */
function planned(snapshots: readonly SnapshotRecord[], given: Given = {}) {
  const { points } = pointsFromSnapshots(snapshots, { deployment: DEPLOYMENT, region: HOME });
  const { policies = [any()], resources = [volume(A), volume(B)] } = given;
  return plan(world({ policies, resources, points, now: given.now ?? NOW }));
}

describe("taking in snapshots of others", () => {
  it("C-F17 C-F8: makes each a point of its volume, whoever made it, with the policy's rule", () => {
    const { taken } = take([snapshot(3), snapshot(1, { tags: { Name: "by hand" } })]);
    expect(taken.map((one) => [one.artifact, one.member])).to.deep.equal([
      ["snap-0003", A],
      ["snap-0001", A],
    ]);
    const { points } = pointsFromSnapshots(tagged([snapshot(3)]), { deployment: DEPLOYMENT, region: HOME });
    expect(points).to.have.length(1);
    const recorded = formatRecorded({ retain: { count: 2 }, copies: [DR] });
    expect(points[0]).to.include({
      policy: "theirs",
      resource: A,
      kind: "volume",
      scheduled: NOW - 3 * MINUTE,
      recorded,
    });
  });

  it("C-F1 C-F9: of volumes that the policy selects, as it selects them, and of no others", () => {
    const all = [snapshot(1), snapshot(2, { volumeId: B }), snapshot(3, { volumeId: "vol-0c" })];
    expect(idsOf(take(all, { resources: [volume(A), volume(B, { Other: "x" })] }))).to.deep.equal(["snap-0001"]);
    const everything = any({ select: { everything: true } });
    expect(idsOf(take(all, { policies: [everything] }))).to.deep.equal(["snap-0002", "snap-0001"]);
    const boot = any(ebs({ source: "any", exclude: { devices: ["/dev/sdf"] } }));
    expect(idsOf(take(all, { policies: [boot] }))).to.deep.equal([]);
    expect(idsOf(take(all, { resources: [volume(A, { Backup: "no" })] }))).to.deep.equal([]);
    const own = samplePolicy({ kinds: ["volume"], select: { key: "Backup" } });
    expect(idsOf(take(all, { policies: [own] })), "a policy of its own points").to.deep.equal([]);
  });

  it("C-F3 C-F10 C-F12: they are counted for each volume, and the oldest go", () => {
    const all = [1, 2, 3, 4].flatMap((n) => [snapshot(n), snapshot(n + 16, { volumeId: B })]);
    const actions = planned(
      tagged(all).map((one) => ({ ...one })),
      { policies: [any({ copy: [] })] },
    );
    const gone = only(actions, "delete").flatMap(({ artifacts: snapshots }) => snapshots);
    expect(gone).to.have.members(["snap-0003", "snap-0004", "snap-0013", "snap-0014"]);
    expect(only(actions, "pending-approval")).to.deep.equal([]);
    expect(only(actions, "create"), "others make the points").to.deep.equal([]);
  });

  it("C-F2 C-F11: they are copied, and none goes before its copy, or a newer one, is complete", () => {
    const actions = planned(tagged([1, 2, 3, 4].map((n) => snapshot(n))));
    expect(only(actions, "copy").map(({ region, artifact: part }) => [region, part.id])).to.deep.equal([
      [DR, "snap-0001"],
    ]);
    expect(only(actions, "delete")).to.deep.equal([]);
  });

  it("C-X1 F-S2: one that failed is never taken in; one that fails later counts for nothing and evicts nobody", () => {
    const policies = [any({ copy: [], retain: { count: 1 } })];
    const failed = snapshot(1, { state: "error" });
    const before = take([snapshot(5), failed], { policies });
    expect(idsOf(before)).to.deep.equal(["snap-0005"]);
    expect(whyOf(before)).to.contain('it is "error"');
    const pending = tagged([snapshot(5), snapshot(1, { state: "pending" })], { policies });
    expect(only(planned(pending, { policies }), "delete")).to.deep.equal([]);
    const later = pending.map((one) => (one.state === "pending" ? { ...one, state: "error" } : one));
    const actions = planned(later, { policies });
    expect(only(actions, "delete")).to.deep.equal([]);
    expect(only(actions, "alert").map(({ cause }) => cause)).to.include("point-failed");
  });

  it("C-X3 C-X5 F-S8: what was there before the volume came under the policy is nobody's business", () => {
    const old = [HOUR + MINUTE, DAY, 30 * DAY].map((age, n) => snapshot(n, { startTime: NOW - age }));
    const first = take([...old, snapshot(9)]);
    expect(idsOf(first)).to.deep.equal(["snap-0009"]);
    expect(whyOf(first)).to.contain("it was there before");
    const again = take(tagged([...old, snapshot(9)]));
    expect(idsOf(again), "nor is it with points there").to.deep.equal([]);
  });

  it("late is as good: what is newer than the newest point is taken in after any outage", () => {
    const first = tagged([snapshot(50), snapshot(40)]);
    const missed = [100, 200].map((n) => snapshot(n, { startTime: NOW + n * HOUR }));
    expect(idsOf(take([...first, ...missed], { now: NOW + 30 * DAY }))).to.deep.equal(["snap-0064", "snap-00c8"]);
  });

  it("one of the same moment as a point that is there is a point of its own", () => {
    const there = tagged([snapshot(1)]);
    const both = tagged([...there, { ...snapshot(16), startTime: snapshot(1).startTime }]);
    const points = new Set(both.map(({ tags }) => tags["lockstep:point"]));
    expect(points.size).to.equal(2);
    expect(points.has(undefined)).to.equal(false);
  });

  it("C-X4: a copy, or what does not tell its volume, is never taken in", () => {
    const all = [snapshot(1, { transferType: "standard" }), snapshot(2, { volumeId: "vol-ffffffff" })];
    expect(idsOf(take(all, { resources: [volume(A), volume("vol-ffffffff")] }))).to.deep.equal([]);
  });

  it("leaves alone what is another's point, or was untagged, or says that it is not wanted", () => {
    const tags = [
      { "lockstep:deployment": "umbrella" },
      { "lockstep:point": "lsp-1" },
      { Backup: "No" },
      { KeepForever: "" },
    ];
    const all = tags.map((one, n) => snapshot(n + 1, { tags: one }));
    expect(idsOf(take(all)), "a hold is counted, copied and kept").to.deep.equal(["snap-0004"]);
    const actions = planned(tagged([...all, snapshot(0)]), { policies: [any({ copy: [], retain: { count: 1 } })] });
    expect(only(actions, "delete")).to.deep.equal([]);
    expect(only(actions, "keep").map(({ reason }) => reason)).to.include("hold KeepForever");
  });

  it("C-X5: those of AWS Backup and DLM are counted and copied, and never pruned", () => {
    const tags = [{ "aws:backup:source-resource": "x" }, { "dlm:managed": "true" }];
    const all = [0, 1, 2, 3, 4, 5].map((n) => snapshot(n, { tags: tags[n % 2] ?? {} }));
    const policies = [any({ retain: { count: 1 } })];
    const actions = planned(tagged(all, { policies }), { policies });
    expect(idsOf(take(all))).to.have.length(6);
    expect(only(actions, "delete")).to.deep.equal([]);
    expect(only(actions, "copy")).to.have.length(1);
  });

  it("says what cannot be taken in though it should be", () => {
    const tags = Object.fromEntries(Array.from({ length: 45 }, (_, n) => [`k${n}`, ""]));
    const { taken, refused } = take([snapshot(1, { tags }), snapshot(2)]);
    expect(taken.map((one) => one.artifact)).to.deep.equal(["snap-0002"]);
    expect(refused.map((one) => one.artifact)).to.deep.equal(["snap-0001"]);
    expect(refused[0]?.why).to.contain("no room");
  });

  it("gives each to the first policy that selects its volume, with what the volume's own tags say", () => {
    const policies = [any({ name: "first", select: { key: "Backup", value: "yes" } }), any({ name: "second" })];
    const resources = [volume(A), volume(B, { Backup: "other", Retention: "30" })];
    const { taken } = take([snapshot(1), snapshot(2, { volumeId: B })], {
      policies,
      resources,
    });
    expect(taken.map(({ tags }) => tags["lockstep:policy"])).to.deep.equal(["second", "first"]);
    expect(taken.map(({ tags }) => tags["lockstep:retain"])).to.deep.equal([
      `age=30d copies=${DR} by=retain`,
      `count=2 copies=${DR}`,
    ]);
  });

  const record = fc.record({
    n: fc.nat({ max: 60 }),
    state: fc.constantFrom("completed", "completed", "pending", "error", "recovering"),
    volumeId: fc.constantFrom(A, B, "vol-0c", ""),
    minute: fc.nat({ max: 120 }),
    tags: fc.constantFrom({}, {}, { Name: "x" }, { Backup: "no" }, { "lockstep:deployment": "umbrella" }),
    copied: fc.boolean(),
  });
  const drawn = fc.uniqueArray(record, { selector: ({ n }) => n, maxLength: 30 }).map((all) =>
    all.map(({ n, minute, copied, ...more }) => ({
      ...snapshot(n, { ...more, startTime: NOW - minute * MINUTE }),
      ...(copied && minute % 3 === 0 ? { transferType: "standard" } : {}),
    })),
  );

  it("whatever there is: each is taken in once, as one point, and a second look changes nothing", () => {
    fc.assert(
      fc.property(drawn, (all) => {
        const first = tagged(all);
        const { points, strays } = pointsFromSnapshots(first, { deployment: DEPLOYMENT, region: HOME });
        expect(strays).to.deep.equal([]);
        expect(points).to.have.length(take(all).taken.length);
        for (const { artifacts: parts } of points) expect(parts).to.have.length(1);
        expect(take(first).taken).to.deep.equal([]);
        // In whatever order AWS lists them.
        expect(tagged(all.toReversed()).toReversed()).to.deep.equal(first);
      }),
    );
  });

  it("whatever there is: C-X1, failed ones change no decision about others", () => {
    fc.assert(
      fc.property(drawn, fc.integer({ min: 1, max: 3 }), (all, count) => {
        const policies = [any({ copy: [], retain: { count } })];
        const gone = (some: readonly SnapshotRecord[]) =>
          only(planned(tagged(some, { policies }), { policies }), "delete").flatMap(
            ({ artifacts: snapshots }) => snapshots,
          );
        const good = all.filter(({ state }) => state !== "error");
        expect(gone(all)).to.deep.equal(gone(good));
        const fresh = good.filter(({ startTime, state }) => NOW - startTime <= FRESH_MS && state === "completed");
        for (const id of gone(all)) expect(fresh.map((one) => one.snapshotId)).to.include(id);
        const later = tagged(all, { policies }).map((one) =>
          one.state === "pending" ? { ...one, state: "error" } : one,
        );
        const failed = new Set(later.filter(({ state }) => state === "error").map((one) => one.snapshotId));
        const then = only(planned(later, { policies }), "delete").flatMap(({ artifacts: snapshots }) => snapshots);
        expect(then.filter((id) => !failed.has(id))).to.deep.equal(gone(all));
      }),
    );
  });
});
