import { expect } from "chai";
import fc from "fast-check";
import { pointId } from "../../../core/names/identity.js";

const base = { policy: "daily", home: "us-east-1", resource: "i-1", scheduled: Date.UTC(2026, 10, 21, 3) };

describe("identity", () => {
  it("is the same for ever: ids in AWS must be found again by later versions", () => {
    expect(pointId(base)).to.equal("lsp-dc3f6c62c4ff97672d8a");
  });

  it("differs when any part of it does, also where the parts run together", () => {
    const others = [
      { ...base, policy: "dailyu" },
      { ...base, home: "us-east-2" },
      { ...base, resource: "i-2" },
      { ...base, scheduled: base.scheduled + 1 },
      { ...base, policy: 'daily","us-east-1', home: "i-1" },
    ];
    expect(new Set([base, ...others].map(pointId)).size).to.equal(others.length + 1);
  });

  it("does not depend on the order of the fields", () => {
    const input = fc.record({ policy: fc.string(), home: fc.string(), resource: fc.string(), scheduled: fc.nat() });
    fc.assert(
      fc.property(input, ({ policy, home, resource, scheduled }) => {
        const id = pointId({ policy, home, resource, scheduled });
        return id === pointId({ scheduled, resource, home, policy }) && /^lsp-[0-9a-f]{20}$/.test(id);
      }),
    );
  });
});
