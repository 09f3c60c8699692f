import { expect } from "chai";
import type { Alert, Policy } from "../../../core/model/model.js";
import type { Exclude } from "../../../kinds/ebs/volumes-config.js";
import { ebs } from "../../support/ebs.js";
import { instance, only, plan, policy, type WorldInput, world } from "../worlds.js";

const told = (cause: Alert["cause"], input: WorldInput) =>
  only(plan(world(input)), "alert")
    .filter((one) => one.cause === cause)
    .map(({ policy: name, resource, reason }) => `${name}${resource}: ${reason}`);
const tagged = (id: string, tags: Readonly<Record<string, string>>) => instance(id, [`vol-${id}`], { tags });

describe("what a policy nearly selects", () => {
  const near = (tags: Readonly<Record<string, string>>, over: Partial<Policy> = {}) =>
    told("nearly-selected", {
      resources: [tagged("i-1", { Backup: "hourly", Env: "prod", Tier: "db" }), tagged("i-2", tags)],
      policies: [policy(over)],
    });

  it("differs in capitals or in blanks at the ends alone, of key or value, and is named with what it has", () => {
    const resources = [
      instance(),
      tagged("i-2", { Backup: "Hourly" }),
      tagged("i-3", { Backup: "hourly " }),
      tagged("i-4", { backup: "hourly" }),
      tagged("i-5", { Backup: "weekly" }),
      tagged("i-6", { Backup: "hour ly" }),
    ];
    expect(told("nearly-selected", { resources })).to.deep.equal([
      'hourly: it wants the tag Backup=hourly; what differs from that in capitals or in blanks at the ends alone is not taken: i-2 with "Backup"="Hourly"; i-3 with "Backup"="hourly "; i-4 with "backup"="hourly"',
    ]);
  });

  it("is found below expressions and patterns, not by what they leave out", () => {
    const select = {
      all: [{ key: "Env", like: "prod*" }, { any: [{ key: "Tier", value: "db" }, { keyPrefix: "db-" }] }],
    };
    expect(near({ env: "Prod-1", Tier: "DB" }, { select })).to.have.length(1);
    expect(near({ Env: "prod-1", "DB-main": "" }, { select })).to.have.length(1);
    expect(near({ Env: "test", Tier: "DB" }, { select })).to.deep.equal([]);
    const out = { all: [{ key: "Env", value: "prod" }, { not: { key: "Backup", value: "none" } }] };
    expect(near({ Env: "Prod", Backup: "None" }, { select: out })).to.deep.equal([]);
    expect(near({ Env: "prod", Backup: "None" }, { select: out }), "that one is selected").to.deep.equal([]);
  });

  it("is nothing that wants no points, is of another kind, or that another policy takes as it is written", () => {
    const input = { tagNames: { keepForever: "KeepForever", backup: "Wanted" } };
    const resources = [instance(), tagged("i-2", { Backup: "Hourly", Wanted: "No" })];
    expect(told("nearly-selected", { ...input, resources })).to.deep.equal([]);
    expect(near({ Backup: "Hourly" }, { kinds: ["volume"] })).to.deep.equal([]);
    const policies = [policy(), policy({ name: "other", select: { key: "Backup", value: "Hourly" } })];
    expect(
      told("nearly-selected", { policies, resources: [instance(), tagged("i-2", { Backup: "Hourly" })] }),
    ).to.deep.equal([]);
  });

  it("is ten of many by name", () => {
    const resources = Array.from({ length: 12 }, (_, i) => tagged(`i-${i}`, { Backup: "HOURLY" }));
    expect(told("nothing-selected", { resources }), "with that nothing is selected").to.have.length(1);
    expect(told("nearly-selected", { resources })).to.deep.equal([]);
    expect(told("nothing-selected", { resources })[0]).to.contain('i-9 with "Backup"="HOURLY" and 2 more');
  });
});

describe("what a policy excludes", () => {
  const nothing = (exclude: Exclude, input: WorldInput = {}) =>
    told("excludes-nothing", { ...input, policies: [policy(ebs({ exclude }))] });

  it("is told where a device or a tag fits no volume of anything that it selects, in one alert", () => {
    const exclude = { boot: true, devices: ["/dev/sda", "/dev/xvdz", "sdb"], volumeTags: { Scratch: "yes" } };
    const resources = [instance("i-1", ["vol-1", "vol-2"]), instance("i-2", ["vol-3", "vol-4"])];
    expect(nothing(exclude, { resources })).to.deep.equal([
      "hourly: it excludes the device /dev/xvdz, the device sdb, the tag Scratch=yes, which no volume has of the 2 resource(s) that it selects",
    ]);
  });

  it("is not told where one has it, or nothing is selected", () => {
    expect(nothing({ devices: ["/dev/sda"] })).to.deep.equal([]);
    expect(nothing({ devices: ["/dev/xvdz"] }, { resources: [] })).to.deep.equal([]);
    expect(nothing({ boot: true })).to.deep.equal([]);
  });

  it("is of a single volume what leaves it out", () => {
    const volume = { ...instance("vol-1", ["vol-1"]), kind: "volume" as const };
    const policies = (device: string) => [policy({ kinds: ["volume"], ...ebs({ exclude: { devices: [device] } }) })];
    const resources = [volume, { ...volume, id: "vol-2", members: volume.members.map((v) => ({ ...v, device: "" })) }];
    expect(told("excludes-nothing", { resources, policies: policies("/dev/sda") })).to.deep.equal([]);
    expect(told("excludes-nothing", { resources, policies: policies("/dev/sdb") })).to.have.length(1);
  });
});
