import { expect } from "chai";
import fc from "fast-check";
import { ConfigError } from "../../core/config/problems.js";
import { readSettings } from "../../core/config/settings.js";
import type { Policy } from "../../core/model/model.js";
import { DURATION_WANT } from "../../core/schedule/duration.js";
import { runs } from "../support/chance.js";

const policy = {
  name: "daily",
  select: { key: "Backup", value: "daily" },
  schedule: "cron(0 3 * * ? *)",
  retain: { count: 3 },
  copy: [{ region: "us-west-2", retain: { count: 3 } }],
};
/** As a config has it: what is undefined is not there. */
const raw = (over: object): object =>
  JSON.parse(
    JSON.stringify({
      role: "primary",
      region: "us-east-1",
      peers: ["us-west-2"],
      policies: [{ ...policy, ...over }],
    }),
  );
const read = (over: object): Policy | undefined => readSettings(raw(over)).policies[0];

/** What is wrong: where, below the policy, and what would be right. */
function problems(over: object): [string, string][] {
  try {
    readSettings(raw(over));
  } catch (error) {
    if (!(error instanceof ConfigError)) throw error;
    return error.problems.map(({ key, want }) => [key.replace("policies[0].", ""), want]);
  }
  return [];
}

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
      exclude: { boot: true, devices: ["/dev/sdb", "xvdf"], volumeTags: { Scratch: "yes" } },
      copyTags: ["App", "Owner"],
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

  it("leaves out what says nothing", () => {
    expect(read({ copyTags: false })).to.not.have.property("copyTags");
    expect(read({ exclude: { boot: false, devices: ["/dev/sdb"] } })?.exclude).to.deep.equal({ devices: ["/dev/sdb"] });
    expect(read({ copyTags: true })?.copyTags).to.equal(true);
    const copyTags = { only: ["app:*", "Owner"], except: ["app:secret?"] };
    expect(read({ copyTags })?.copyTags).to.deep.equal(copyTags);
    const members = { include: ["spot", "eks"], kinds: ["volume"], also: true };
    expect(read(members)).to.deep.include(members);
    expect(read({ kinds: ["volume"], source: "any" })).to.include({ source: "any", schedule: policy.schedule });
    expect(read({ kinds: ["volume"], source: "any", schedule: undefined })).to.not.have.property("schedule");
    expect(read({ source: "own" })).to.not.have.property("source");
    expect(read({ select: { everything: true } })?.select).to.deep.equal({ everything: true });
    for (const select of [
      { keyLike: "app-?", like: "\\**" },
      { keyPrefix: "kubernetes.io/cluster/" },
      { key: "k", prefix: "v" },
    ]) {
      expect(read({ select })?.select).to.deep.equal(select);
    }
  });

  it("takes every name that EC2 may have for a device", () => {
    const devices = ["/dev/sda1", "/dev/sdf", "/dev/xvda", "/dev/xvdba", "/dev/hdc", "xvdf", "xvdba"];
    expect(read({ exclude: { devices } })?.exclude).to.deep.equal({ devices });
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
    "members of what nobody knows": [{ include: ["fargate"] }, "include[0]", '"autoscaling", "eks", "spot"'],
    "members twice": [{ include: ["eks", "eks"] }, "include[1]", "each once"],
    "members that are no list": [{ include: "eks" }, "include", "a list of"],
    "also without volumes": [{ also: true }, "also", "unless kinds has volume"],
    "also that is no word": [{ kinds: ["volume"], also: "yes" }, "also", "true or false"],
    "a source that nobody knows": [{ kinds: ["volume"], source: "all" }, "source", '"own" or "any"'],
    "snapshots of others without volumes": [{ source: "any" }, "source", "unless kinds has volume"],
    "a lock on what others make": [
      { kinds: ["volume"], source: "any", lock: { mode: "governance", days: 1 } },
      "lock",
      "nothing with source any",
    ],
    "no schedule and no source": [{ kinds: ["volume"], schedule: undefined }, "schedule", "rate(1 hour)"],
    "a wrong schedule beside a source": [
      { kinds: ["volume"], source: "any", schedule: "daily" },
      "schedule",
      "rate(1 hour)",
    ],
    "a filter of nothing": [{ copyTags: {} }, "copyTags", "only or except"],
    "a filter with an empty list": [{ copyTags: { only: [] } }, "copyTags.only", "at least one pattern"],
    "a filter that is no pattern": [{ copyTags: { except: ["a\\"] } }, "copyTags.except[0]", "* for any text"],
    "a filter of other words": [{ copyTags: { only: ["a"], but: ["b"] } }, "copyTags.but", "no such key"],
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
    "excludes of nothing": [{ exclude: {} }, "exclude", "boot, devices or volumeTags"],
    "excludes that are off": [{ exclude: { boot: false, devices: [] } }, "exclude", "boot, devices or volumeTags"],
    "a boot that is text": [{ exclude: { boot: "yes" } }, "exclude.boot", "true or false"],
    "an unknown exclude": [{ exclude: { boot: true, volumes: ["vol-1"] } }, "exclude.volumes", "no such key"],
    "devices that are text": [{ exclude: { devices: "/dev/sdb" } }, "exclude.devices", "a list"],
    "a device that is none": [{ exclude: { devices: ["/dev/sd*"] } }, "exclude.devices[0]", "/dev/sdb"],
    "a device that only the system in the instance shows": [
      { exclude: { devices: ["/dev/nvme1n1"] } },
      "exclude.devices[0]",
      "names of NVMe are what the system in the instance shows",
    ],
    "such a device without its folder": [{ exclude: { devices: ["nvme1n1"] } }, "exclude.devices[0]", "EC2 has none"],
    "a device without its folder": [
      { exclude: { devices: ["sdb"] } },
      "exclude.devices[0]",
      "here /dev/sdb, since names",
    ],
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
    "a switch in quotation marks": [
      { kinds: ["volume"], also: "true" },
      "also",
      "true or false, without quotation marks",
    ],
    "a device twice": [{ exclude: { devices: ["/dev/sdb", "/dev/sdb"] } }, "exclude.devices[1]", "once"],
    "volume tags in a list": [{ exclude: { volumeTags: ["a"] } }, "exclude.volumeTags", "keys with their values"],
    "a volume tag that is no text": [{ exclude: { volumeTags: { a: 1 } } }, "exclude.volumeTags.a", "a tag value"],
    "a tag to copy that is text": [{ copyTags: "App" }, "copyTags", "true for all"],
    "no tags to copy": [{ copyTags: [] }, "copyTags", "at least one"],
    "a tag of AWS to copy": [{ copyTags: ["aws:x"] }, "copyTags[0]", "aws:"],
    "a tag of ours to copy": [{ copyTags: ["lockstep:point"] }, "copyTags[0]", "lockstep:"],
    "a tag to copy twice": [{ copyTags: ["App", "App"] }, "copyTags[1]", "once"],
    "too many tags to copy": [{ copyTags: Array.from({ length: 51 }, (_, i) => `k${i}`) }, "copyTags", "at most 50"],
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
    const field = fc.constantFrom("select", "kinds", "timezone", "exclude", "copyTags", "copy");
    const json = fc.oneof(
      fc.jsonValue(),
      fc.jsonValue().map((value) => ({ any: [value] })),
    );
    fc.assert(
      fc.property(field, json, (name, value) => {
        try {
          readSettings(raw({ [name]: value }));
          return true;
        } catch (error) {
          return error instanceof ConfigError && error.problems.length > 0;
        }
      }),
      { numRuns: runs(1000) },
    );
  });
});
