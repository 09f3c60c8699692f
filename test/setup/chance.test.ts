import { expect } from "chai";
import fc from "fast-check";
import { runs, SEED } from "../support/chance.js";

describe("chance in tests", () => {
  it("begins at the same seed in every run, and goes as deep as the command asks", () => {
    expect(fc.readConfigureGlobal()).to.include({ seed: SEED, numRuns: runs(100) });
  });
});
