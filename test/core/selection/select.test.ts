import { expect } from "chai";
import fc from "fast-check";
import type { Resource, TagExpression } from "../../../core/model/model.js";
import { formatSelect, matches, selection, selects } from "../../../core/selection/select.js";
import { RULES } from "../../../kinds/rules.js";
import { ebs } from "../../support/ebs.js";
import { instance, policy } from "../worlds.js";

const volume = (id: string, over: Partial<Resource> = {}): Resource => ({
  ...instance(id, [id]),
  kind: "volume",
  ...over,
});

const word = fc.constantFrom("Backup", "Env", "Tier", "toString", "");
const tags = fc.dictionary(word, fc.constantFrom("a", "b", ""), { maxKeys: 4 });
const { expression } = fc.letrec<{ expression: TagExpression; tag: TagExpression }>((tie) => ({
  tag: fc.oneof(
    fc.record({ key: word }),
    fc.record({ keyLike: fc.constantFrom("*", "B*", "?nv"), prefix: fc.constantFrom("", "a") }),
    fc.record({ key: word, value: fc.constantFrom("a", "b", "") }),
  ),
  expression: fc.oneof(
    { maxDepth: 4, withCrossShrink: true },
    tie("tag"),
    fc.record({ all: fc.array(tie("expression"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ any: fc.array(tie("expression"), { minLength: 1, maxLength: 3 }) }),
    fc.record({ not: tie("expression") }),
  ),
}));
const not = (one: TagExpression): TagExpression => ({ not: one });

describe("selection", () => {
  const daily = { Backup: "daily", Env: "prod" };
  const cases: [string, TagExpression, boolean][] = [
    ["the short form", { key: "Backup", value: "daily" }, true],
    ["another value", { key: "Backup", value: "Daily" }, false],
    ["another key", { key: "backup", value: "daily" }, false],
    ["a key with any value", { key: "Env" }, true],
    ["a key that every object has", { key: "constructor" }, false],
    ["an empty value where there is no tag", { key: "Tier", value: "" }, false],
    ["all", { all: [{ key: "Backup" }, { key: "Env", value: "prod" }] }, true],
    ["all but one", { all: [{ key: "Backup" }, { key: "Env", value: "test" }] }, false],
    ["any", { any: [{ key: "Tier" }, { key: "Env", value: "prod" }] }, true],
    ["none of any", { any: [{ key: "Tier" }, { key: "Env", value: "test" }] }, false],
    ["not", { all: [{ key: "Backup" }, { not: { key: "Env", value: "test" } }] }, true],
    ["a value that begins so", { key: "Env", prefix: "pr" }, true],
    ["a value that does not begin so", { key: "Env", prefix: "od" }, false],
    ["a value like a pattern", { key: "Env", like: "p*d" }, true],
    ["a value unlike a pattern", { key: "Env", like: "p?d" }, false],
    ["a key that begins so", { keyPrefix: "Back" }, true],
    ["a key like a pattern, and a value", { keyLike: "?nv", value: "prod" }, true],
    ["a key like a pattern, whose value is another's", { keyLike: "?nv", value: "daily" }, false],
    ["a key that begins so on no tag", { keyPrefix: "kubernetes.io/cluster/" }, false],
    ["not like", { not: { key: "Backup", like: "week*" } }, true],
    ["not, of what is there", { not: { any: [{ key: "Tier" }, { key: "Env" }] } }, false],
  ];
  for (const [title, select, wanted] of cases) {
    it(`by ${title} ${wanted ? "takes" : "leaves"} it`, () => expect(matches(select, daily)).to.equal(wanted));
  }

  it("everything is everything, tagged or not", () => {
    fc.assert(fc.property(tags, (t) => matches({ everything: true }, t)));
  });

  it("follows the laws of logic", () => {
    fc.assert(
      fc.property(fc.array(expression, { minLength: 1, maxLength: 3 }), tags, (list, t) => {
        const of = (select: TagExpression): boolean => matches(select, t);
        const [first = { key: "x" }] = list;
        expect(of(not(first))).to.equal(!of(first));
        expect(of(not(not(first)))).to.equal(of(first));
        expect(of({ all: [first] }))
          .to.equal(of(first))
          .and.to.equal(of({ any: [first] }));
        // De Morgan
        expect(of(not({ all: list }))).to.equal(of({ any: list.map(not) }));
        expect(of(not({ any: list }))).to.equal(of({ all: list.map(not) }));
        // Order and repetition mean nothing; more in `all` never takes more, more in `any` never less.
        expect(of({ all: list.toReversed() })).to.equal(of({ all: [...list, ...list] }));
        expect(of({ any: list.toReversed() })).to.equal(of({ any: [...list, ...list] }));
        if (of({ all: list })) expect(list.every(of)).to.equal(true);
        if (list.some(of)) expect(of({ any: list })).to.equal(true);
      }),
    );
  });

  it("says itself in words", () => {
    const select = { all: [{ key: "Backup" }, { any: [{ key: "Env", value: "prod" }] }, { not: { key: "Tier" } }] };
    expect(formatSelect(select)).to.equal("all of (the tag Backup, any of (the tag Env=prod), not (the tag Tier))");
    expect(formatSelect({ everything: true })).to.equal("everything");
    const patterns = [
      { keyLike: "a*" },
      { keyPrefix: "b", value: "c" },
      { key: "d", like: "e?" },
      { key: "f", prefix: "g" },
    ];
    expect(formatSelect({ any: patterns })).to.equal(
      "any of (the tag like a*, the tag that begins with b=c, the tag d with a value like e?, the tag f with a value that begins with g)",
    );
  });

  it("takes instances unless other kinds are asked for", () => {
    const resources = [instance("i-1"), volume("vol-9")];
    const taken = (kinds?: ("instance" | "volume")[]) =>
      selection({ policies: [policy(kinds === undefined ? {} : { kinds })], resources }, RULES.ebs)
        .get("hourly")
        ?.map(({ id }) => id);
    expect(taken()).to.deep.equal(["i-1"]);
    expect(taken(["volume"])).to.deep.equal(["vol-9"]);
    expect(taken(["volume", "instance"])).to.deep.equal(["i-1", "vol-9"]);
  });

  it("takes no single volume that the policy excludes, and an instance all the same", () => {
    const scratch = policy({ kinds: ["instance", "volume"], ...ebs({ exclude: { devices: ["/dev/sda"] } }) });
    expect(selects(scratch, volume("vol-9"), RULES.ebs)).to.equal(false);
    expect(selects(scratch, instance("i-1", ["vol-1", "vol-2"]), RULES.ebs)).to.equal(true);
  });
});
