import { expect } from "chai";
import type { Resource } from "../../core/model/model.js";
import { type Admin, callsBetween } from "../../demo/admin.js";
import { firstDifference, Scribe } from "../../demo/data.js";
import { prove } from "../../demo/proof.js";
import { DR, PRIMARY } from "../automation/fakes.js";
import { instance, point, SIZE_GIB, world } from "../automation/worlds.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const SIZE = SIZE_GIB * 1024 ** 3;

/** Volumes in memory; every snapshot has the bytes that the one volume has when it is read, unless they are spoilt. */
function memory() {
  const written = new Map<number, Buffer>();
  let spoilt: number | undefined;
  const read = async (offset: number, length: number): Promise<Buffer> => {
    const data = Buffer.alloc(length);
    for (const [at, bytes] of written) {
      if (at >= offset && at < offset + length) bytes.copy(data, at - offset);
    }
    if (spoilt !== undefined && spoilt >= offset && spoilt < offset + length) {
      data[spoilt - offset] = (data[spoilt - offset] ?? 0) ^ 1;
    }
    return data;
  };
  const admin: Admin = {
    write: async (_, __, offset, bytes) => {
      written.set(offset, bytes);
    },
    readVolume: async (_, __, offset, length) => read(offset, length),
    readSnapshot: async (_, __, offset, length) => read(offset, length),
    ranges: async () => [
      ...[...written].map(([offset, { length }]) => ({ offset, length })),
      ...(spoilt === undefined ? [] : [{ offset: spoilt, length: 1 }]),
    ],
    calls: async () => [],
    now: async () => NOW,
    moveClock: async () => undefined,
    setEbs: async (pace) => pace,
    loseEvents: async () => undefined,
    eventsToLose: async () => 0,
  };
  return {
    admin,
    spoil: (at: number) => {
      spoilt = at;
    },
  };
}

describe("the main job's proof", () => {
  const resources: Resource[] = [instance("i-1", NOW)];

  it("compares every byte and says where the first other one is", async () => {
    const contents = new Map([[5, Buffer.from("hello")]]);
    const disk = (...written: [number, string][]) => ({
      ranges: written.map(([offset, text]) => ({ offset, length: text.length })),
      read: async (offset: number, length: number) => {
        const data = Buffer.alloc(length);
        for (const [at, text] of written) {
          const there = at < offset + length && at + text.length > offset;
          if (there) Buffer.from(text).copy(data, Math.max(0, at - offset), Math.max(0, offset - at));
        }
        return data;
      },
    });
    const compare = (expected: typeof contents, { ranges, read }: ReturnType<typeof disk>) =>
      firstDifference(expected, ranges, read);
    expect(await compare(contents, disk([5, "hello"]))).to.equal(undefined);
    expect(await compare(new Map(), disk())).to.equal(undefined);
    expect(await compare(contents, disk([5, "hellO"]))).to.equal(9);
    expect(await compare(new Map(), disk([5, "hello"])), "bytes where there should be none").to.equal(5);
    expect(await compare(contents, disk()), "no bytes where there should be some").to.equal(5);
    expect(await compare(contents, disk([5, "hello"], [SIZE - 1, "x"]))).to.equal(SIZE - 1);
  });

  it("is good when the counts are the policy's and the newest copy has the bytes", async () => {
    const { admin } = memory();
    const contents = await new Scribe(admin).write(resources);
    const points = [
      point({ resource: "i-1", region: PRIMARY.region, at: NOW - 2_000 }),
      point({ resource: "i-1", region: PRIMARY.region, at: NOW - 1_000 }),
      point({ resource: "i-1", region: DR.region, at: NOW - 1_000 }),
    ];
    const [proof, ...more] = await prove(world(NOW, resources, points), { made: 3, contents }, admin);
    expect(more).to.deep.equal([]);
    expect(proof).to.deep.include({
      resource: "i-1",
      points: { [PRIMARY.region]: 2, [DR.region]: 1 },
      rpoSeconds: { [PRIMARY.region]: 1, [DR.region]: 1 },
      verified: 1,
      volumes: 1,
      problems: [],
    });
  });

  it("tells wrong counts, missing copies and other bytes", async () => {
    const { admin, spoil } = memory();
    const contents = await new Scribe(admin).write(resources);
    const home = point({ resource: "i-1", region: PRIMARY.region, at: NOW - 1_000 });
    const alone = await prove(world(NOW, resources, [home]), { made: 3, contents }, admin);
    expect(alone[0]?.problems.join("\n"))
      .to.contain("eu-west-1 has 1 completed points, not 2")
      .and.to.contain("eu-central-1 has 0 completed points, not 1")
      .and.to.contain("there is no copy of vol-i-1");
    spoil(SIZE - 9);
    const copy = point({ resource: "i-1", region: DR.region, at: NOW - 1_000 });
    const spoilt = await prove(world(NOW, resources, [home, copy]), { made: 1, contents }, admin);
    expect(spoilt[0]).to.include({ verified: 0, volumes: 1 });
    expect(spoilt[0]?.problems.join()).to.contain(`differs from vol-i-1 at byte ${SIZE - 9}`);
  });

  it("counts the calls made in between, apart for what is deployed and for the driver", () => {
    const row = (service: string, count: number, caller = "lockstep-primary-survey") => ({
      service,
      action: "A",
      region: "r",
      caller,
      count,
    });
    const { program, driver } = callsBetween(
      [row("ec2", 2), row("s3", 1), row("ec2", 7, "test")],
      [row("ec2", 5), row("s3", 1), row("sns", 4), row("ec2", 9, "test")],
    );
    expect([...program]).to.deep.equal([
      ["sns", 4],
      ["ec2", 3],
    ]);
    expect([...driver]).to.deep.equal([["ec2", 2]]);
  });
});
