import { expect } from "chai";
import type { Part } from "../../core/model.js";
import { point as pointOf, withParts } from "../core/worlds.js";
import { DR, HOME, T0 } from "./hands.js";
import { alert, gone, result, seen, setUp, world } from "./recording.js";

describe("what a run leaves to the next", () => {
  it("lets the next run lean on what it knew, unless that was not whole or a copy did not begin", async () => {
    const homes = { run: "earlier", at: T0, news: 3, points: 0 };
    const left = async (round: Parameters<ReturnType<typeof setUp>["run"]>[0]) => {
      const { ledger, run } = setUp();
      await run({ homes, ...round });
      return (await ledger.state()).homes;
    };
    expect(await left({ copies: [result(), result({ outcome: "adopted" })] })).to.deep.equal(homes);
    expect(await left({ copies: [result(), result({ outcome: "later" })] })).to.equal(undefined);
    expect(await left({ copies: [result({ outcome: "failed" })] })).to.equal(undefined);
    expect(await left({ world: world({ regions: { [HOME]: gone, [DR]: seen } }) })).to.equal(undefined);
  });

  it("closes nothing that a run which only hands out copy slots does not try", async () => {
    const { run, subjects } = setUp();
    const refused = result({ outcome: "failed", code: "UnauthorizedOperation", cause: "no" });
    await run({ deletes: [refused] });
    expect(subjects()).to.deep.equal([`[prod] delete-refused: i-0 daily ${HOME}`]);
    await run({ followUp: true });
    expect(subjects()).to.have.length(1);
    await run();
    expect(subjects()[1]).to.contain("resolved: delete-refused");
  });

  it("measures nothing but copies where only those were looked at", async () => {
    const { metrics, run } = setUp();
    await run();
    const all = metrics.length;
    await run({ followUp: true });
    expect(metrics.slice(all).flatMap((line) => Object.keys(line)))
      .to.include("CopiesFailed")
      .and.not.include.members(["RpoAge", "RpoMaxAge", "Selected"]);
  });

  it("has what was refused or could not be read tried at the next tick, then ever later, and what a person must mend not", async () => {
    const { clock, ledger, run } = setUp();
    const failed = result({ outcome: "failed", code: "InternalError", cause: "try again" });
    const waits = async (round: Parameters<typeof run>[0]) => {
      await run(round);
      const { tryAgainAt } = await ledger.state();
      return tryAgainAt === undefined ? undefined : tryAgainAt - clock.time;
    };
    expect(await waits({ creates: [failed] })).to.equal(45_000);
    clock.time += 50_000;
    expect(await waits({ creates: [failed] })).to.equal(50_000);
    clock.time += 200_000;
    expect(await waits({ creates: [failed] })).to.equal(250_000);
    const unknown = alert({ cause: "region-unknown", policy: "", resource: "", point: "" });
    expect(await waits({ creates: [failed], decisions: [unknown] }), "the newest decides").to.equal(45_000);
    expect(await waits({ decisions: [alert({ cause: "bad-tag" })] })).to.equal(undefined);
    expect(await waits({ creates: [result({ outcome: "later" })] })).to.equal(undefined);
  });

  it("has the next run look for locks while any keep what is to be deleted", async () => {
    const { ledger, run } = setUp();
    await run({ deletes: [result({ outcome: "kept", code: "SnapshotLocked", cause: "it is locked" })] });
    expect((await ledger.state()).locked).to.equal(true);
    const point = (more: Partial<Part>) => ({
      ...seen,
      points: [withParts(pointOf({ resource: "i-0", at: T0 }), more)],
    });
    await run({ world: world({ regions: { [HOME]: point({ locked: { mode: "governance" } }), [DR]: seen } }) });
    expect((await ledger.state()).locked).to.equal(true);
    await run({ world: world({ regions: { [HOME]: point({}), [DR]: seen } }) });
    expect(await ledger.state()).to.not.have.property("locked");
  });
});
