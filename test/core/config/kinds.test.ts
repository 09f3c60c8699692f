import { expect } from "chai";
import * as v from "valibot";
import { doc } from "../../../core/config/doc.js";
import { fields } from "../../../core/config/fields.js";
import { type Kinds, kindsInUse } from "../../../core/config/kinds.js";
import { ConfigError } from "../../../core/config/problems.js";
import { quotasOf } from "../../../core/config/quotas.js";
import { readSettings } from "../../../core/config/settings.js";
import { whole } from "../../../core/config/values.js";
import { RULES } from "../../../kinds/rules.js";
import { ebs } from "../../support/ebs.js";
import { policy, problems, raw } from "../policies.js";

/** A kind that locks nothing, and copies to the west alone. */
const toy = {
  resourceKinds: ["box", "chest"],
  config: {
    policy: fields("an object with deep", {
      deep: v.exactOptional(v.pipe(whole(1), doc("whole number", "how deep"))),
      lock: v.exactOptional(v.pipe(v.never("nothing: toys know no locks"), doc("object", "nothing", ""))),
    }),
    cannotCopy: ({ resourceKind, from, to }: { resourceKind: string; from: string; to: string }) =>
      resourceKind === "chest" && to !== "us-west-2" ? `no chest goes from ${from} to ${to}` : undefined,
  },
} as const;
const kinds: Kinds = { ...RULES, toy };
const deep = { kinds: ["box"], toy: { deep: 2 } };
const into = (region: string) => ({ copy: [{ region, retain: { count: 1 } }] });

describe("config of several kinds", () => {
  it("hands each kind its own section, and mixes them", () => {
    const read = (over: object) => readSettings(raw(over), kinds).policies[0];
    expect(read(deep)).to.deep.equal({ ...policy, kinds: ["box"], sections: { toy: { deep: 2 } } });
    const mixed = { kinds: ["instance", "box"] };
    expect(read({ ...mixed, toy: { deep: 2 }, ebs: { copyTags: true } })).to.deep.equal({
      ...{ ...policy, ...mixed },
      sections: { toy: { deep: 2 }, ...ebs({ copyTags: true }).sections },
    });
  });

  it("knows no words of a kind that is not there", () => {
    expect(problems(deep)).to.deep.equal([
      ["toy", 'no such key, but "copy"'],
      ["kinds[0]", '"instance" or "volume" or "fsx" or "ontap-volume"'],
    ]);
  });

  it("names the kinds that have quotas, and no others, where quotas are wrong", () => {
    const told = (value: unknown) => v.safeParse(quotasOf(kinds), value).issues?.map(({ message }) => message);
    expect(told(3)).to.deep.equal(["an object with any of fsx"]);
    expect(told({ fsx: { openzfs: 1000 } })).to.equal(undefined);
  });

  it("refuses a section where the policy has no such resources, also of a copy and where kinds is not given", () => {
    const lock = { mode: "governance", days: 1 };
    const copy = [{ region: "us-west-2", retain: { count: 1 }, ebs: { lock } }];
    expect(problems({ ...deep, ebs: { copyTags: true }, copy }, kinds)).to.deep.equal([
      ["ebs", "nothing, unless kinds has instance or volume"],
      ["copy[0].ebs", "nothing, unless kinds has instance or volume"],
    ]);
    expect(problems({ toy: { deep: 1 } }, kinds)).to.deep.equal([["toy", "nothing, unless kinds has box or chest"]]);
  });

  it("refuses what a kind cannot do, with the reason, and everything else that is wrong at once", () => {
    expect(problems({ ...deep, toy: { lock: {}, deep: 0 } }, kinds)).to.deep.equal([
      ["toy.deep", "a whole number from 1"],
      ["toy.lock", "nothing: toys know no locks"],
    ]);
    expect(problems({ kinds: ["box", "chest"], ...into("us-west-2") }, kinds)).to.deep.equal([]);
    expect(problems({ kinds: ["instance", "box"], ...into("eu-west-1") }, kinds)).to.deep.equal([]);
    expect(problems({ kinds: ["chest"], toy: { deep: 0 }, ...into("eu-west-1") }, kinds)).to.deep.equal([
      ["toy.deep", "a whole number from 1"],
      ["copy[0].region", "nothing: no chest goes from us-east-1 to eu-west-1"],
    ]);
    // Where it can be done for others, it is done for those: of the rest a run tells.
    for (const mixed of [
      ["instance", "chest"],
      ["box", "chest"],
    ])
      expect(problems({ kinds: mixed, ...into("eu-west-1") }, kinds)).to.deep.equal([]);
  });

  it("looks after what policies protect by default, and after what a policy or alsoKinds names", () => {
    const inUse = (over: object, more: object = {}) =>
      kindsInUse(kinds, readSettings({ ...raw(over), ...more }, kinds));
    expect(inUse({})).to.deep.equal(["ebs"]);
    expect(inUse({ kinds: ["chest"] })).to.deep.equal(["ebs", "toy"]);
    expect(inUse({ kinds: ["ontap-volume", "instance"] })).to.deep.equal(["ebs", "fsx"]);
    expect(inUse({}, { alsoKinds: ["toy", "fsx"] })).to.deep.equal(["ebs", "fsx", "toy"]);
    expect(inUse({}, { policies: [], alsoKinds: ["fsx"] })).to.deep.equal(["ebs", "fsx"]);
    for (const alsoKinds of [["ebs"], ["chest"], ["fsx", "fsx"]])
      expect(() => inUse({}, { alsoKinds }), alsoKinds.join()).to.throw(ConfigError, "alsoKinds");
  });

  it("has templates name what a kind that is there knows", () => {
    const own: Kinds = { ...RULES, toy: { ...toy, config: { ...toy.config, placeholders: ["lid"] } } };
    const pointTags = { Lid: "{lid} of {volume-id}" };
    expect(problems({ pointTags }, own)).to.deep.equal([]);
    const [[key, want = ""] = [], ...more] = problems({ pointTags });
    expect([key, more]).to.deep.equal(["pointTags.Lid", []]);
    expect(want).to.match(/^one of policy, .*, instance-id, volume-id, device in braces/);
  });

  it("tells where a key belongs, whichever kind it is of", () => {
    expect(problems({ kinds: ["box"], deep: 2, exclude: {} }, kinds)).to.deep.equal([
      ["deep", 'no such key, but "deep" under "toy"'],
      ["exclude", 'no such key, but "exclude" under "ebs"'],
    ]);
  });
});
