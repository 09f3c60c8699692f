import { expect } from "chai";
import fc from "fast-check";
import type { Create, Resource } from "../../../core/model/model.js";
import { pointTags } from "../../../core/model/point-tags.js";
import { createDetail, memberDetail } from "../../../kinds/ebs/details.js";
import { covered } from "../../../kinds/ebs/exclude.js";
import type { Exclude } from "../../../kinds/ebs/volumes-config.js";
import { HOUR, instance, NOW, only, plan, policy, SLOT, world } from "../../core/worlds.js";
import { ebs } from "../../support/ebs.js";

/** Boot on /dev/sda, then data volumes. */
const three = instance("i-1", ["vol-c", "vol-b", "vol-a"]);
const scratch: Resource = {
  ...three,
  members: three.members.map((v) => (v.id === "vol-a" ? { ...v, tags: { Scratch: "yes" } } : v)),
};
const planned = (exclude: Exclude | undefined, resource: Resource = scratch) =>
  plan(world({ policies: [policy({ copy: [], ...(exclude ? ebs({ exclude }) : {}) })], resources: [resource] }));
const createOf = (exclude: Exclude | undefined, resource?: Resource) => {
  const [create, ...more] = only(planned(exclude, resource), "create");
  expect(more).to.deep.equal([]);
  return create;
};
const sizeOf = (exclude: Exclude): string | undefined => {
  const create = createOf(exclude);
  return create && pointTags({ deployment: "d", tags: {} }, create)["lockstep:size"];
};

/** What a create leaves out. */
const excludeOf = (create: Create | undefined) => create && createDetail(create).exclude;

describe("planner: excludes", () => {
  it("says nothing of excludes where there are none", () => {
    expect(excludeOf(createOf(undefined))).to.equal(undefined);
    expect(excludeOf(createOf({ devices: ["/dev/sdz"] }))).to.equal(undefined);
  });

  it("leaves out the boot volume by its switch, never by its id", () => {
    const create = createOf({ boot: true });
    expect(excludeOf(create)).to.deep.equal({ boot: true, volumes: [] });
    expect(create?.members.map(({ id }) => id)).to.deep.equal(["vol-a", "vol-b"]);
    expect(excludeOf(createOf({ devices: ["/dev/sda"] }))).to.deep.equal({ boot: true, volumes: [] });
  });

  it("leaves out devices and tagged volumes, each that any rule fits", () => {
    const create = createOf({ devices: ["/dev/sdb"], volumeTags: { Scratch: "yes", Other: "x" } });
    expect(excludeOf(create)).to.deep.equal({ boot: false, volumes: ["vol-a", "vol-b"] });
    expect(create?.members.map(({ id }) => id)).to.deep.equal(["vol-c"]);
    expect(excludeOf(createOf({ volumeTags: { Scratch: "no" } }))).to.equal(undefined);
  });

  it("makes the point as large as it will be", () => {
    expect(sizeOf({ boot: true })).to.equal("2");
    expect(sizeOf({ boot: true, volumeTags: { Scratch: "yes" } })).to.equal("1");
  });

  it("keeps the identity of a point, whatever is excluded", () => {
    expect(createOf({ boot: true })?.point).to.equal(createOf(undefined)?.point);
  });

  it("owes no slot from before the first volume that is left", () => {
    const young: Resource = {
      ...three,
      members: three.members.map((v) => (memberDetail(v).boot ? v : { ...v, createdAt: SLOT + 1 })),
    };
    expect(createOf({ boot: true }, young)).to.equal(undefined);
    expect(createOf({ devices: ["/dev/sdb"] }, young)?.scheduled).to.equal(SLOT);
  });

  it("tells when nothing is left, and makes nothing", () => {
    const actions = planned({ boot: true, devices: ["/dev/sdb", "/dev/sdc"] });
    expect(only(actions, "create")).to.deep.equal([]);
    const [alert, ...more] = only(actions, "alert");
    expect(more).to.deep.equal([]);
    expect(alert).to.include({ cause: "everything-excluded", resource: "i-1", policy: "hourly" });
    expect(alert?.reason).to.contain("vol-a").and.contain("vol-c");
  });

  it("takes 40 data volumes beside the boot volume, and tells of the 41st instead of failing the call", () => {
    const many = (data: number): Resource => {
      const volumes = Array.from({ length: data + 2 }, (_, n) => ({
        id: `vol-${n}`,
        detail: { device: n === 0 ? "/dev/sda1" : `/dev/x${n}`, boot: n === 0 },
        sizeGiB: 1,
        createdAt: NOW - HOUR * 9,
        tags: n > 0 && n <= data ? { Scratch: "yes" } : {},
      }));
      return { ...three, members: volumes };
    };
    const exclude = { boot: true, volumeTags: { Scratch: "yes" } };
    expect(excludeOf(createOf(exclude, many(40)))?.volumes).to.have.length(40);
    const actions = planned(exclude, many(41));
    expect(only(actions, "create")).to.deep.equal([]);
    expect(only(actions, "alert").map(({ cause, resource }) => [cause, resource])).to.deep.equal([
      ["too-many-excluded", "i-1"],
    ]);
  });

  it("splits every set of volumes in two, and the boot volume's id is never among the data", () => {
    const device = fc.constantFrom("/dev/sda", "/dev/sdb", "/dev/sdc", "/dev/sdd");
    const exclude: fc.Arbitrary<Exclude> = fc.record(
      { boot: fc.boolean(), devices: fc.array(device), volumeTags: fc.constant({ Scratch: "yes" }) },
      { requiredKeys: [] },
    );
    const ids = fc.subarray(["vol-a", "vol-b", "vol-c", "vol-d"]);
    fc.assert(
      fc.property(exclude, ids, fc.boolean(), (rule, volumes, tagged) => {
        const resource = instance("i-1", volumes);
        const all = resource.members.map((v, i) => (tagged && i === 1 ? { ...v, tags: { Scratch: "yes" } } : v));
        const { volumes: kept, excluded } = covered(ebs({ exclude: rule }), { members: all });
        const boot = all.find((v) => memberDetail(v).boot);
        const out = [...excluded.volumes, ...(excluded.boot && boot ? [boot.id] : [])];
        expect([...kept.map(({ id }) => id), ...out].toSorted()).to.deep.equal(volumes.toSorted());
        expect(excluded.volumes).to.not.include(boot?.id ?? "none");
      }),
    );
  });
});
