import { expect } from "chai";
import type { Delete } from "../../../../core/model/model.js";
import { makeDelete } from "../../../../functions/delete/delete.js";
import type { Given } from "../../../cloud/account.js";
import { HOME, LONG, RUN, remove, setUpExecutor, snapshotWith } from "../../../functions/executors.js";
import { awsError, failure } from "../../../functions/fakes.js";

const event = { runId: RUN, offset: 0, do: "delete" };

/** All that is to be deleted is there; AWS refuses some of it. */
async function setUp(actions: readonly Delete[], more: Given = {}, errors: Readonly<Record<string, Error>> = {}) {
  const all = actions.flatMap(({ artifacts }) => artifacts);
  const snapshots = all.map((id) => snapshotWith(id));
  const parts = await setUpExecutor("delete", HOME, actions, { [HOME]: { snapshots, ...more } });
  for (const [id, error] of Object.entries(errors)) parts.faults.refuse.set(id, error);
  const deleted = () => all.filter((id) => !parts.account.model.in(HOME).has(id));
  return { ...parts, deleted, hand: makeDelete(parts.base) };
}

describe("delete", () => {
  it("deletes every snapshot of the expired points", async () => {
    const { deleted, hand } = await setUp([remove(0, ["snap-a", "snap-b"]), remove(1, ["snap-c"])]);
    expect(await hand(event, LONG)).to.deep.equal({ runId: RUN, offset: 2, more: false, done: 2, failed: 0, later: 0 });
    expect(deleted()).to.have.members(["snap-a", "snap-b", "snap-c"]);
  });

  it("takes what is gone for done", async () => {
    const { hand, results } = await setUp([remove(0, ["snap-a"])], { snapshots: [] });
    expect(await hand(event, LONG)).to.include({ done: 1, failed: 0 });
    expect((await results())?.[0]).to.include({ outcome: "done" });
  });

  const protectedBy: Readonly<Record<string, Given>> = {
    "InvalidSnapshot.InUse": {
      images: [{ ImageId: "ami-1", BlockDeviceMappings: [{ Ebs: { SnapshotId: "snap-a" } }] }],
    },
    SnapshotLocked: { locks: [{ SnapshotId: "snap-a", LockState: "compliance" }] },
  };
  for (const [code, more] of Object.entries(protectedBy)) {
    it(`keeps and records what AWS protects: ${code}`, async () => {
      const { deleted, hand, results } = await setUp([remove(0, ["snap-a", "snap-b"])], more);
      expect(await hand(event, LONG)).to.include({ failed: 0 });
      expect((await results())?.[0]).to.deep.include({ outcome: "kept", code, artifacts: [] });
      expect(deleted(), "the rest of the point stays with it").to.deep.equal([]);
    });
  }

  it("reports other errors with their resource, and goes on", async () => {
    const errors = {
      "snap-a": awsError("UnauthorizedOperation", 403),
      "snap-b": awsError("RequestLimitExceeded", 503),
    };
    const { deleted, hand, results } = await setUp(
      [remove(0, ["snap-a"]), remove(1, ["snap-b"]), remove(2, ["snap-c"])],
      {},
      errors,
    );
    expect(await hand(event, LONG)).to.include({ done: 1, failed: 1, later: 1 });
    expect((await results())?.[0]).to.include({ outcome: "failed", resource: "i-0", code: "UnauthorizedOperation" });
    expect(deleted()).to.deep.equal(["snap-c"]);
  });

  it("deletes nothing without the lease", async () => {
    const { deleted, hand, lease } = await setUp([remove(0, ["snap-a"])]);
    await lease.abandon("execution-1");
    expect((await failure(hand(event, LONG))).name).to.equal("LeaseLost");
    expect(deleted()).to.deep.equal([]);
  });

  it("looks at the lease before each batch", async () => {
    const many = Array.from({ length: 80 }, (_, n) => remove(n, [`snap-${n}`]));
    const { deleted, faults, hand, table } = await setUp(many);
    let calls = 0;
    faults.before = () => {
      calls += 1;
      if (calls === 50) table.items.clear();
    };
    expect((await failure(hand(event, LONG))).name).to.equal("LeaseLost");
    expect(deleted()).to.have.length(50);
  });
});
