import { expect } from "chai";
import { readSettings } from "../../../core/config/settings.js";
import { RULES } from "../../../kinds/rules.js";
import { policy, problems, right, withPolicy } from "./configs.js";

describe("config: what is refused", () => {
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
      readSettings(raw, RULES);
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
      '  tags.n: 5; right is text of at most 256 letters, digits, spaces or _ . : / = + - @, as text: "5" in quotation marks, with its leading zeros if any, or `pulumi config set --path --type string`',
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
    "a tag value that some service would refuse": [
      { ...right, tags: { Owner: "R&D #4" } },
      "tags.Owner",
      'not every service takes "&", "#"',
    ],
    "a tag key that some service would refuse": [
      { ...right, tags: { "Made (UTC)": "x" } },
      "tags.Made (UTC)",
      'not every service takes "(", ")"',
    ],
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
});
