import { expect } from "chai";
import fc from "fast-check";
import { placeholdersOf } from "../../../core/config/kinds.js";
import { ConfigError } from "../../../core/config/problems.js";
import { readSettings } from "../../../core/config/settings.js";
import { render } from "../../../core/model/labels.js";
import type { Artifact, Point, Resource } from "../../../core/model/model.js";
import { wantedTags } from "../../../core/model/own-tags.js";
import { TAG } from "../../../core/names/tags.js";
import type { Labels } from "../../../core/names/templates.js";
import { literalOf, mistakeIn as mistakeOf } from "../../../core/names/templates.js";
import { formatLeftOff } from "../../../kinds/ebs/carried-tags.js";
import { artifactDetail, copyDetail, createDetail, finalizeDetail } from "../../../kinds/ebs/details.js";
import { ebsValuesOf, splitLabels } from "../../../kinds/ebs/labels.js";
import { RULES } from "../../../kinds/rules.js";
import { DAY, DR, HOME, instance, only, plan, point, policy, SLOT, type WorldInput, world } from "../../core/worlds.js";

const PLACEHOLDERS = placeholdersOf(RULES);
const mistakeIn = (template: string) => mistakeOf(template, PLACEHOLDERS);

const fill = (template: string, values: Record<string, string>): string | undefined =>
  render({ templates: { k: template }, values })["k"];
const at = (timezone: string | undefined, scheduled: number) =>
  ebsValuesOf({
    policy: { name: "nightly", ...(timezone === undefined ? {} : { timezone }) },
    resource: { id: "i-1", kind: "instance", name: "db" },
    point: "lsp-1",
    scheduled,
    region: DR,
    home: HOME,
  });

describe("templates of tags", () => {
  it("fill in what is known of a point, its time in the policy's zone", () => {
    const all = "{policy} {kind} {resource-id} {instance-id} {name} {point-id} {region} {home}";
    expect(fill(all, at(undefined, SLOT))).to.equal("nightly instance i-1 i-1 db lsp-1 us-west-2 us-east-1");
    const times = "{iso-datetime} {iso-date} {iso-time} {year}/{month}/{day} {hour}:{minute} {iso-weekday} {timezone}";
    expect(fill(times, at(undefined, SLOT))).to.equal(
      "2026-11-21T07:00:00Z 2026-11-21 07:00:00 2026/11/21 07:00 6 UTC",
    );
    const late = Date.UTC(2026, 6, 5, 23, 30);
    expect(fill(times, at("Europe/Berlin", late))).to.equal(
      "2026-07-06T01:30:00+02:00 2026-07-06 01:30:00 2026/07/06 01:30 1 Europe/Berlin",
    );
    expect(fill("{iso-datetime}", at("America/St_Johns", late))).to.equal("2026-07-05T21:00:00-02:30");
  });

  it("F-S10: what is filled in is never filled in again, and braces can be meant", () => {
    expect(fill("{name}", { name: "{policy} {{ $1 $& {name}", policy: "secret" })).to.equal("{policy} {{ $1 $& {name}");
    expect(fill("{{name}} {{{name}}}", { name: "x" })).to.equal("{name} {x}");
    expect(fill("{constructor}{name}", {})).to.equal("");
  });

  it("cut what AWS has no room for, between characters", () => {
    expect(fill("a{name}", { name: "💾".repeat(200) })).to.equal(`a${"💾".repeat(127)}`);
  });

  it("say what is wrong with them", () => {
    for (const name of PLACEHOLDERS) expect(mistakeIn(`x {${name}} y`)).to.equal(undefined);
    const wrong = { "{Policy}": "{Policy}", "{": "{", "a}": "}", "{}": "{}", "{ssm:x}": "{ssm:x}", "{{}": "}" };
    for (const [template, mistake] of Object.entries(wrong)) expect(mistakeIn(template), template).to.equal(mistake);
    expect(literalOf("a{name}b{{c}}")).to.equal("ab{c}");
  });

  it("whatever the values, the text around them stays, and nothing is too long", () => {
    const value = fc.string({ unit: "grapheme", maxLength: 300 });
    const name = fc.constantFrom(...PLACEHOLDERS);
    const pieces = fc.array(
      fc.oneof(
        name.map((one) => ({ name: one })),
        fc.string({ maxLength: 5 }),
      ),
      { maxLength: 8 },
    );
    fc.assert(
      fc.property(pieces, fc.dictionary(name, value), (parts, values) => {
        const template = parts
          .map((one) => (typeof one === "string" ? one.replaceAll(/[{}]/g, (b) => b + b) : `{${one.name}}`))
          .join("");
        expect(mistakeIn(template)).to.equal(undefined);
        const whole = parts.map((one) => (typeof one === "string" ? one : (values[one.name] ?? ""))).join("");
        const filled = fill(template, values) ?? "";
        expect(filled.length).to.be.at.most(256);
        expect(whole.startsWith(filled)).to.equal(true);
        if (whole.length <= 256) expect(filled).to.equal(whole);
      }),
    );
  });
});

