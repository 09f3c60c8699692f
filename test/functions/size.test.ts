import { expect } from "chai";
import { LIMIT, measure } from "../../bench/sizes.js";
import { FUNCTIONS } from "../../core/names.js";

describe("the functions' packages", () => {
  for (const fn of FUNCTIONS) {
    it(`${fn} is small: what we wrote, its libraries, and the archive with the SDK`, async () => {
      const { own, zip } = await measure(fn);
      expect(own, "our code with its libraries").to.be.within(1, LIMIT.own);
      expect(zip, "the archive").to.be.within(1, LIMIT.zip);
    });
  }
});
