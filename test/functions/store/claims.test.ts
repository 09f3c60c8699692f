import { expect } from "chai";
import { CLAIM_MS, makeClaims } from "../../../functions/store/claims.js";
import { MemoryTable, numberIn } from "../fakes.js";

const claimsIn = (table: MemoryTable) => makeClaims(table, (writes) => table.transact(writes));
const claim = { what: "lsp-1", region: "eu-west-1", holder: "run-1" };

describe("claims", () => {
  it("are given once within their time, not even to their holder again", async () => {
    const claims = claimsIn(new MemoryTable());
    expect(await claims.take(claim, 0)).to.equal(true);
    expect(await claims.take(claim, 1)).to.equal(false);
    expect(await claims.take({ ...claim, holder: "run-2" }, CLAIM_MS)).to.equal(false);
    expect(await claims.take({ ...claim, holder: "run-2" }, CLAIM_MS + 1)).to.equal(true);
  });

  it("are given all at once, or none where anybody has one", async () => {
    const claims = claimsIn(new MemoryTable());
    const [one, two] = [claim, { ...claim, what: "lsp-2" }];
    expect(await claims.take({ ...two, holder: "run-2" }, 0)).to.equal(true);
    expect(await claims.takeAll([one, two], 1)).to.equal(false);
    expect(await claims.take(one, 1), "it was not taken with the other").to.equal(true);
    expect(await claims.takeAll([one, two], CLAIM_MS)).to.equal(false);
    expect(await claims.takeAll([one, two], CLAIM_MS + 2)).to.equal(true);
    expect(await claims.take({ ...one, holder: "run-2" }, CLAIM_MS + 3)).to.equal(false);
  });

  it("note what was made also when one of them is somebody else's by now", async () => {
    const claims = claimsIn(new MemoryTable());
    const other = { ...claim, what: "lsp-2" };
    await claims.takeAll([claim, other], 0);
    await claims.take({ ...claim, holder: "run-2" }, CLAIM_MS + 1);
    await claims.settle([
      { claim, artifact: "snap-1" },
      { claim: other, artifact: "snap-2" },
    ]);
    await claims.settle([]);
    expect(await claims.take(claim, CLAIM_MS + 2, ["snap-1"]), "not noted in another's claim").to.equal(false);
    expect(await claims.take({ ...other, holder: "run-2" }, 1, ["snap-2"])).to.equal(true);
  });

  it("are apart by region and by what they claim", async () => {
    const claims = claimsIn(new MemoryTable());
    await claims.take(claim, 0);
    expect(await claims.take({ ...claim, region: "eu-central-1" }, 0)).to.equal(true);
    expect(await claims.take({ ...claim, what: "lsp-2" }, 0)).to.equal(true);
  });

  it("are free again when dropped by their holder, and by nobody else", async () => {
    const claims = claimsIn(new MemoryTable());
    await claims.take(claim, 0);
    await claims.drop({ ...claim, holder: "run-2" });
    expect(await claims.take(claim, 1)).to.equal(false);
    await claims.drop(claim);
    expect(await claims.take(claim, 2)).to.equal(true);
  });

  it("that made a snapshot which failed may be taken anew, once", async () => {
    const claims = claimsIn(new MemoryTable());
    await claims.take(claim, 0);
    expect(await claims.take(claim, 1, ["snap-1"]), "the call's end is not known").to.equal(false);
    await claims.settle([{ claim, artifact: "snap-1" }]);
    expect(await claims.take(claim, 2, ["snap-9"]), "another one failed").to.equal(false);
    expect(await claims.take(claim, 3, ["snap-9", "snap-1"])).to.equal(true);
    expect(await claims.take(claim, 4, ["snap-9", "snap-1"])).to.equal(false);
  });

  it("are taken anew under a condition that does not grow with what failed", async () => {
    const table = new MemoryTable();
    const claims = claimsIn(table);
    await claims.take(claim, 0);
    await claims.settle([{ claim, artifact: "snap-240" }]);
    const clauses: number[] = [];
    const put = table.put.bind(table);
    table.put = (key, item, when) => {
      clauses.push(when?.length ?? 0);
      return put(key, item, when);
    };
    const failed = Array.from({ length: 250 }, (_, n) => `snap-${n}`);
    expect(await claims.take(claim, 1, failed)).to.equal(true);
    expect(clauses).to.deep.equal([3]);
  });

  it("never end by TTL before their time", async () => {
    const table = new MemoryTable();
    await claimsIn(table).take(claim, 1000);
    const [item] = await table.list("claim#lsp-1");
    expect(numberIn(item, "expiresAt") * 1000).to.be.greaterThan(numberIn(item, "until"));
  });
});
