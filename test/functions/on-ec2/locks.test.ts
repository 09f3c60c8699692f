import { DeleteSnapshotCommand, DescribeLockedSnapshotsCommand, UnlockSnapshotCommand } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { failure, given } from "../../sandbox/ec2/harness.js";
import { Cycle, EAST, intoWest, MINUTE, often, stack, WEST } from "./ec2-cycle.js";

const DAY = 86_400_000;

describe("locks on EC2", () => {
  let cycle: Cycle;

  beforeEach(async () => {
    cycle = await Cycle.start();
    await cycle.launch(EAST);
  });
  afterEach(() => cycle.stop());

  const locksIn = async (region: string) => {
    const { Snapshots = [] } = await cycle.ec2.client(region).send(new DescribeLockedSnapshotsCommand({}));
    return Snapshots.map(({ LockState, LockDuration }) => `${LockState} ${LockDuration}`);
  };

  it("are on points and copies from the call that makes them, each as its region wants", async () => {
    const [copy] = intoWest.copy;
    const policies = [
      {
        ...often,
        ebs: { lock: { mode: "governance", days: 2 } },
        copy: [{ ...copy, ebs: { lock: { mode: "compliance", days: 3, coolOffHours: 1, irrevocable: true } } }],
      },
    ];
    const { bucket } = await cycle.reconcile(stack({ policies }));
    expect(await locksIn(EAST)).to.deep.equal(["governance 2", "governance 2", "governance 2"]);
    await cycle.reconcile(stack({ policies, role: "dr", region: WEST, peers: [EAST] }), bucket);
    expect(await locksIn(WEST)).to.deep.equal(Array(3).fill("compliance-cooloff 3"));
  });

  it("keep expired points whole, and let them go when they end", async () => {
    const settings = stack({ policies: [{ ...often, ebs: { lock: { mode: "governance", days: 2 } } }] });
    await cycle.reconcile(settings);
    cycle.ec2.advance(MINUTE);
    await cycle.reconcile(settings);
    // The older point is past its count. One of its snapshots is free again: it stays with the two that are locked.
    const [free] = await cycle.snapshotsIn(EAST);
    const east = cycle.ec2.client(EAST);
    cycle.ec2.advance(2 * DAY - 2 * MINUTE);
    await east.send(new UnlockSnapshotCommand({ SnapshotId: given(free?.SnapshotId) }));
    cycle.ec2.advance(MINUTE - 10_000);
    await cycle.tidy(settings);
    expect(await cycle.snapshotsIn(EAST)).to.have.length(6);
    cycle.ec2.advance(2 * MINUTE);
    await cycle.tidy(settings);
    expect(await cycle.snapshotsIn(EAST)).to.have.length(3);
  });

  it("are put right after a function was killed between the two calls", async () => {
    const unlocked = stack({ policies: [often] });
    await cycle.reconcile(unlocked);
    expect(await locksIn(EAST)).to.deep.equal([]);
    const settings = stack({ policies: [{ ...often, ebs: { lock: { mode: "governance", days: 1 } } }] });
    const actions = await cycle.tidy(settings);
    expect(actions.filter((action) => action.do === "finalize")).to.have.length(1);
    expect(await locksIn(EAST)).to.have.length(3);
    const [snapshot] = await cycle.snapshotsIn(EAST);
    const call = cycle.ec2.client(EAST).send(new DeleteSnapshotCommand({ SnapshotId: given(snapshot?.SnapshotId) }));
    expect((await failure(call)).code).to.equal("SnapshotLocked");
    expect((await cycle.planOf(settings)).filter((action) => action.do === "finalize")).to.deep.equal([]);
  });
});
