import { expect } from "chai";
import fc from "fast-check";
import { ConfigError, readSettings } from "../../core/config.js";
import { FUNCTIONS, names } from "../../core/names.js";

const policy = {
  name: "daily",
  select: { key: "Backup", value: "daily" },
  schedule: "cron(0 3 * * ? *)",
  retain: { count: 3, age: "7d" },
  copy: [{ region: "us-west-2", retain: { age: "2w" } }],
};
const right = {
  role: "primary",
  region: "us-east-1",
  peers: ["us-west-2"],
  tags: { Team: "data" },
  policies: [policy],
};

function problems(raw: unknown): Record<string, string> {
  try {
    readSettings(raw);
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    for (const { key, want } of error.problems) expect(error.message).to.contain(`${key}: `).and.contain(want);
    return Object.fromEntries(error.problems.map(({ key, want }) => [key, want]));
  }
  return {};
}

const withPolicy = (over: object): object => ({ ...right, policies: [{ ...policy, ...over }] });

describe("config", () => {
  it("reads what is right", () => {
    expect(readSettings(right)).to.deep.equal({
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
    const settings = readSettings({ role: "primary", region: "us-east-1", policies: [plain] });
    expect(settings).to.deep.include({ peers: [], tags: {} });
    expect(settings.policies[0]?.copy).to.deep.equal([]);
  });

  it("takes another name for the tag that keeps for ever, and refuses it among the stack's own tags", () => {
    const tagNames = { keepForever: "legal:hold" };
    expect(readSettings({ ...right, tagNames }).tagNames).to.deep.include(tagNames);
    expect(problems({ ...right, tagNames, tags: { "legal:hold": "1" } })).to.have.all.keys("tags.legal:hold");
    expect(problems({ ...right, tagNames, tags: { KeepForever: "1" } })).to.deep.equal({});
    expect(problems({ ...right, tagNames: { keepForever: "aws:hold", retention: 7 } })).to.have.all.keys(
      "tagNames.keepForever",
      "tagNames.retention",
    );
  });

  it("takes other names for the tags of resources, or heeds none of them, but never two of one name", () => {
    const own = { keepForever: "Hold", backup: "Save", retention: "Days", crossRegion: "Regions" };
    expect(readSettings({ ...right, tagNames: own }).tagNames).to.deep.equal(own);
    const off = { backup: false, retention: false, crossRegion: false };
    expect(readSettings({ ...right, tagNames: off }).tagNames).to.deep.equal({ keepForever: "KeepForever" });
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

  it("lists everything that is wrong in one error, with the key, the value and what would be right", () => {
    const raw = {
      deployment: "Prod",
      role: "secondary",
      region: "us-east",
      peers: ["us-west-2", "us-west-2"],
      tags: { "aws:x": "1", n: 5 },
      polices: [],
      policies: [
        { ...policy, schedule: "rate(1 hours)", retain: {} },
        { ...policy, retain: { count: 0, age: "1.5 minutes" }, copy: [{ region: "us-west-2", retain: { day: 1 } }] },
      ],
    };
    let message = "";
    try {
      readSettings(raw);
    } catch (error) {
      message = String(error);
    }
    expect(message.split("\n")).to.deep.equal([
      "ConfigError: 13 wrong in the settings:",
      '  polices: []; right is no such key, but "policies"',
      '  deployment: "Prod"; right is lower case letters, digits and single hyphens, a letter first, at most 24 long',
      '  role: "secondary"; right is "primary" or "dr"',
      '  region: "us-east"; right is an AWS region like us-east-1',
      '  peers[1]: "us-west-2"; right is each region once',
      '  tags.aws:x: "aws:x"; right is a key that does not start with aws: or lockstep:, which are taken',
      "  tags.n: 5; right is text of at most 256 letters, digits, spaces or _ . : / = + - @",
      '  policies[0].schedule: "rate(1 hours)"; right is rate(1 hour)',
      "  policies[0].retain: {}; right is at least one of count, age, hourly, daily, weekly, monthly, yearly, like { count: 3, age: 7d } or { daily: 7, monthly: 12 }",
      "  policies[1].retain.count: 0; right is a whole number from 1",
      '  policies[1].retain.age: "1.5 minutes"; right is a whole number of hours, days or weeks, like 36h, 7d or 2w, up to 100 years',
      '  policies[1].copy[0].retain.day: 1; right is no such key, but "daily"',
      '  policies[1].name: "daily"; right is a name of its own; policies[0] has it',
    ]);
  });

  const cases: Record<string, [object, string, string]> = {
    "no role": [{ ...right, role: undefined }, "role", '"primary" or "dr"'],
    "no region": [{ ...right, region: undefined }, "region", "us-east-1"],
    "no policies": [{ ...right, policies: undefined }, "policies", "list"],
    "a peer that is the own region": [{ ...right, peers: ["us-west-2", "us-east-1"] }, "peers[1]", "another region"],
    "a peer that is none": [{ ...right, peers: ["us-west-2", "west"] }, "peers[1]", "us-east-1"],
    "a dr stack without peers": [
      { ...right, role: "dr", region: "us-west-2", peers: [] },
      "peers",
      "at least one region",
    ],
    "a long deployment": [{ ...right, deployment: "a".repeat(25) }, "deployment", "at most 24"],
    "a deployment of two hyphens": [{ ...right, deployment: "a--b" }, "deployment", "single hyphens"],
    "a deployment S3 reserves": [{ ...right, deployment: "sthree" }, "deployment", "lower case"],
    "a tag of ours": [{ ...right, tags: { "lockstep:policy": "x" } }, "tags.lockstep:policy", "taken"],
    "a hold on everything": [{ ...right, tags: { KeepForever: "yes" } }, "tags.KeepForever", "single snapshots"],
    "a long tag key": [{ ...right, tags: { ["k".repeat(129)]: "" } }, `tags.${"k".repeat(129)}`, "1 to 128"],
    "a long tag value": [{ ...right, tags: { k: "v".repeat(257) } }, "tags.k", "256"],
    "tags in a list": [{ ...right, tags: ["a"] }, "tags", "keys with their values"],
    "too many tags": [
      { ...right, tags: Object.fromEntries(Array.from({ length: 37 }, (_, i) => [`k${i}`, ""])) },
      "tags",
      "at most 35",
    ],
    "a policy without a name": [withPolicy({ name: "" }), "policies[0].name", "lower case"],
    "a long policy name": [withPolicy({ name: "p".repeat(41) }), "policies[0].name", "at most 40"],
    "no select": [withPolicy({ select: undefined }), "policies[0].select", "a tag"],
    "a select without a key": [withPolicy({ select: { key: "", value: "x" } }), "policies[0].select.key", "1 to 128"],
    "no schedule": [withPolicy({ schedule: undefined }), "policies[0].schedule", "rate(1 hour)"],
    "an empty schedule": [withPolicy({ schedule: "" }), "policies[0].schedule", "rate(1 hour)"],
    "no retain": [withPolicy({ retain: undefined }), "policies[0].retain", "count, age"],
    "a negative count": [withPolicy({ retain: { count: -1 } }), "policies[0].retain.count", "whole number"],
    "a fractional count": [withPolicy({ retain: { count: 1.5 } }), "policies[0].retain.count", "whole number"],
    "a count in text": [withPolicy({ retain: { count: "3" } }), "policies[0].retain.count", "whole number"],
    "a wrong count beside a right age": [
      withPolicy({ retain: { count: 0, age: "7d" } }),
      "policies[0].retain.count",
      "1",
    ],
    "an age of zero": [withPolicy({ retain: { age: "0d" } }), "policies[0].retain.age", "36h"],
    "an age in numbers": [withPolicy({ retain: { age: 7 } }), "policies[0].retain.age", "36h"],
    "a copy into the own region": [
      withPolicy({ copy: [{ region: "us-east-1", retain: { count: 1 } }] }),
      "policies[0].copy[0].region",
      "another region",
    ],
    "a copy beyond the peers": [
      withPolicy({ copy: [{ region: "eu-west-1", retain: { count: 1 } }] }),
      "policies[0].copy[0].region",
      "one of the peers: us-west-2",
    ],
    "two copies into one region": [
      withPolicy({ copy: [...policy.copy, ...policy.copy] }),
      "policies[0].copy[1].region",
      "each region once",
    ],
    "a copy without retain": [
      withPolicy({ copy: [{ region: "us-west-2" }] }),
      "policies[0].copy[0].retain",
      "count, age",
    ],
    "a policy that is text": [{ ...right, policies: ["daily"] }, "policies[0]", "a policy with"],
  };
  for (const [title, [raw, key, want]] of Object.entries(cases)) {
    it(`refuses ${title}, and says only where it must`, () => {
      const found = problems(raw);
      expect(found[key], JSON.stringify(found)).to.contain(want);
      expect(Object.keys(found).every((other) => other.startsWith(key))).to.equal(true);
    });
  }

  it("lets every name that follows from it fit its service", () => {
    const deployment = "d".repeat(24);
    for (const role of ["primary", "dr"] as const) {
      const of = names(deployment, role);
      for (const fn of FUNCTIONS) expect(of.lambda(fn)).to.have.length.at.most(64);
      expect(of.iamRole("ap-southeast-2", "state-machine")).to.have.length.at.most(64);
      expect(of.bucket("123456789012", "ap-southeast-2")).to.have.length.at.most(63);
    }
    const settings = readSettings({ ...right, deployment, policies: [{ ...policy, name: "p".repeat(23) }] });
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
      { ...policy, schedule: odd, exclude: { volumeTags: { a: odd } }, lock: { mode: odd, days: odd } },
    ];
    expect(() => readSettings({ ...right, policies, tags: { a: odd }, tagNames: { keepForever: odd } })).to.throw(
      ConfigError,
    );
  });

  it("throws nothing but ConfigError, whatever JSON it is given, and never for a part", () => {
    const bent = fc
      .tuple(fc.constantFrom(...Object.keys(right), ...Object.keys(policy)), fc.jsonValue())
      .map(([key, value]) => (key in right ? { ...right, [key]: value } : withPolicy({ [key]: value })));
    fc.assert(
      fc.property(fc.oneof(fc.jsonValue(), bent), (raw) => {
        try {
          const settings = readSettings(raw);
          return settings.policies.every(({ retain }) => (retain.count ?? 0) >= 1 || (retain.ageMs ?? 0) > 0);
        } catch (error) {
          return error instanceof ConfigError && error.problems.length > 0;
        }
      }),
      { numRuns: 1000 },
    );
  });

  it("refuses what is not JSON at all", () => {
    const cycle: Record<string, unknown> = {};
    cycle["self"] = cycle;
    for (const raw of [undefined, null, cycle, 10n, () => 1, Symbol("x"), { ...right, tags: cycle }]) {
      expect(() => readSettings(raw)).to.throw(ConfigError);
    }
  });
});
