import { expect } from "chai";
import { writeApproval } from "../../../functions/store/approvals.js";
import { makeLedger } from "../../../functions/store/ledger.js";
import { HOME, T0 } from "../executors.js";
import { MemoryTable } from "../fakes.js";

describe("what the ledger remembers", () => {
  it("are approvals, whole however many snapshots they name, and they leave after their day", async () => {
    const table = new MemoryTable();
    const ledger = makeLedger(table);
    const snapshots = Array.from({ length: 12_000 }, (_, i) => `snap-${i}`);
    await writeApproval(table, "held-1", { region: HOME, artifacts: snapshots, until: T0 });
    const items = await table.list("approval");
    expect(items).to.have.length(3);
    // DynamoDB takes 400 KB an item.
    for (const item of items) expect(JSON.stringify(item).length).to.be.below(400_000 / 2);
    for (const item of items) expect(item["expiresAt"]).to.equal(T0 / 1000 + 86_400);
    const { approved = [] } = await ledger.memory();
    expect(approved.flatMap((one) => one.artifacts)).to.have.members(snapshots);
    for (const one of approved) expect(one).to.include({ region: HOME, until: T0 });
  });

  it("counts from when people were told that a resource is no more, not from when that was first to be told", async () => {
    const table = new MemoryTable();
    const about = { cause: "resource-gone", region: HOME, policy: "hourly", resource: "i-1" };
    await table.put({ pk: "alert", sk: "told" }, { ...about, since: T0, announced: T0 + 100, told: T0 + 200 });
    await table.put({ pk: "alert", sk: "not told" }, { ...about, resource: "i-2", since: T0 });
    const { announced } = await makeLedger(table).memory();
    expect(announced).to.deep.equal([{ region: HOME, policy: "hourly", resource: "i-1", since: T0 + 100 }]);
  });
});
