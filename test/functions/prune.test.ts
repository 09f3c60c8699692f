import { expect } from "chai";
import { makePrune } from "../../functions/prune/prune.js";
import { awsError, failure } from "./fakes.js";
import { HOME, LONG, RUN, remove, setUpHand } from "./hands.js";

const event = { runId: RUN, offset: 0 };

async function setUp(actions: readonly ReturnType<typeof remove>[], errors: Readonly<Record<string, Error>> = {}) {
  const parts = await setUpHand("delete", HOME, actions);
  const deleted: string[] = [];
  const deleteSnapshot = async (snapshot: string) => {
    const error = errors[snapshot];
    if (error) throw error;
    deleted.push(snapshot);
  };
  return { ...parts, deleted, hand: makePrune({ ...parts.base, deleteSnapshot }) };
}

describe("prune", () => {
  it("deletes every snapshot of the expired points", async () => {
    const { deleted, hand } = await setUp([remove(0, ["snap-a", "snap-b"]), remove(1, ["snap-c"])]);
    expect(await hand(event, LONG)).to.deep.equal({ runId: RUN, offset: 2, more: false, done: 2, failed: 0, later: 0 });
    expect(deleted).to.have.members(["snap-a", "snap-b", "snap-c"]);
  });

  it("takes what is gone for done", async () => {
    const { hand, results } = await setUp([remove(0, ["snap-a"])], {
      "snap-a": awsError("InvalidSnapshot.NotFound", 400),
    });
    expect(await hand(event, LONG)).to.include({ done: 1, failed: 0 });
    expect((await results())?.[0]).to.include({ outcome: "done" });
  });

  for (const code of ["InvalidSnapshot.InUse", "SnapshotLocked"]) {
    it(`keeps and records what AWS protects: ${code}`, async () => {
      const { deleted, hand, results } = await setUp([remove(0, ["snap-a", "snap-b"])], {
        "snap-a": awsError(code, 400),
      });
      expect(await hand(event, LONG)).to.include({ failed: 0 });
      expect((await results())?.[0]).to.deep.include({ outcome: "kept", code, snapshots: [] });
      expect(deleted, "the rest of the point stays with it").to.deep.equal([]);
    });
  }

  it("reports other errors with their resource, and goes on", async () => {
    const errors = {
      "snap-a": awsError("UnauthorizedOperation", 403),
      "snap-b": awsError("RequestLimitExceeded", 503),
    };
    const { deleted, hand, results } = await setUp(
      [remove(0, ["snap-a"]), remove(1, ["snap-b"]), remove(2, ["snap-c"])],
      errors,
    );
    expect(await hand(event, LONG)).to.include({ done: 1, failed: 1, later: 1 });
    expect((await results())?.[0]).to.include({ outcome: "failed", resource: "i-0", code: "UnauthorizedOperation" });
    expect(deleted).to.deep.equal(["snap-c"]);
  });

  it("deletes nothing without the lease", async () => {
    const { deleted, hand, lease } = await setUp([remove(0, ["snap-a"])]);
    await lease.abandon("execution-1");
    expect((await failure(hand(event, LONG))).name).to.equal("LeaseLost");
    expect(deleted).to.deep.equal([]);
  });

  it("looks at the lease before each batch", async () => {
    const { deleted, hand, table } = await setUp(Array.from({ length: 80 }, (_, n) => remove(n, [`snap-${n}`])));
    const push = deleted.push.bind(deleted);
    deleted.push = (...ids) => {
      if (deleted.length === 49) table.items.clear();
      return push(...ids);
    };
    expect((await failure(hand(event, LONG))).name).to.equal("LeaseLost");
    expect(deleted).to.have.length(50);
  });
});
