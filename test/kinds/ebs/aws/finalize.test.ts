import { expect } from "chai";
import type { Finalize } from "../../../../core/model/model.js";
import { makeMake } from "../../../../functions/make/make.js";
import { lockNew } from "../../../../kinds/ebs/aws/finalize.js";
import type { Lock } from "../../../../kinds/ebs/lock-config.js";
import type { Given } from "../../../cloud/account.js";
import { HOME, LONG, RUN, setUpExecutor, snapshotWith } from "../../../functions/executors.js";
import { awsError, failure, memoryLog } from "../../../functions/fakes.js";

const DAY = 86_400_000;
const lock: Lock = { mode: "governance", days: 7 };
const finalize = (n: number, snapshots: readonly string[]): Finalize => ({
  do: "finalize",
  region: HOME,
  policy: "daily",
  resource: `i-${n}`,
  point: `lsp-${n}`,
  reason: "not locked yet",
  kind: "instance",
  artifacts: snapshots,
  detail: { lock },
});
const event = { runId: RUN, offset: 0, do: "finalize" };

/** All that is to be finished is there; AWS refuses some of it. */
async function setUp(actions: readonly Finalize[], more: Given = {}, errors: Readonly<Record<string, Error>> = {}) {
  const snapshots = actions.flatMap((action) => action.artifacts.map((id) => snapshotWith(id)));
  const parts = await setUpExecutor("finalize", HOME, actions, { [HOME]: { snapshots, ...more } });
  for (const [id, error] of Object.entries(errors)) parts.faults.refuse.set(id, error);
  const snaps = () => [...parts.account.model.in(HOME).values()];
  /** The locks that hold, in days. */
  const locks = () =>
    snaps().flatMap(({ id, lockMode, lockMs }) => (lockMs > 0 ? [[id, { mode: lockMode, days: lockMs / DAY }]] : []));
  return { ...parts, snaps, locks, hand: makeMake(parts.base) };
}

describe("finalize", () => {
  it("writes the tags that each snapshot lacks, and locks nothing where no lock is wanted", async () => {
    const plain = finalize(1, ["snap-a", "snap-b"]);
    const tags = { "snap-a": { Disk: "vol-a /dev/sda" }, "snap-b": { Disk: "vol-b /dev/sdb" } };
    const { hand, locks, snaps } = await setUp([{ ...plain, detail: { tags } }]);
    expect(await hand(event, LONG)).to.include({ done: 1, failed: 0 });
    expect(snaps().map((snap) => [snap.id, snap.tags])).to.deep.equal(Object.entries(tags));
    expect(locks()).to.deep.equal([]);
  });

  it("locks every snapshot that lacks it", async () => {
    const { hand, locks } = await setUp([finalize(0, ["snap-a", "snap-b"]), finalize(1, ["snap-c"])]);
    expect(await hand(event, LONG)).to.include({ done: 2, failed: 0, later: 0, more: false });
    expect(locks()).to.have.deep.members(["snap-a", "snap-b", "snap-c"].map((id) => [id, lock]));
  });

  it("goes on after one that is refused, and needs none on what is gone or failed", async () => {
    // "snap-b" has failed, and "snap-c" is gone.
    const snapshots = [..."ade"].map((id) => snapshotWith(`snap-${id}`));
    const { hand, locks, results } = await setUp(
      [..."abcde"].map((id, n) => finalize(n, [`snap-${id}`])),
      { snapshots: [...snapshots, snapshotWith("snap-b", {}, { State: "error" })] },
      { "snap-a": awsError("UnauthorizedOperation", 403), "snap-d": awsError("RequestLimitExceeded", 503) },
    );
    expect(await hand(event, LONG)).to.include({ done: 3, failed: 1, later: 1 });
    expect(locks()).to.deep.equal([["snap-e", lock]]);
    expect((await results())?.[0]).to.include({ outcome: "failed", code: "UnauthorizedOperation" });
  });

  it("is told from the other verbs of its function by the event, which refuses what is not its own", async () => {
    const { hand } = await setUp([]);
    for (const wrong of [{ ...event, do: "delete" }, { runId: RUN, offset: 0 }, "finalize", null]) {
      expect((await failure(hand(wrong, LONG))).name).to.equal("InvalidInput");
    }
    expect((await failure(hand({ ...event, do: "create" }, LONG))).message, "its list").to.contain("create.jsonl");
  });

  it("never takes a new snapshot for failed because its lock was", async () => {
    const log = memoryLog();
    const tried: string[] = [];
    const putLock = async (snapshot: string): Promise<void> => {
      tried.push(snapshot);
      if (snapshot === "snap-a") throw awsError("RequestLimitExceeded", 503);
    };
    await lockNew(putLock, lock, ["snap-a", "snap-b"], log);
    await lockNew(putLock, undefined, ["snap-c"], log);
    expect(tried).to.deep.equal(["snap-a", "snap-b"]);
  });
});