describe("tags by templates on points", () => {
  const pointTags = { Source: "{instance-id} {policy}", Disk: "{volume-id} {device}", Name: "{name} {iso-date}" };
  const tagging = policy({ pointTags });
  const host = instance("i-1", ["vol-1", "vol-2"]);
  const input = (over: WorldInput = {}): WorldInput => ({ policies: [tagging], resources: [host], ...over });
  const made = (tagged: Readonly<Record<string, readonly string[]>> = {}, over: { late?: number } = {}): Point => {
    const whole = point({ at: SLOT, parts: { "vol-1": "completed", "vol-2": "pending" }, ...over });
    const parts = whole.artifacts.map(
      (part): Artifact => ({ ...part, detail: { ...artifactDetail(part), tagged: tagged[part.member] ?? [] } }),
    );
    return { ...whole, artifacts: parts };
  };
  const finishes = (points: readonly Point[], over: WorldInput = {}) =>
    only(plan(world(input({ points, ...over }))), "finalize");

  it("are in the call as far as all snapshots of a set share them", () => {
    const [set] = only(plan(world(input())), "create");
    expect(set && createDetail(set).labels).to.deep.equal({ Source: "i-1 hourly", Name: "name of i-1 2026-11-21" });
    const single: Resource = { ...instance("vol-9", ["vol-9"]), kind: "volume" };
    const policies = [{ ...tagging, kinds: ["volume" as const] }];
    const [one] = only(plan(world({ policies, resources: [single] })), "create");
    expect(one && createDetail(one).labels).to.deep.equal({
      Source: " hourly",
      Name: "name of vol-9 2026-11-21",
      Disk: "vol-9 /dev/sda",
    });
  });

  it("of volumes are a step that any later run makes, until each snapshot has them", () => {
    const [step] = finishes([made()]);
    const [first, second] = made().artifacts.map(({ id: snapshot }) => snapshot);
    expect(step && finalizeDetail(step).tags).to.deep.equal({
      [first ?? ""]: { Disk: "vol-1 /dev/sda" },
      [second ?? ""]: { Disk: "vol-2 /dev/sdb" },
    });
    expect(step?.reason).to.equal("not tagged yet: Disk");
    expect(finishes([made({ "vol-1": ["Disk"] })])[0]?.artifacts).to.deep.equal([second]);
    expect(finishes([made({ "vol-1": ["Disk"], "vol-2": ["Disk"] })])).to.deep.equal([]);
  });

  it("are not written a day later, nor for a volume or a resource that is no more, nor where nobody wants them", () => {
    expect(finishes([made()], { now: SLOT + 2 * DAY })).to.deep.equal([]);
    expect(finishes([made()], { resources: [] })).to.deep.equal([]);
    expect(finishes([made()], { resources: [instance("i-1", ["vol-2"])] })[0]?.artifacts).to.have.length(1);
    expect(finishes([made()], { policies: [policy({ pointTags: { Source: "{policy}" } })] })).to.deep.equal([]);
    const failed = point({ at: SLOT, parts: { "vol-1": "error", "vol-2": "completed" } });
    expect(finishes([failed])).to.deep.equal([]);
  });

  it("are on copies, each with its own volume's, in the region that it goes to", () => {
    const templates = { Where: "{home} {region} {device}" };
    const whole = point({ at: SLOT, parts: { "vol-1": "completed" } });
    const [copy] = only(plan(world({ points: [whole], policies: [policy({ pointTags: templates })] })), "copy");
    const labels: Labels = (copy && copyDetail(copy).labels) ?? { templates: {}, values: {} };
    expect(render(labels, { device: "/dev/sdz" })).to.deep.equal({ Where: "us-east-1 us-west-2 /dev/sdz" });
    const gone = plan(world({ points: [whole], policies: [policy({ pointTags })], resources: [] }));
    const [unnamed] = only(gone, "copy");
    expect(unnamed && copyDetail(unnamed).labels?.values["name"], "nobody knows its name any more").to.equal("i-1");
  });

  it("come before the volumes' own, and take room that those then lack", () => {
    const own = { labels: Object.keys(pointTags) };
    const tags = { Disk: "mine", ...Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`k${i}`, "v"])) };
    const wanted = wantedTags(tags, true, own);
    expect(Object.keys(wanted.tags)).to.have.length(50 - Object.keys(TAG).length - 3);
    expect(wanted.left.find(({ key }) => key === "Disk")?.why).to.equal("the policy has a tag of that key");
    const volumes = host.members.map((volume) => ({ ...volume, tags: { Disk: "mine" } }));
    expect(formatLeftOff(volumes, true, own)).to.contain("Disk (the policy has a tag of that key)");
  });

  it("split into those of a point and those of a volume", () => {
    expect(splitLabels(pointTags).ofMember).to.have.all.keys("Disk");
    expect(splitLabels({ a: "{{device}}" }).ofMember).to.deep.equal({});
  });
});

