import { expect } from "chai";
import { DR, HOME, instance, plan, point, policy, verdict, world } from "../worlds.js";
import { local, T, two, verdicts } from "./prunes.js";

describe("planner: what waits for copies, and what copies wait for", () => {
  it("keeps a source until its copy, or a newer one, is seen completed", () => {
    const points = [0, 1, 2, 3].map((h) => point({ at: T(h) }));
    const waiting = "keep: copy to us-west-2 not seen completed";
    expect(verdicts(points).slice(2)).to.deep.equal([waiting, waiting]);
    const copy = (h: number, state: "completed" | "pending" | "error") =>
      point({ at: T(h), region: DR, parts: { "vol-1": state } });
    expect(verdicts([...points, copy(3, "completed")]).slice(2, 4)).to.deep.equal([waiting, "delete: past count 2"]);
    expect(verdicts([...points, copy(2, "completed")]).slice(2, 4)).to.deep.equal([
      "delete: past count 2",
      "delete: past count 2",
    ]);
    expect(verdicts([...points, copy(2, "error")]).slice(2, 4)).to.deep.equal([waiting, waiting]);
    expect(verdicts([...points, copy(2, "pending")])[2]).to.equal(
      "keep: source of a copy in progress to us-west-2; copy to us-west-2 not seen completed",
    );
    const half = point({ at: T(2), region: DR, size: 2 });
    expect(verdicts([...points, half]).slice(2, 4)).to.deep.equal([waiting, waiting]);
  });

  it("keeps the source of a copy in progress even when a newer copy is complete", () => {
    const points = [0, 1, 2].map((h) => point({ at: T(h) }));
    const there = [point({ at: T(0), region: DR }), point({ at: T(2), region: DR, parts: { "vol-1": "pending" } })];
    expect(verdicts([...points, ...there])[2]).to.equal("keep: source of a copy in progress to us-west-2");
  });

  it("needs the copy in every region of the policy", () => {
    const copy = [DR, "eu-west-1"].map((region) => ({ region, retain: { count: 1 } }));
    const points = [0, 1, 2].map((h) => point({ at: T(h) }));
    const there = point({ at: T(0), region: DR });
    const input = { policies: [policy({ copy })] };
    expect(verdicts([...points, there], input)[2]).to.equal("keep: copy to eu-west-1 not seen completed");
    expect(verdicts([...points, there, point({ at: T(0), region: "eu-west-1" })], input)[2]).to.equal(
      "delete: past count 2",
    );
  });

  it("deletes nothing that depends on a region it cannot see", () => {
    const points = [
      point({ at: T(0) }),
      point({ at: T(1), parts: { "vol-1": "error" } }),
      point({ at: T(2) }),
      point({ at: T(3) }),
    ];
    for (const said of verdicts(points, { unknown: { [DR]: "page 2 failed" } }).slice(1)) {
      expect(said).to.match(/^keep: .*us-west-2 is unknown: page 2 failed/);
    }
    const unasked = {
      ...world({ points }),
      regions: { [HOME]: { complete: true, asOf: 0, resources: [instance()], points, copiesInFlight: 0 } },
    } as const;
    expect(verdict(plan(unasked), point({ at: T(3) }))).to.contain("us-west-2 is unknown: not surveyed");
    // What does not depend on it goes on.
    const gone = verdicts(points, { ...local(), unknown: { [DR]: "page 2 failed" } });
    expect(gone[3]).to.equal("delete: past count 2");
  });

  it("expires copies by their own rule, and not while the home region is unknown", () => {
    const points = [0, 1, 2, 3].map((h) => point({ at: T(h), region: DR }));
    expect(verdicts(points)).to.deep.equal([
      "keep: newest completed; count 1 of 3",
      "keep: count 2 of 3",
      "keep: count 3 of 3",
      "delete: past count 3",
    ]);
    expect(verdicts(points, { unknown: { [HOME]: "region down" } })[3]).to.equal(
      "keep: us-east-1 is unknown: region down",
    );
    const failed = point({ at: T(4), region: DR, parts: { "vol-1": "error" } });
    expect(verdicts([...points, failed], { unknown: { [HOME]: "region down" } })[4]).to.contain(
      "keep: us-east-1 is unknown",
    );
  });

  it("keeps what a copy in progress or about to start builds on", () => {
    const sources = [point({ at: T(0), parts: two }), point({ at: T(1), parts: { "vol-2": "completed" } })];
    const there = [1, 2, 3, 4].map((h) => point({ at: T(h), region: DR, parts: { "vol-2": "completed" } }));
    const base = point({ at: T(5), region: DR, parts: two });
    expect(verdicts([...sources, ...there, base])[6]).to.equal("keep: base of a copy in progress");
    expect(verdicts([...sources.slice(1), ...there, base])[5]).to.equal("delete: past count 3");
  });

  it("keeps failed and half copies while a copy of their volume is in progress", () => {
    const flying = point({ at: T(0), region: DR, parts: { "vol-1": "pending" } });
    const done = point({ at: T(1), region: DR });
    const failed = point({ at: T(2), region: DR, parts: { "vol-1": "error" } });
    expect(verdicts([flying, done, failed])[2]).to.equal(
      "keep: failed: vol-1: no such key; a copy of its volume is in progress",
    );
    expect(verdicts([done, failed])[1]).to.equal("delete: failed, and a newer one is complete");
  });
});
