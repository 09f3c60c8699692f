import { expect } from "chai";
import fc from "fast-check";
import type { CopyTags } from "../../../core/config/copy-tags.js";
import type { Create, Member } from "../../../core/model/model.js";
import { wantedTags } from "../../../core/model/own-tags.js";
import { copyTags } from "../../../core/model/point-tags.js";
import { TAG } from "../../../core/names/tags.js";
import { carriedTags, formatLeftOff } from "../../../kinds/ebs/carried-tags.js";
import { copyDetail, createDetail } from "../../../kinds/ebs/details.js";
import { DR, HOME, instance, only, plan, point, policy, SLOT, world } from "../../core/worlds.js";
import { ebs } from "../../support/ebs.js";

const volume = (id: string, tags: Record<string, string>): Member => ({
  id,
  detail: { device: `/dev/${id}`, boot: false },
  sizeGiB: 1,
  createdAt: 0,
  tags,
});
const own = { tags: { Team: "data" } };
/** 14 of ours, the name, and one of the stack: 34 are left. */
const ROOM = 50 - Object.keys(TAG).length - 1 - Object.keys(own.tags).length;
const numbered = (n: number): Record<string, string> =>
  Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${String(i).padStart(2, "0")}`, "v"]));

describe("tags that volumes give to their snapshots", () => {
  it("are none unless the policy asks", () => {
    expect(carriedTags([volume("a", { App: "x" })], undefined, {})).to.equal(undefined);
    expect(wantedTags({ App: "x" }, undefined, {}).tags).to.deep.equal({});
  });

  it("are copied by AWS where all of them are wanted and fit", () => {
    const volumes = [volume("a", { Name: "root", App: "x" }), volume("b", { Name: "data" })];
    expect(carriedTags(volumes, true, own)).to.deep.equal({ fromSource: true, tags: {} });
    expect(carriedTags(volumes, ["Name", "App"], own)).to.deep.equal({ fromSource: true, tags: {} });
    expect(formatLeftOff(volumes, true, own)).to.equal(undefined);
  });

  it("D2-F27: are those that a filter takes, by patterns of keys", () => {
    const tags = { "app:a": "1", "app:secret": "2", Owner: "3", Other: "4" };
    const kept = (rule: CopyTags) => Object.keys(wantedTags(tags, rule, own).tags);
    expect(kept({ only: ["app:*", "Owner"] })).to.deep.equal(["Owner", "app:a", "app:secret"]);
    expect(kept({ except: ["*secret*"] })).to.deep.equal(["Other", "Owner", "app:a"]);
    expect(kept({ only: ["app:*"], except: ["*secret*"] })).to.deep.equal(["app:a"]);
    expect(wantedTags(tags, { only: ["x*"] }, own), "nothing is left off that was not wanted").to.deep.equal({
      tags: {},
      left: [],
    });
    expect(
      carriedTags([volume("a", { Owner: "x" }), volume("b", { Owner: "y" })], { except: ["Z"] }, own),
    ).to.deep.equal({
      fromSource: true,
      tags: {},
    });
  });

  const dangers: [string, Record<string, string>][] = [
    ["a tag of AWS, which would fail the whole set", { "aws:cloudformation:stack-name": "s" }],
    ["a tag that says what a point is", { "lockstep:policy": "other" }],
    ["a hold on every point", { KeepForever: "" }],
    ["a key of the stack's own tags", { Team: "web" }],
    ["a tag past the limit of 50, which would fail the whole set", numbered(ROOM + 1)],
  ];
  for (const [title, tags] of dangers) {
    it(`are not copied by AWS with ${title}: those they share go in the call, and a person is told`, () => {
      const volumes = [volume("a", { ...tags, App: "x" }), volume("b", { App: "x" })];
      expect(carriedTags(volumes, true, own)).to.deep.equal({ fromSource: false, tags: { App: "x" } });
      const [key = ""] = Object.keys(tags).toReversed();
      expect(formatLeftOff(volumes, true, own)).to.contain(key.startsWith("k") ? "past 50 tags" : key);
    });
  }

  it("of one volume go in the call, as many as fit, always the same ones", () => {
    const tags = numbered(ROOM + 2);
    const carried = carriedTags([volume("a", tags)], true, own);
    expect(Object.keys(carried?.tags ?? {})).to.deep.equal(Object.keys(tags).slice(0, ROOM));
    expect(formatLeftOff([volume("a", tags)], true, own)).to.equal(
      "tags of its volumes are left off its points: k34, k35 (past 50 tags)",
    );
  });

  it("by a list go in the list's order, and a volume's name needs no room of its own", () => {
    const tags = { ...numbered(ROOM), Name: "root", Last: "1" };
    const { tags: wanted, left } = wantedTags(tags, ["Last", ...Object.keys(numbered(ROOM)), "Name", "Absent"], own);
    expect(wanted).to.include({ Last: "1", Name: "root", k00: "v" });
    expect(left).to.deep.equal([{ key: "k33", why: "past 50 tags" }]);
  });

  it("that differ between volumes are said to be on copies only", () => {
    const volumes = [volume("a", { App: "x", Name: "root", Extra: "1" }), volume("b", { App: "x", Name: "data" })];
    expect(carriedTags(volumes, ["App", "Name"], {})).to.deep.equal({ fromSource: false, tags: { App: "x" } });
    expect(formatLeftOff(volumes, ["App", "Name"], {})).to.contain(
      "Name (the volumes differ, so that only copies have it)",
    );
  });

  it("never make a snapshot or a copy of more than 50 tags, nor change one of ours", () => {
    const key = fc.oneof(
      fc.constantFrom("aws:x", "AWS:x", "lockstep:point", "lockstep:taken", "KeepForever", "Team", "Name"),
      fc.nat({ max: 60 }).map((n) => `k${n}`),
    );
    const tags = fc.dictionary(key, fc.constant("v"), { maxKeys: 60 });
    const rule: fc.Arbitrary<CopyTags> = fc.oneof(fc.constant(true as const), fc.array(key));
    const [copied] = only(plan(world({ points: [point({ at: SLOT })] })), "copy");
    if (copied === undefined) throw new Error("no copy was planned");
    const ours = copyTags({ deployment: "d", ...own }, copied);
    fc.assert(
      fc.property(fc.array(tags, { minLength: 1, maxLength: 3 }), rule, (list, r) => {
        const volumes = list.map((t, i) => volume(`vol-${i}`, t));
        const carried = carriedTags(volumes, r, own);
        for (const { tags: t } of volumes) {
          const copy = { Name: "n", ...wantedTags(t, r, own).tags, ...ours };
          expect(Object.keys(copy)).to.have.length.at.most(50);
          const made = { Name: "n", ...(carried?.fromSource ? t : carried?.tags), ...ours };
          expect(Object.keys(made)).to.have.length.at.most(50);
          for (const all of [copy, made]) {
            expect(all).to.include(ours);
            expect(Object.keys(all).filter((k) => /^(aws:|KeepForever)/i.test(k))).to.deep.equal([]);
          }
        }
      }),
    );
  });
});

const detailIn = (create: Create | undefined) => create && createDetail(create);

describe("planner: tags and keys", () => {
  const tagged = instance("i-1", ["vol-1"]);
  const resources = [{ ...tagged, members: tagged.members.map((v) => ({ ...v, tags: { App: "x", "aws:a": "b" } })) }];

  it("puts the volumes' tags in the create, and tells what is left off though a point is made", () => {
    const actions = plan(world({ policies: [policy({ ...ebs({ copyTags: true }), copy: [] })], resources }));
    expect(detailIn(only(actions, "create")[0])?.carried).to.deep.equal({ fromSource: false, tags: { App: "x" } });
    expect(only(actions, "alert").map(({ cause, resource }) => [cause, resource])).to.deep.equal([
      ["tags-left-off", "i-1"],
    ]);
  });

  it("counts the stack's own tags", () => {
    const policies = [policy({ ...ebs({ copyTags: ["App"] }), copy: [] })];
    const [create] = only(plan(world({ policies, resources, tags: { App: "mine" } })), "create");
    expect(detailIn(create)?.carried?.tags).to.deep.equal({});
  });

  it("gives each copy the key of its region and the rule for tags", () => {
    const copy = [
      { region: DR, retain: { count: 1 }, kmsKey: "alias/dr" },
      { region: "eu-west-1", retain: { count: 1 } },
    ];
    const policies = [policy({ ...ebs({ copyTags: ["App"] }), copy })];
    const copies = only(plan(world({ policies, points: [point({ at: SLOT })] })), "copy");
    expect(copies.map((copy) => [copy.region, copy.kmsKey, copyDetail(copy).copyTags])).to.deep.equal([
      ["eu-west-1", undefined, ["App"]],
      [DR, "alias/dr", ["App"]],
    ]);
    expect(copies.every(({ home }) => home === HOME)).to.equal(true);
  });
});
