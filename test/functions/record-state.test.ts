import { expect } from "chai";
import { alert, result, setUp } from "./recording.js";

describe("what a run leaves to the next", () => {
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
});
