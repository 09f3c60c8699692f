import { expect } from "chai";
import { writeApproval } from "../../../functions/store/approvals.js";
import { makeLedger } from "../../../functions/store/ledger.js";
import { MemoryTable } from "../fakes.js";
import { Cycle, EAST, MINUTE, often, pointsOf, stack } from "./ec2-cycle.js";

/** The cycle deletes only what its hand was given, as the functions do. */
describe("guard rails on EC2", () => {
  let cycle: Cycle;
  beforeEach(async () => {
    cycle = await Cycle.start();
    await cycle.launch(EAST);
  });
  afterEach(() => cycle.stop());

  const points = async () => pointsOf(await cycle.snapshotsIn(EAST)).size;
  const days = async (settings: ReturnType<typeof stack>, count: number) => {
    for (let i = 0; i < count; i++) {
      await cycle.reconcile(settings);
      await cycle.tidy(settings);
      cycle.ec2.advance(MINUTE);
    }
  };

  it("a retention that is lowered deletes nothing until a person approves, and then just what was shown", async () => {
    const generous = stack({ policies: [{ ...often, retain: { count: 6 } }] });
    const lowered = stack({ policies: [{ ...often, retain: { count: 1 } }] });
    await days(generous, 8);
    expect(await points(), "what the rule lets go never waits").to.equal(6);
    const actions = await cycle.tidy(lowered);
    expect(await points()).to.equal(6);
    const holds = actions.filter((action) => action.do === "pending-approval");
    expect(holds).to.have.length(5);
    expect(actions.flatMap((action) => (action.do === "alert" ? [action.cause] : []))).to.deep.equal([
      "approval-needed",
    ]);
    // Points go on being made, and the rule of before goes on expiring.
    await days(lowered, 1);
    expect(await points()).to.equal(6);
    const table = new MemoryTable();
    const snapshots = holds.flatMap((hold) => hold.artifacts);
    await writeApproval(table, "held-1", { region: EAST, artifacts: snapshots, until: cycle.ec2.now() + MINUTE });
    cycle.memory = await makeLedger(table).memory();
    await cycle.tidy(lowered);
    // What was shown has gone, but for the one that the rule of before took meanwhile; the point made since has not.
    expect(await points()).to.equal(1);
    await days(lowered, 3);
    expect(await points()).to.equal(1);
  });
});
