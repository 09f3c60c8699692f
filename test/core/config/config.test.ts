import { expect } from "chai";
import fc from "fast-check";
import { ConfigError } from "../../../core/config/problems.js";
import { readSettings } from "../../../core/config/settings.js";
import { FUNCTIONS, names } from "../../../core/names/names.js";
import { RULES } from "../../../kinds/rules.js";
import { runs } from "../../support/chance.js";
import { policy, problems, right, withPolicy } from "./configs.js";

describe("config", () => {
  it("reads what is right", () => {
    expect(readSettings(right, RULES)).to.deep.equal({
      deployment: "lockstep",
      role: "primary",
      region: "us-east-1",
      peers: ["us-west-2"],
      tags: { Team: "data" },
      tagNames: {
        keepForever: "KeepForever",
        backup: "Backup",
        retention: "Retention",
        crossRegion: "BackupCrossRegion",
      },
      orphanAfterMs: 90 * 86_400_000,
      approveAbove: 1000,
      policies: [
        {
          ...policy,
          retain: { count: 3, ageMs: 604_800_000 },
          copy: [{ region: "us-west-2", retain: { ageMs: 1_209_600_000 } }],
        },
      ],
    });
  });

  it("needs neither tags, nor copies, nor peers on a primary", () => {
    const { copy, ...plain } = policy;
    expect(copy).to.have.length(1);
    const settings = readSettings({ role: "primary", region: "us-east-1", policies: [plain] }, RULES);
    expect(settings).to.deep.include({ peers: [], tags: {} });
    expect(settings.policies[0]?.copy).to.deep.equal([]);
  });

  it("takes another name for the tag that keeps for ever, and refuses it among the stack's own tags", () => {
    const tagNames = { keepForever: "legal:hold" };
    expect(readSettings({ ...right, tagNames }, RULES).tagNames).to.deep.include(tagNames);
    expect(problems({ ...right, tagNames, tags: { "legal:hold": "1" } })).to.have.all.keys("tags.legal:hold");
    expect(problems({ ...right, tagNames, tags: { KeepForever: "1" } })).to.deep.equal({});
    expect(problems({ ...right, tagNames: { keepForever: "aws:hold", retention: 7 } })).to.have.all.keys(
      "tagNames.keepForever",
      "tagNames.retention",
    );
  });

  it("takes other names for the tags of resources, or heeds none of them, but never two of one name", () => {
    const own = { keepForever: "Hold", backup: "Save", retention: "Days", crossRegion: "Regions" };
    expect(readSettings({ ...right, tagNames: own }, RULES).tagNames).to.deep.equal(own);
    const off = { backup: false, retention: false, crossRegion: false };
    expect(readSettings({ ...right, tagNames: off }, RULES).tagNames).to.deep.equal({ keepForever: "KeepForever" });
    expect(problems({ ...right, tagNames: { keepForever: false } })).to.have.all.keys("tagNames.keepForever");
    expect(problems({ ...right, tagNames: { retention: "Backup" } })).to.deep.equal({
      "tagNames.retention": "a key of its own; tagNames.backup has it",
    });
  });

  it("refuses a dr stack in a region that no policy copies to", () => {
    const dr = { ...right, role: "dr", region: "us-west-1", peers: ["us-east-1"] };
    const to = (copy: object[]) => problems({ ...dr, policies: [{ ...policy, copy }] })["region"];
    expect(to(policy.copy)).to.contain("a region that a policy copies to").and.to.contain("us-west-2");
    expect(to([])).to.contain("none");
    expect(problems({ ...dr, region: "us-west-2" })).to.deep.equal({});
  });

  it("takes policies of other copy regions on a dr stack, since all stacks share them", () => {
    const copy = ["us-west-2", "eu-west-1"].map((region) => ({ region, retain: { count: 1 } }));
    const dr = { ...right, role: "dr", region: "us-west-2", peers: ["us-east-1"], policies: [{ ...policy, copy }] };
    expect(problems(dr)).to.deep.equal({});
  });

  it("lets every name that follows from it fit its service", () => {
    const deployment = "d".repeat(24);
    for (const role of ["primary", "dr"] as const) {
      const of = names(deployment, role);
      for (const fn of FUNCTIONS) expect(of.lambda(fn)).to.have.length.at.most(64);
      expect(of.iamRole("ap-southeast-2", "state-machine")).to.have.length.at.most(64);
      expect(of.bucket("123456789012", "ap-southeast-2")).to.have.length.at.most(63);
    }
    const settings = readSettings({ ...right, deployment, policies: [{ ...policy, name: "p".repeat(23) }] }, RULES);
    expect(names(deployment, "primary").policySchedule(settings.policies[0]?.name ?? "")).to.have.length.at.most(64);
  });

  it("knows the regions of every partition", () => {
    for (const region of ["us-gov-east-1", "cn-northwest-1", "ap-southeast-7", "mx-central-1", "eusc-de-east-1"]) {
      expect(problems({ ...right, region }), region).to.deep.equal({});
    }
  });

  it("throws nothing but ConfigError for what cannot even be turned into text", () => {
    const odd = { toString: [], valueOf: [] };
    const policies = [
      { ...policy, schedule: odd, ebs: { exclude: { volumeTags: { a: odd } }, lock: { mode: odd, days: odd } } },
    ];
    expect(() =>
      readSettings({ ...right, policies, tags: { a: odd }, tagNames: { keepForever: odd } }, RULES),
    ).to.throw(ConfigError);
  });

  it("throws nothing but ConfigError, whatever JSON it is given, and never for a part", () => {
    const bent = fc
      .tuple(fc.constantFrom(...Object.keys(right), ...Object.keys(policy)), fc.jsonValue())
      .map(([key, value]) => (key in right ? { ...right, [key]: value } : withPolicy({ [key]: value })));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), bent), (raw) => {
        try {
          const settings = readSettings(raw, RULES);
          return settings.policies.every(({ retain }) => (retain.count ?? 0) >= 1 || (retain.ageMs ?? 0) > 0);
        } catch (error) {
          return error instanceof ConfigError && error.problems.length > 0;
        }
      }),
      { numRuns: runs(1000) },
    );
  });

  it("refuses what is not JSON at all", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    for (const raw of [undefined, null, cycle, 10n, () => 1, Symbol("x"), { ...right, tags: cycle }]) {
      expect(() => readSettings(raw, RULES)).to.throw(ConfigError);
    }
  });
});
