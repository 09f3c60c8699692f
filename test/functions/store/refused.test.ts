import { expect } from "chai";
import type { Refused } from "../../../core/model/model.js";
import { REFUSED_KEY } from "../../../core/names/names.js";
import { readRefused, writeRefused } from "../../../functions/store/refused.js";
import { DR, HOME, T0 } from "../executors.js";
import { MemoryBucket } from "../fakes.js";
import { result } from "../record/recording.js";

const WEEK = 7 * 86_400_000;
const never = (more: object = {}) =>
  result({
    outcome: "failed",
    lasting: true,
    code: "UnsupportedOperation",
    cause: "not served here",
    region: DR,
    ...more,
  });
const row = (more: Partial<Refused> = {}): Refused => ({
  ...{ do: "copy", region: DR, resource: "i-0", until: T0 + WEEK },
  reason: "UnsupportedOperation: not served here",
  ...more,
});

describe("what AWS said that it never does", () => {
  it("is written down for a week, once, and forgotten after it", async () => {
    const bucket = new MemoryBucket();
    const read = () => readRefused([bucket], () => undefined);
    await writeRefused(bucket, [], { create: [], copy: [] }, T0);
    expect(await bucket.read(REFUSED_KEY), "nothing is written for nothing").to.equal(undefined);
    const passing = result({ outcome: "failed", code: "InternalServerError", region: DR });
    await writeRefused(bucket, [], { create: [passing], copy: [never(), passing] }, T0);
    expect(await read()).to.deep.equal([row()]);
    const create = never({ region: HOME, resource: "i-1" });
    await writeRefused(bucket, await read(), { create: [create], copy: [never()] }, T0 + 1);
    expect(await read()).to.deep.equal([
      row({ do: "create", region: HOME, resource: "i-1", until: T0 + 1 + WEEK }),
      row({ until: T0 + 1 + WEEK }),
    ]);
    await writeRefused(bucket, await read(), { create: [], copy: [] }, T0 + 1 + WEEK);
    expect(await read()).to.deep.equal([]);
  });

  it("is read of every region that can be read, and a region that cannot says nothing", async () => {
    const [own, peer] = [new MemoryBucket(), new MemoryBucket()];
    await own.write(REFUSED_KEY, [row(), "odd"]);
    await peer.write(REFUSED_KEY, { not: "a list" });
    const broken = { read: () => Promise.reject(new Error("denied")) };
    const unread: unknown[] = [];
    expect(await readRefused([own, peer, broken], (error) => unread.push(error))).to.deep.equal([row()]);
    expect(unread).to.have.length(1);
  });
});
