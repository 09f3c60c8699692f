import { expect } from "chai";
import fc from "fast-check";
import { ConfigError } from "../../../core/config/problems.js";
import { readSettings } from "../../../core/config/settings.js";
import { DURATION_WANT } from "../../../core/schedule/duration.js";
import { RULES } from "../../../kinds/rules.js";
import { runs } from "../../support/chance.js";
import { policy, problems, raw, read } from "../policies.js";

const deep = (levels: number): object => (levels === 0 ? { key: "Env" } : { not: deep(levels - 1) });
const ARN = "arn:aws:kms:us-west-2:111122223333:key/1234abcd-12ab-34cd-56ef-1234567890ab";
const withKey = (kmsKey: unknown): object => ({ copy: [{ region: "us-west-2", kmsKey, retain: { count: 1 } }] });

describe("config of a policy", () => {
  it("without the new fields reads as it always did", () => {
    expect(read({})).to.deep.equal(policy);
  });

  it("is read whole", () => {
    const over = {
      select: { all: [{ key: "Backup" }, { any: [{ key: "Env", value: "prod" }, { not: { key: "Tier" } }] }] },
      kinds: ["instance", "volume"],
      timezone: "Europe/Berlin",
      ...withKey("alias/backups/dr"),
    };
    expect(read(over)).to.deep.equal({ ...policy, ...over });
  });

  it("takes everything that AWS takes for a key", () => {
    const keys = [
      "alias/aws/ebs",
      ARN,
      "1234abcd-12ab-34cd-56ef-1234567890ab",
      "mrk-1234abcd12ab34cd56ef1234567890ab",
      "arn:aws:kms:us-west-2:111122223333:alias/dr",
    ];
    for (const key of keys) expect(read(withKey(key))?.copy[0]?.kmsKey, key).to.equal(key);
  });

  it("takes every form of a select", () => {
    expect(read({ select: { everything: true } })?.select).to.deep.equal({ everything: true });
    for (const select of [
      { keyLike: "app-?", like: "\\**" },
      { keyPrefix: "kubernetes.io/cluster/" },
      { key: "k", prefix: "v" },
    ]) {
      expect(read({ select })?.select).to.deep.equal(select);
    }
  });

  it("does not advise quotation marks where the text would be wrong too", () => {
    expect(problems({ retain: { age: 7 } })).to.deep.equal([["retain.age", DURATION_WANT]]);
    expect(problems({ retain: { count: "-7" } })).to.deep.equal([["retain.count", "a whole number from 1"]]);
  });

  it("takes a rate of a minute, in a zone too", () => {
    expect(read({ schedule: "rate(1 minute)", timezone: "UTC" })?.schedule).to.equal("rate(1 minute)");
  });

  const wrong: Record<string, [object, string, string]> = {
    "no select": [{ select: undefined }, "select", "everything: true"],
    "an empty select": [{ select: {} }, "select", "everything: true"],
    "a select in a list": [{ select: [{ key: "Backup" }] }, "select", "everything: true"],
    "a value without a key": [{ select: { value: "daily" } }, "select.key", "1 to 128"],
    "a long key": [{ select: { key: "k".repeat(129) } }, "select.key", "1 to 128"],
    "a long value": [{ select: { key: "k", value: "v".repeat(257) } }, "select.value", "256"],
    "a value that is no text": [{ select: { key: "k", value: 5 } }, "select.value", "256"],
    "no schedule and no source": [{ kinds: ["volume"], schedule: undefined }, "schedule", "rate(1 hour)"],
    "two ways to say the key": [{ select: { key: "k", keyLike: "k*" } }, "select", "one of key, keyLike"],
    "two ways to say the value": [
      { select: { key: "k", value: "v", like: "v*" } },
      "select",
      "one of value, like, prefix",
    ],
    "a value that begins with nothing": [{ select: { key: "k", prefix: "" } }, "select.prefix", "a tag value"],
    "a pattern that ends in a backslash": [{ select: { key: "k", like: "v\\" } }, "select.like", "* for any text"],
    "a pattern without a key": [{ select: { like: "v*" } }, "select.key", "1 to 128"],
    "any with a pattern": [{ select: { any: [{ key: "k" }], like: "v*" } }, "select.like", "belongs to a key"],
    "two forms at once": [
      { select: { key: "k", any: [{ key: "l" }] } },
      "select",
      "one of key, keyLike, keyPrefix, all, any, not",
    ],
    "all of nothing": [{ select: { all: [] } }, "select.all", "at least one"],
    "any of nothing": [{ select: { any: [] } }, "select.any", "at least one"],
    "all of no list": [{ select: { all: { key: "k" } } }, "select.all", "a list of tags"],
    "all with a value": [{ select: { all: [{ key: "k" }], value: "v" } }, "select.value", "belongs to a key"],
    "a mistake deep inside": [
      { select: { any: [{ key: "k" }, { not: { kye: "l" } }] } },
      "select.any[1].not.kye",
      '"key"',
    ],
    "not of a list": [{ select: { not: [{ key: "k" }] } }, "select.not", "a tag"],
    "too deep a select": [{ select: deep(10) }, `select${".not".repeat(10)}`, "at most 10 levels"],
    "everything that is false": [{ select: { everything: false } }, "select.everything", "true"],
    "everything and a tag": [{ select: { everything: true, key: "k" } }, "select.key", "no such key"],
    "everything within all": [{ select: { all: [{ everything: true }] } }, "select.all[0].everything", "no such key"],
    "kinds that are text": [{ kinds: "volume" }, "kinds", "a list of"],
    "no kinds": [{ kinds: [] }, "kinds", "at least one"],
    "an unknown kind": [{ kinds: ["instance", "bucket"] }, "kinds[1]", '"volume"'],
    "a kind twice": [{ kinds: ["volume", "volume"] }, "kinds[1]", "once"],
    "an unknown zone": [{ timezone: "Europe/Atlantis" }, "timezone", "Europe/Berlin"],
    "a zone as an offset": [{ timezone: "+01:00" }, "timezone", "IANA"],
    "a zone that is no text": [{ timezone: 1 }, "timezone", "IANA"],
    "a rate of seconds": [{ schedule: "rate(30 seconds)" }, "schedule", "minute"],
    "a rate of none": [{ schedule: "rate(0 minutes)" }, "schedule", "whole number"],
    "a value that YAML takes for a boolean": [
      { select: { key: "Backup", value: true } },
      "select.value",
      'as text: "true" in quotation marks, or `pulumi config set --path --type string`',
    ],
    "a value that YAML takes for a number": [
      { select: { key: "CostCenter", value: 83 } },
      "select.value",
      'as text: "83" in quotation marks, with its leading zeros',
    ],
    "a number in quotation marks": [
      { retain: { count: "7" } },
      "retain.count",
      "a whole number from 1, without quotation marks",
    ],
    "a key that is no text": [withKey(true), "copy[0].kmsKey", "alias/backups"],
    "a key that is none": [withKey("my key"), "copy[0].kmsKey", "alias/backups"],
    "an alias of nothing": [withKey("alias/"), "copy[0].kmsKey", "alias/backups"],
    "a key of another region": [withKey(ARN.replace("us-west-2", "us-east-1")), "copy[0].kmsKey", "a key of us-west-2"],
    "an ARN of another service": [withKey("arn:aws:s3:::bucket"), "copy[0].kmsKey", "alias/backups"],
  };
  for (const [title, [over, key, want]] of Object.entries(wrong)) {
    it(`refuses ${title}, once and in its place`, () => {
      const found = problems(over);
      expect(found.map(([where]) => where)).to.deep.equal([key]);
      expect(found[0]?.[1]).to.contain(want);
    });
  }

  it("throws nothing but ConfigError, whatever JSON the fields are", () => {
    const field = fc.constantFrom("select", "kinds", "timezone", "ebs", "copy");
    const json = fc.oneof(
      fc.jsonValue(),
      fc.jsonValue().map((value) => ({ any: [value] })),
      fc.jsonValue().map((value) => ({ exclude: value, copyTags: value, lock: value })),
    );
    fc.assert(
      fc.property(field, json, (name, value) => {
        try {
          readSettings(raw({ [name]: value }), RULES);
          return true;
        } catch (error) {
          return error instanceof ConfigError && error.problems.length > 0;
        }
      }),
      { numRuns: runs(1000) },
    );
  });
});
