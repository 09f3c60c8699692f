import { expect } from "chai";
import type { RunRequest } from "../../../core/model/model.js";
import { T0 } from "../executors.js";
import { alert, result, setUp, world } from "./recording.js";

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

  it("keeps requests as long as the planner heeds them", async () => {
    const { clock, ledger, run } = setUp();
    const request: RunRequest = { at: T0, policy: "daily" };
    await ledger.ask(request);
    clock.time = T0 + 3_600_000;
    await run({ world: world({ requests: [request] }) });
    expect(await ledger.requests()).to.deep.equal([request]);
    clock.time += 1;
    await run({ world: world({ requests: [request] }) });
    expect(await ledger.requests()).to.deep.equal([]);
  });
});
