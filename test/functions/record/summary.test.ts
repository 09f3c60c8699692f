import { expect } from "chai";
import type { Point } from "../../../core/model/model.js";
import { HOME, RUN, T0 } from "../executors.js";
import { alert, gone, result, seen, setUp, world } from "./recording.js";

const point = (state: "pending" | "completed"): Point => ({
  ...{ id: "lsp-0", policy: "daily", resource: "i-0", kind: "instance", home: HOME, region: HOME },
  ...{ scheduled: T0, size: 1, level: "crash" },
  artifacts: [
    {
      id: "snap-0",
      member: "vol-0",
      detail: { device: "/dev/sda" },
      state,
      startedAt: T0,
      progress: 0,
      sizeGiB: 1,
      holds: [],
    },
  ],
});
const holding = (state: "pending" | "completed") => world({ regions: { [HOME]: { ...seen, points: [point(state)] } } });

describe("summary of a run", () => {
  it("is sent only where people want it", async () => {
    const { messages, run } = setUp();
    await run({ creates: [result()], inFlight: 1 });
    expect(messages).to.deep.equal([]);
  });

  it("says what a run did and what is pending, then that it is complete, and nothing of runs that find nothing new", async () => {
    const { messages, run, subjects } = setUp({ summary: true });
    await run({ creates: [result()], inFlight: 1, world: holding("pending") });
    expect(subjects()).to.deep.equal([`[prod] in progress in ${HOME}: 1 resource(s), 1 made, 0 copied, 0 deleted`]);
    expect(messages[0]?.body.split("\n")).to.include.members([
      "Resources: 1",
      "Points: 1 made, 0 copied, 0 deleted",
      "Still pending: 1 backup(s) that AWS is at",
      `Run: ${RUN}`,
    ]);
    expect(messages[0]?.attributes).to.include({ state: "summary" });
    await run({ inFlight: 1, world: holding("pending") });
    expect(messages).to.have.length(1);
    await run({ inFlight: 0, world: holding("completed") });
    expect(subjects()[1]).to.contain("complete in");
    expect(messages[1]?.body).to.contain("Still pending: nothing");
    await run({ inFlight: 0, world: holding("completed") });
    expect(messages).to.have.length(2);
  });

  it("never says complete while anything is wrong, refused or unknown", async () => {
    const wrong = [
      { decisions: [alert()] },
      { deletes: [result({ outcome: "failed", code: "InvalidSnapshot.InUse" })] },
      { creates: [result({ outcome: "later" })] },
      { world: world({ regions: { [HOME]: gone } }) },
    ];
    for (const round of wrong) {
      const { messages, run } = setUp({ summary: true });
      await run({ creates: [result()], inFlight: 1 });
      await run({ inFlight: 0, creates: [], ...round });
      const said = messages.filter(({ attributes }) => attributes["state"] === "summary").at(-1)?.body ?? "";
      expect(said, JSON.stringify(round)).to.match(/^State: (needs attention|in progress)$/m);
    }
  });
});
