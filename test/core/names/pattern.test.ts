import { expect } from "chai";
import fc from "fast-check";
import { isLike, isPattern } from "../../../core/names/pattern.js";

/** The meaning of a pattern, said as simply as can be; slow. */
function means(pattern: readonly string[], text: readonly string[]): boolean {
  const [first, ...rest] = pattern;
  const [char, ...left] = text;
  if (first === undefined) return text.length === 0;
  if (first === "*") return means(rest, text) || (char !== undefined && means(pattern, left));
  if (first === "\\") return char === rest[0] && means(rest.slice(1), left);
  return char !== undefined && (first === "?" || first === char) && means(rest, left);
}

describe("patterns", () => {
  const cases: readonly [string, string, boolean][] = [
    ["prod-*", "prod-web", true],
    ["prod-*", "prod-", true],
    ["prod-*", "xprod-web", false],
    ["*prod*", "xprodx", true],
    ["*-db-?", "eu-db-db-1", true],
    ["web-??", "web-1", false],
    ["Prod", "prod", false],
    ["*", "", true],
    ["?", "", false],
    ["?", "💾", true],
    ["a\\*", "a*", true],
    ["a\\*", "ab", false],
    ["a.c", "abc", false],
    ["[ab]", "a", false],
    ["", "", true],
    ["", "a", false],
    ["a\\", "a", false],
  ];
  for (const [pattern, text, wanted] of cases) {
    it(`${pattern || "nothing"} ${wanted ? "is like" : "is not like"} ${text || "nothing"}`, () =>
      expect(isLike(text, pattern)).to.equal(wanted));
  }

  it("mean what the simplest reading of them means", () => {
    const text = fc.string({ unit: fc.constantFrom("a", "b", "*"), maxLength: 8 });
    const pattern = fc.array(fc.constantFrom("a", "b", "?", "*", "\\*", "\\?", "\\\\"), { maxLength: 6 });
    fc.assert(
      fc.property(pattern, text, (parts, t) => {
        expect(isPattern(parts.join(""))).to.equal(true);
        expect(isLike(t, parts.join(""))).to.equal(means([...parts.join("")], [...t]));
      }),
    );
  });

  it("F-S10: a tag cannot make one take for ever", () => {
    const evil = `${"*a".repeat(60)}*b`;
    expect(isLike("a".repeat(256), evil)).to.equal(false);
  });
});