describe("pointTags in config", () => {
  const problems = (pointTags: unknown, tags: object = {}): string[] => {
    const one = { name: "p", select: { key: "k" }, schedule: "rate(1 hour)", retain: { count: 1 }, pointTags };
    try {
      readSettings({ role: "primary", region: HOME, tags, policies: [one] }, RULES);
    } catch (error) {
      if (!(error instanceof ConfigError)) throw error;
      return error.problems.map(({ key, want }) => `${key.replace("policies[0].", "")}: ${want}`);
    }
    return [];
  };
  const many = (n: number) => Object.fromEntries(Array.from({ length: n }, (_, i) => [`k${i}`, "v"]));

  it("takes keys and templates that AWS takes", () => {
    expect(problems({ Source: "{instance-id} {policy} {region} {iso-datetime}", Name: "x {device}" })).to.deep.equal(
      [],
    );
  });

  it("takes any other text, as EC2 does: nothing but snapshots gets it", () => {
    const pointTags = { "rabbit.names": "flopsy;mopsy", "Made (UTC)": "{iso-datetime}", Owner: "R&D #4" };
    expect(problems(pointTags)).to.deep.equal([]);
  });

  const wrong: readonly [string, unknown, string][] = [
    ["no templates", {}, "pointTags: tag keys with templates"],
    ["a list", ["a"], "pointTags: tag keys with templates"],
    ["a key of ours", { "lockstep:point": "x" }, "not one that starts with aws: or lockstep:"],
    ["a key of AWS", { "aws:x": "x" }, "not one that starts with aws: or lockstep:"],
    ["the tag that keeps for ever", { KeepForever: "x" }, "it would keep every point for ever"],
    ["no text", { k: 5 }, "pointTags.k: text of at most 256"],
    ["a placeholder that nobody knows", { k: "{account}" }, "one of policy, kind"],
    ["a brace alone", { k: "{policy" }, "{{ and }} mean the braces"],
    ["what the answers of EC2 cannot have", { k: "{policy}\n" }, "without line breaks and other control characters"],
  ];
  for (const [title, pointTags, want] of wrong) {
    it(`refuses ${title}`, () => {
      const [said, ...more] = problems(pointTags);
      expect(said).to.contain(want);
      expect(more).to.deep.equal([]);
    });
  }

  it("counts them before AWS does: 50 with ours, the name and the stack's", () => {
    const room = 50 - Object.keys(TAG).length - 1;
    expect(problems({ ...many(room - 2), Name: "{name}" }, { a: "1", b: "2" })).to.deep.equal([]);
    expect(problems(many(room - 1), { a: "1", b: "2" })).to.have.length(1);
    expect(problems({ k: "x" }, { k: "1" })[0]).to.contain("a key that lockstep:tags does not have");
  });
});
