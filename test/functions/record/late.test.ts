import { expect } from "chai";
import { HOME } from "../executors.js";
import { alert, result, setUp } from "./recording.js";

describe("record of what is late", () => {
  it("tells what AWS has wait once a point is late for it, until it is done or no longer late", async () => {
    const { messages, run, subjects } = setUp();
    const code = "ConcurrentSnapshotLimitExceeded";
    const putOff = result({ outcome: "later", code, cause: "5 snapshots of vol-0 are pending" });
    const late = alert({ cause: "point-overdue", reason: "the newest is from last week" });
    await run({ creates: [putOff] });
    expect(subjects()).to.deep.equal([]);
    for (let i = 0; i < 2; i++) await run({ creates: [putOff], decisions: [late] });
    expect(subjects()).to.deep.equal([
      `[prod] point-overdue: i-0 daily ${HOME}`,
      `[prod] create-refused: i-0 daily ${HOME}`,
    ]);
    expect(messages[1]?.body).to.contain(`Details: ${code}: 5 snapshots of vol-0`).and.to.contain("Look at what hangs");
    await run({ creates: [result()] });
    expect(subjects().slice(2)).to.have.members([
      `[prod] resolved: point-overdue: i-0 daily ${HOME}`,
      `[prod] resolved: create-refused: i-0 daily ${HOME}`,
    ]);
    const mine = result({ outcome: "later", cause: "claimed by a call whose end is not known yet" });
    await run({ creates: [mine], decisions: [alert({ ...late, resource: "i-1" })] });
    expect(subjects()[4]).to.contain("point-overdue: i-1");
    expect(subjects()).to.have.length(5);
  });
});
