import { expect } from "chai";
import { ebsOf } from "../../../kinds/ebs/config.js";
import { policy, problems, read } from "../../core/policies.js";
import { ebs } from "../../support/ebs.js";

const readEbs = (section: object) => ebsOf(read({ ebs: section }) ?? {});

describe("config of what only EBS has in a policy", () => {
  it("is read whole", () => {
    const section = {
      include: ["spot", "eks"],
      also: true,
      exclude: { boot: true, devices: ["/dev/sdb", "xvdf"], volumeTags: { Scratch: "yes" } },
      copyTags: ["App", "Owner"],
      lock: { mode: "governance", days: 7 },
    } as const;
    const kinds = ["instance", "volume"];
    expect(read({ kinds, ebs: section })).to.deep.equal({ ...policy, kinds, sections: { ebs: section } });
    const copy = [{ region: "us-west-2", retain: { count: 3 }, ebs: { lock: { mode: "governance", days: 1 } } }];
    expect(read({ copy })?.copy[0]?.sections).to.deep.equal({ ebs: { lock: { mode: "governance", days: 1 } } });
  });

  it("leaves out what says nothing", () => {
    expect(readEbs({ copyTags: false })).to.deep.equal({});
    expect(readEbs({ exclude: { boot: false, devices: ["/dev/sdb"] } }).exclude).to.deep.equal({
      devices: ["/dev/sdb"],
    });
    expect(readEbs({ copyTags: true }).copyTags).to.equal(true);
    const copyTags = { only: ["app:*", "Owner"], except: ["app:secret?"] };
    expect(readEbs({ copyTags }).copyTags).to.deep.equal(copyTags);
    const kinds = { kinds: ["volume"] };
    const members = { include: ["spot", "eks"], also: true } as const;
    expect(read({ ...kinds, ebs: members })).to.deep.include({ ...kinds, ...ebs(members) });
    const any = { ...kinds, ebs: { source: "any" } };
    expect(read(any)).to.deep.include({ ...ebs({ source: "any" }), schedule: policy.schedule });
    expect(read({ ...any, schedule: undefined })).to.not.have.property("schedule");
    expect(readEbs({ source: "own" })).to.deep.equal({});
  });

  it("takes every name that EC2 may have for a device", () => {
    const devices = ["/dev/sda1", "/dev/sdf", "/dev/xvda", "/dev/xvdba", "/dev/hdc", "xvdf", "xvdba"];
    expect(readEbs({ exclude: { devices } }).exclude).to.deep.equal({ devices });
  });

  const wrong: Record<string, [object, string, string]> = {
    "members of what nobody knows": [
      { ebs: { include: ["fargate"] } },
      "ebs.include[0]",
      '"autoscaling", "eks", "spot"',
    ],
    "members twice": [{ ebs: { include: ["eks", "eks"] } }, "ebs.include[1]", "each once"],
    "members that are no list": [{ ebs: { include: "eks" } }, "ebs.include", "a list of"],
    "also without volumes": [{ ebs: { also: true } }, "ebs.also", "unless kinds has volume"],
    "also that is no word": [{ kinds: ["volume"], ebs: { also: "yes" } }, "ebs.also", "true or false"],
    "a source that nobody knows": [{ kinds: ["volume"], ebs: { source: "all" } }, "ebs.source", '"own" or "any"'],
    "snapshots of others without volumes": [{ ebs: { source: "any" } }, "ebs.source", "unless kinds has volume"],
    "a lock on what others make": [
      { kinds: ["volume"], ebs: { source: "any", lock: { mode: "governance", days: 1 } } },
      "ebs.lock",
      "nothing with source any",
    ],
    "a wrong schedule beside a source": [
      { kinds: ["volume"], schedule: "daily", ebs: { source: "any" } },
      "schedule",
      "rate(1 hour)",
    ],
    "a filter of nothing": [{ ebs: { copyTags: {} } }, "ebs.copyTags", "only or except"],
    "a filter with an empty list": [{ ebs: { copyTags: { only: [] } } }, "ebs.copyTags.only", "at least one pattern"],
    "a filter that is no pattern": [
      { ebs: { copyTags: { except: ["a\\"] } } },
      "ebs.copyTags.except[0]",
      "* for any text",
    ],
    "a filter of other words": [{ ebs: { copyTags: { only: ["a"], but: ["b"] } } }, "ebs.copyTags.but", "no such key"],
    "excludes of nothing": [{ ebs: { exclude: {} } }, "ebs.exclude", "boot, devices or volumeTags"],
    "excludes that are off": [
      { ebs: { exclude: { boot: false, devices: [] } } },
      "ebs.exclude",
      "boot, devices or volumeTags",
    ],
    "a boot that is text": [{ ebs: { exclude: { boot: "yes" } } }, "ebs.exclude.boot", "true or false"],
    "an unknown exclude": [
      { ebs: { exclude: { boot: true, volumes: ["vol-1"] } } },
      "ebs.exclude.volumes",
      "no such key",
    ],
    "devices that are text": [{ ebs: { exclude: { devices: "/dev/sdb" } } }, "ebs.exclude.devices", "a list"],
    "a device that is none": [{ ebs: { exclude: { devices: ["/dev/sd*"] } } }, "ebs.exclude.devices[0]", "/dev/sdb"],
    "a device that only the system in the instance shows": [
      { ebs: { exclude: { devices: ["/dev/nvme1n1"] } } },
      "ebs.exclude.devices[0]",
      "names of NVMe are what the system in the instance shows",
    ],
    "such a device without its folder": [
      { ebs: { exclude: { devices: ["nvme1n1"] } } },
      "ebs.exclude.devices[0]",
      "EC2 has none",
    ],
    "a device without its folder": [
      { ebs: { exclude: { devices: ["sdb"] } } },
      "ebs.exclude.devices[0]",
      "here /dev/sdb, since names",
    ],
    "a switch in quotation marks": [
      { kinds: ["volume"], ebs: { also: "true" } },
      "ebs.also",
      "true or false, without quotation marks",
    ],
    "a device twice": [{ ebs: { exclude: { devices: ["/dev/sdb", "/dev/sdb"] } } }, "ebs.exclude.devices[1]", "once"],
    "volume tags in a list": [
      { ebs: { exclude: { volumeTags: ["a"] } } },
      "ebs.exclude.volumeTags",
      "keys with their values",
    ],
    "a volume tag that is no text": [
      { ebs: { exclude: { volumeTags: { a: 1 } } } },
      "ebs.exclude.volumeTags.a",
      "a tag value",
    ],
    "a tag to copy that is text": [{ ebs: { copyTags: "App" } }, "ebs.copyTags", "true for all"],
    "no tags to copy": [{ ebs: { copyTags: [] } }, "ebs.copyTags", "at least one"],
    "a tag of AWS to copy": [{ ebs: { copyTags: ["aws:x"] } }, "ebs.copyTags[0]", "aws:"],
    "a tag of ours to copy": [{ ebs: { copyTags: ["lockstep:point"] } }, "ebs.copyTags[0]", "lockstep:"],
    "a tag to copy twice": [{ ebs: { copyTags: ["App", "App"] } }, "ebs.copyTags[1]", "once"],
    "too many tags to copy": [
      { ebs: { copyTags: Array.from({ length: 51 }, (_, i) => `k${i}`) } },
      "ebs.copyTags",
      "at most 50",
    ],
  };
  for (const [title, [over, key, want]] of Object.entries(wrong)) {
    it(`refuses ${title}, once and in its place`, () => {
      const found = problems(over);
      expect(found.map(([where]) => where)).to.deep.equal([key]);
      expect(found[0]?.[1]).to.contain(want);
    });
  }

  it("has its own place, which is told to whoever writes it elsewhere", () => {
    const old = { exclude: { boot: true }, copyTags: true, lock: {}, include: [], also: true, source: "any" };
    const where = (key: string) => (key === "copyTags" ? '"ebs" or "fsx"' : '"ebs"');
    expect(problems(old)).to.deep.equal(
      Object.keys(old).map((key) => [key, `no such key, but "${key}" under ${where(key)}`]),
    );
    const copy = [{ region: "us-west-2", retain: { count: 3 }, lock: { mode: "governance", days: 1 } }];
    expect(problems({ copy })).to.deep.equal([["copy[0].lock", 'no such key, but "lock" under "ebs"']]);
  });
});
