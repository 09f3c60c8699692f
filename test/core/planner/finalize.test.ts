import { expect } from "chai";
import type { Point } from "../../../core/model/model.js";
import { copyDetail, createDetail, type Locked } from "../../../kinds/ebs/details.js";
import type { Lock } from "../../../kinds/ebs/lock-config.js";
import { withLock } from "../../../kinds/ebs/locks.js";
import { FINALIZE_MS } from "../../../kinds/ebs/unfinished.js";
import { ebs, ebsCopy } from "../../support/ebs.js";
import { DR, HOME, HOUR, NOW, only, plan, point, policy, SLOT, verdict, withParts, world } from "../worlds.js";

const lock: Lock = { mode: "governance", days: 7 };
const two = { "vol-1": "completed", "vol-2": "completed" } as const;
const locking = (there?: Lock) =>
  policy({
    ...ebs({ lock }),
    copy: [{ region: DR, retain: { count: 3 }, ...(there === undefined ? {} : ebsCopy({ lock: there })) }],
  });
const locked = (made: Point, by: Locked, only?: string): Point => ({
  ...made,
  artifacts: made.artifacts.map((part) => (only === undefined || part.member === only ? withLock(part, by) : part)),
});
const finishes = (points: readonly Point[], policies = [locking()]) =>
  only(plan(world({ points, policies })), "finalize");

describe("planner: what new points still lack", () => {
  it("locks what its own call left unlocked, snapshot by snapshot, in the region of each", () => {
    const made = locked(point({ at: SLOT, parts: two }), { mode: "governance" }, "vol-1");
    const copy = point({ at: SLOT, region: DR, parts: two });
    const [home, there, ...more] = finishes([made, copy], [locking({ mode: "compliance", days: 30 })]);
    expect(more).to.deep.equal([]);
    expect(home).to.deep.include({
      region: HOME,
      point: made.id,
      artifacts: [made.artifacts[1]?.id],
      detail: { lock },
    });
    expect(there).to.deep.include({ region: DR, detail: { lock: { mode: "compliance", days: 30 } } });
    expect(there?.artifacts).to.have.length(2);
    expect(there?.reason).to.equal("not locked yet: compliance for 30 days");
  });

  it("locks what is pending, and nothing that failed or is not whole", () => {
    const pending = point({ at: SLOT, parts: { "vol-1": "pending" } });
    expect(finishes([pending])).to.have.length(1);
    const failed = point({ at: SLOT, parts: { "vol-1": "completed", "vol-2": "error" } });
    const half = point({ at: SLOT - HOUR, parts: { "vol-1": "completed" }, size: 2 });
    expect(finishes([failed, half])).to.deep.equal([]);
    const doubled = withParts(point({ at: SLOT }), { id: "snap-double", startedAt: SLOT + HOUR / 4 });
    expect(finishes([doubled])[0]?.artifacts).to.deep.equal([doubled.artifacts[0]?.id]);
  });

  it("leaves alone what was made before the policy had a lock, or was unlocked by somebody", () => {
    expect(finishes([point({ at: NOW - FINALIZE_MS - HOUR })])).to.deep.equal([]);
    expect(finishes([point({ at: NOW - FINALIZE_MS + HOUR })])).to.have.length(1);
    expect(finishes([point({ at: SLOT })], [policy()])).to.deep.equal([]);
  });

  it("F-S8 a locked snapshot holds its whole set, so that no other goes before the refusal", () => {
    const points = [0, 1, 2].map((h) => point({ at: SLOT - h * HOUR, parts: two }));
    const old = locked(point({ at: SLOT - 9 * HOUR, parts: two }), { mode: "compliance", until: SLOT + HOUR }, "vol-2");
    const actions = plan(world({ points: [...points, old], policies: [policy({ copy: [] })] }));
    expect(verdict(actions, old)).to.equal("keep: hold locked (compliance) until 2026-11-21T08:00:00.000Z");
    const failed = locked(point({ at: SLOT - 8 * HOUR, parts: { "vol-1": "error" } }), { mode: "governance" });
    expect(verdict(plan(world({ points: [...points, failed], policies: [policy({ copy: [] })] })), failed)).to.equal(
      "keep: hold locked (governance)",
    );
  });

  it("keeps what is still to be locked, whole, and nothing for longer than that is tried", () => {
    const day = (at: number) => point({ at, region: DR, parts: two });
    const policies = [
      policy({ retain: { count: 9 }, copy: [{ region: DR, retain: { count: 1 }, ...ebsCopy({ lock }) }] }),
    ];
    const verdictAt = (older: Point, by = policies) => {
      const points = [point({ at: older.scheduled, parts: two }), point({ at: SLOT, parts: two }), older, day(SLOT)];
      return verdict(plan(world({ points, policies: by })), older);
    };
    expect(verdictAt(day(SLOT - HOUR))).to.equal("keep: to be locked first");
    const half = locked(day(SLOT - HOUR), { mode: "governance" }, "vol-1");
    expect(verdictAt(half)).to.equal("keep: hold locked (governance); to be locked first");
    expect(verdictAt(day(SLOT - HOUR), [policy({ copy: [{ region: DR, retain: { count: 1 } }] })])).to.match(/^delete/);
    expect(verdictAt(day(NOW - FINALIZE_MS - HOUR))).to.match(/^delete/);
  });

  it("hands the lock to the calls that make points and copies", () => {
    const [create] = only(plan(world({ policies: [locking()] })), "create");
    expect(create && createDetail(create).lock).to.deep.equal(lock);
    const [copy] = only(
      plan(world({ policies: [locking({ mode: "governance", days: 1 })], points: [point({ at: SLOT })] })),
      "copy",
    );
    expect(copy && copyDetail(copy).lock).to.deep.equal({ mode: "governance", days: 1 });
  });
});
