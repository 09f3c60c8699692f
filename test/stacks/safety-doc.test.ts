import { readFile } from "node:fs/promises";
import { resolve } from "node:path";
import { expect } from "chai";

const ROOT = resolve(__dirname, "..", "..");
const DOC = resolve(ROOT, "docs", "safety.md");

/** A cell that names tests: the file in backticks, then titles in quotes. */
const TEST = /`(test\/[^`]+)`:((?: ?"[^"]+",?)+)/g;

describe("docs/safety.md", () => {
  it("names a test in every row, and each of them exists", async () => {
    const rows = (await readFile(DOC, "utf8")).split("\n").filter((line) => /^\| [A-Z0-9]/.test(line));
    expect(rows).to.have.length.above(10);
    for (const row of rows) {
      const named = [...row.matchAll(TEST)];
      expect(named, row).to.have.length.above(0);
      for (const [, file = "", titles = ""] of named) {
        const code = await readFile(resolve(ROOT, file), "utf8");
        for (const [, title = ""] of titles.matchAll(/"([^"]+)"/g)) expect(code, file).to.contain(title);
      }
    }
  });
});
