import { expect } from "chai";
import type { Point } from "../../../core/model/model.js";
import { DR, HOME, HOUR, instance, MINUTE, NOW, only, plan, point, policy, SLOT, withParts, world } from "../worlds.js";

const copies = (input: Parameters<typeof world>[0]) => only(plan(world(input)), "copy");
const T = (hours: number): number => SLOT - hours * HOUR;
const two = { "vol-1": "completed", "vol-2": "completed" } as const;

describe("planner: copies", () => {
  it("copies the newest completed point, part by part, with what the copy must carry", () => {
    const source = point({ at: SLOT, parts: two });
    const found = copies({ points: [source, point({ at: T(1), parts: two })] });
    expect(found.map((c) => c.artifact.id)).to.deep.equal(source.artifacts.map((part) => part.id));
    expect(found[0]).to.deep.include({
      region: DR,
      from: HOME,
      home: HOME,
      point: source.id,
      scheduled: SLOT,
      size: 2,
      level: "crash",
      reason: "not in us-west-2 yet",
      artifact: source.artifacts[0],
    });
  });

  it("copies no point that is not whole", () => {
    const bad = [
      point({ at: SLOT, parts: { "vol-1": "completed", "vol-2": "pending" } }),
      point({ at: T(1), parts: { "vol-1": "completed", "vol-2": "error" } }),
      point({ at: T(2), parts: { "vol-1": "completed" }, size: 2 }),
    ];
    expect(copies({ points: bad })).to.deep.equal([]);
  });

  it("copies nothing that is there, on its way, or superseded there", () => {
    const source = point({ at: T(1) });
    for (const state of ["completed", "pending"] as const) {
      expect(copies({ points: [source, point({ at: T(1), region: DR, parts: { "vol-1": state } })] })).to.deep.equal(
        [],
      );
    }
    expect(copies({ points: [source, point({ at: SLOT, region: DR })] })).to.deep.equal([]);
  });

  it("keeps one copy of a volume in flight, under whichever policy", () => {
    const flying = point({ at: T(1), region: DR, parts: { "vol-1": "pending" } });
    expect(copies({ points: [point({ at: SLOT }), point({ at: T(1) }), flying] })).to.deep.equal([]);
    const policies = [policy(), policy({ name: "daily" })];
    const both = [point({ at: SLOT }), point({ at: SLOT, policy: "daily" })];
    expect(copies({ policies, points: both })).to.have.length(1);
    const other = point({ at: T(1), policy: "daily", region: DR, parts: { "vol-1": "pending" } });
    expect(copies({ policies, points: [point({ at: SLOT }), other] })).to.deep.equal([]);
  });

  it("finishes a set that was begun before it starts a newer one, unless it failed", () => {
    const points = [point({ at: SLOT, parts: two }), point({ at: T(1), parts: two })];
    const begun = point({ at: T(1), region: DR, parts: { "vol-1": "completed" }, size: 2 });
    expect(copies({ points: [...points, begun] }).map((c) => [c.scheduled, c.artifact.member])).to.deep.equal([
      [T(1), "vol-2"],
    ]);
    const failed = point({ at: T(1), region: DR, parts: { "vol-1": "completed", "vol-2": "error" } });
    expect(copies({ points: [...points, failed] }).map((c) => c.scheduled)).to.deep.equal([SLOT, SLOT]);
  });

  it("does not wait for ever for a set that was begun and whose rest never comes", () => {
    const points = [point({ at: SLOT, parts: two }), point({ at: T(30), parts: two })];
    const begun = (state: "completed" | "pending") =>
      point({ at: T(30), region: DR, parts: { "vol-1": state }, size: 2 });
    expect(copies({ points: [...points, begun("completed")] }).map((c) => c.scheduled)).to.deep.equal([SLOT, SLOT]);
    expect(
      copies({ points: [...points, begun("pending")] }).map((c) => [c.scheduled, c.artifact.member]),
    ).to.deep.equal([[T(30), "vol-2"]]);
  });

  describe("of a point that was made twice", () => {
    const EU = "eu-west-1";
    const made = point({ at: SLOT, parts: two });
    const twin = made.artifacts.map((part) => ({
      ...part,
      id: `${part.id}-b`,
      startedAt: part.startedAt + 5000,
    }));
    const doubled = { ...made, artifacts: [...made.artifacts, ...twin] };
    const policies = [policy({ copy: [DR, EU].map((region) => ({ region, retain: { count: 3 } })) })];
    /** The copy of one volume of the second set. */
    const begun = (region: string) => {
      const copy = point({ at: SLOT, region, parts: { "vol-1": "completed" }, size: 2 });
      return {
        ...copy,
        artifacts: copy.artifacts.map((p) => ({ ...p, source: `${p.source}-b`, takenAt: SLOT + 65_000 })),
      };
    };
    const sources = (points: readonly Point[]) =>
      copies({ policies, points }).map((c) => `${c.region} ${c.artifact.id}`);

    it("finishes in each region the set that was begun there, and begins the first one elsewhere", () => {
      expect(sources([doubled, begun(DR)])).to.deep.equal([
        ...made.artifacts.map((p) => `${EU} ${p.id}`),
        `${DR} ${twin[1]?.id}`,
      ]);
    });

    it("keeps the set whose copy was begun until that is whole, even while its next try waits", () => {
      const [, source] = twin;
      const tried = { member: "vol-2", id: "snap-tried", state: "error", startedAt: NOW } as const;
      const failed = withParts(begun(DR), { ...tried, source: source?.id ?? "", takenAt: SLOT + 65_000 });
      const only2 = [policy()];
      expect(copies({ policies: only2, points: [doubled, failed] })).to.deep.equal([]);
      const deletes = only(plan(world({ policies: only2, points: [doubled, failed] })), "delete");
      expect(deletes.filter(({ region }) => region === HOME)).to.deep.equal([]);
    });

    it("begins anew when the set that was begun is no longer whole, and does not count what was copied of it", () => {
      const half = { ...made, artifacts: [...made.artifacts, ...twin.slice(0, 1)] };
      expect(sources([half, begun(DR)]).filter((source) => source.startsWith(DR))).to.deep.equal(
        made.artifacts.map((p) => `${DR} ${p.id}`),
      );
    });

    it("never takes copies of two sets for a whole one", () => {
      const other = point({ at: SLOT, region: DR, parts: two });
      const later = begun(DR).artifacts.map((p) => ({ ...p, takenAt: SLOT + 20 * MINUTE }));
      const mixed = { ...other, artifacts: [...later, ...other.artifacts.slice(1)] };
      expect(sources([made, mixed])).to.include(`${DR} ${made.artifacts[0]?.id}`);
    });
  });

  it("tries a failed copy again, with growing pauses, and never twice at once", () => {
    const source = point({ at: T(1) });
    const failed = point({ at: T(1), region: DR, parts: { "vol-1": "error" } });
    const [again] = copies({ points: [source, failed] });
    expect(again?.reason).to.equal("try 2: no such key");
    const twice = withParts(failed, { id: "snap-b", startedAt: NOW - MINUTE + 1 });
    expect(copies({ points: [source, twice] })).to.deep.equal([]);
    expect(copies({ points: [source, twice], now: NOW + 1 })).to.have.length(1);
    // However AWS lists them.
    const listed = { ...twice, artifacts: twice.artifacts.map((one) => ({ ...one, cause: one.id })).toReversed() };
    expect(copies({ points: [source, listed], now: NOW + 1 })[0]).to.include({
      reason: "try 3: snap-b",
      after: "snap-b",
    });
    const retried = withParts(failed, { id: "snap-b", state: "pending" });
    expect(copies({ points: [source, retried] })).to.deep.equal([]);
    const done = withParts(failed, { id: "snap-b", state: "completed" });
    expect(copies({ points: [source, done] })).to.deep.equal([]);
  });

  it("waits where either region is unknown", () => {
    const points = [point({ at: SLOT })];
    expect(copies({ points, unknown: { [DR]: "timed out" } })).to.deep.equal([]);
    expect(copies({ points, unknown: { [HOME]: "timed out" } })).to.deep.equal([]);
  });

  it("copies to every region of the policy, and never to the home region", () => {
    const copy = ["us-west-2", "eu-west-1", HOME].map((region) => ({ region, retain: { count: 1 } }));
    const found = copies({ policies: [policy({ copy })], points: [point({ at: SLOT })] });
    expect(found.map((c) => c.region)).to.deep.equal(["eu-west-1", "us-west-2"]);
  });

  it("goes on copying what is left of a resource that is gone, but not of a policy that is", () => {
    expect(copies({ points: [point({ at: SLOT, resource: "i-gone" })] })).to.have.length(1);
    expect(copies({ points: [point({ at: SLOT, policy: "gone" })] })).to.deep.equal([]);
  });

  it("gives the slots that are free, first to what was never copied, then to the oldest copy, then by id", () => {
    const points = ["i-1", "i-2", "i-3", "i-4"].map((resource, i) =>
      point({ at: SLOT, resource, parts: { [`vol-${i + 1}`]: "completed" } }),
    );
    const copied = (resource: string, volume: string, at: number) =>
      point({ at, resource, region: DR, parts: { [volume]: "completed" } });
    const there = [copied("i-1", "vol-1", T(1)), copied("i-2", "vol-2", T(3)), copied("i-3", "vol-3", T(3))];
    const order = (limits?: { copySlots: number; copyReserve: number }, inFlight = 0) =>
      copies({ points: [...points, ...there], inFlight, ...(limits ? { limits } : {}) }).map((c) => c.resource);
    expect(order()).to.deep.equal(["i-4", "i-2", "i-3", "i-1"]);
    expect(order({ copySlots: 5, copyReserve: 2 })).to.deep.equal(["i-4", "i-2", "i-3"]);
    expect(order({ copySlots: 5, copyReserve: 2 }, 2)).to.deep.equal(["i-4"]);
    expect(order({ copySlots: 5, copyReserve: 2 }, 9)).to.deep.equal([]);
  });

  it("counts its own copies in flight even where the region's count lags", () => {
    const flying = point({ at: SLOT, resource: "i-2", region: DR, parts: { "vol-2": "pending" } });
    const limits = { copySlots: 1, copyReserve: 0 };
    expect(copies({ points: [point({ at: SLOT }), flying], limits })).to.deep.equal([]);
    expect(copies({ points: [point({ at: SLOT })], limits })).to.have.length(1);
  });

  it("takes the deadline from the age of the data, not from when it was copied", () => {
    const resources = [instance("i-1"), instance("i-2", ["vol-2"])];
    const points = [
      point({ at: SLOT, resource: "i-1" }),
      point({ at: SLOT, resource: "i-2", parts: { "vol-2": "completed" } }),
      point({ at: T(2), resource: "i-1", region: DR }),
      point({ at: T(3), resource: "i-2", region: DR, parts: { "vol-2": "completed" } }),
    ].map((p) => ({
      ...p,
      artifacts: p.artifacts.map((part) =>
        p.resource === "i-2" && p.region === DR ? { ...part, startedAt: NOW } : part,
      ),
    }));
    expect(copies({ resources, points }).map((c) => c.resource)).to.deep.equal(["i-2", "i-1"]);
  });

  it("copies one of the sets of a point that was made twice, whole, and stays with it", () => {
    const made = point({ at: SLOT, parts: two });
    const twin = made.artifacts.map((part) => ({ ...part, id: `${part.id}-b`, startedAt: part.startedAt + 5 }));
    const first = { ...made, artifacts: [...twin, ...made.artifacts] };
    expect(copies({ points: [first] }).map((c) => c.artifact.id)).to.deep.equal(made.artifacts.map((p) => p.id));

    // The first one was still in flight when the second was copied: then that is the one.
    const copied = point({ at: SLOT, region: DR, parts: { "vol-1": "completed" }, size: 2 });
    const ofTwin = { ...copied, artifacts: copied.artifacts.map((part) => ({ ...part, source: `${part.source}-b` })) };
    expect(copies({ points: [first, ofTwin] }).map((c) => c.artifact.id)).to.deep.equal([`${made.artifacts[1]?.id}-b`]);
  });

  it("never mixes snapshots of two calls into one set", () => {
    const made = point({ at: SLOT, parts: { "vol-1": "completed", "vol-2": "error" } });
    const [one, failed] = made.artifacts;
    if (one === undefined || failed === undefined) throw new Error("two parts expected");
    const b = [
      { ...one, id: "b-1", state: "error", startedAt: one.startedAt + 5 } as const,
      { ...failed, id: "b-2", state: "completed", startedAt: one.startedAt + 5 } as const,
    ];
    expect(copies({ points: [{ ...made, artifacts: [one, failed, ...b] }] })).to.deep.equal([]);
  });
});
