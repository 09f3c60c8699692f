import { appendFile, cp, mkdir, mkdtemp, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import type { Inventory, Point, Resource } from "../../core/model/model.js";
import { type Admin, callsBetween } from "../../demo/admin.js";
import { firstDifference, Scribe } from "../../demo/data.js";
import { FileScribe } from "../../demo/file-data.js";
import { prove } from "../../demo/proof.js";
import { DR, PRIMARY } from "../automation/fakes.js";
import { instance, point, SIZE_GIB, world } from "../automation/worlds.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const SIZE = SIZE_GIB * 1024 ** 3;

/** Volumes in memory, file systems in a folder; every snapshot has the bytes that the one volume has when it is read, unless they are spoilt. */
function memory(folder = "") {
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
    filesOf: async (_, id) => join(folder, id),
    setPace: async (pace) => pace,
    loseEvents: async () => undefined,
    eventsToLose: async () => 0,
  };
  return {
    admin,
    /** A file system that is made of a backup has the files of the backup's own folder. */
    readers: { admin, restored: (_: string, backup: string, use: (id: string) => Promise<never>) => use(backup) },
    spoil: (at: number) => {
      spoilt = at;
    },
  };
}

const fileSystem: Resource = {
  ...instance("fsx:fs-1", NOW),
  kind: "fsx",
  detail: { type: "OPENZFS", lifecycle: "AVAILABLE" },
  members: [{ id: "fs-1", createdAt: NOW - 86_400_000, sizeGiB: 64, tags: {} }],
};
const fsxPoint = (region: string): Point => {
  const { artifacts, ...one } = point({ resource: "fsx:fs-1", region, at: NOW - 1_000 });
  return { ...one, kind: "fsx", artifacts: artifacts.map((part) => ({ ...part, id: "backup-1", member: "fs-1" })) };
};
const fsxWorld = (points: readonly Point[]): Inventory => {
  const seen = world(NOW, [fileSystem], points);
  return { ...seen, kind: "fsx", policies: seen.policies.map((policy) => ({ ...policy, kinds: ["fsx"] })) };
};

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
    const { admin, readers } = memory();
    const held = { volumes: await new Scribe(admin).write(resources), files: new Map() };
    const points = [
      point({ resource: "i-1", region: PRIMARY.region, at: NOW - 2_000 }),
      point({ resource: "i-1", region: PRIMARY.region, at: NOW - 1_000 }),
      point({ resource: "i-1", region: DR.region, at: NOW - 1_000 }),
    ];
    const [proof, ...more] = await prove([world(NOW, resources, points)], { made: 3, held }, readers);
    expect(more).to.deep.equal([]);
    expect(proof).to.deep.include({
      resource: "i-1",
      points: { [PRIMARY.region]: 2, [DR.region]: 1 },
      rpoSeconds: { [PRIMARY.region]: 1, [DR.region]: 1 },
      verified: 1,
      members: 1,
      problems: [],
    });
  });

  it("tells wrong counts, missing copies and other bytes", async () => {
    const { admin, readers, spoil } = memory();
    const held = { volumes: await new Scribe(admin).write(resources), files: new Map() };
    const home = point({ resource: "i-1", region: PRIMARY.region, at: NOW - 1_000 });
    const alone = await prove([world(NOW, resources, [home])], { made: 3, held }, readers);
    expect(alone[0]?.problems.join("\n"))
      .to.contain("eu-west-1 has 1 completed points, not 2")
      .and.to.contain("eu-central-1 has 0 completed points, not 1")
      .and.to.contain("there is no copy of vol-i-1");
    spoil(SIZE - 9);
    const copy = point({ resource: "i-1", region: DR.region, at: NOW - 1_000 });
    const spoilt = await prove([world(NOW, resources, [home, copy])], { made: 1, held }, readers);
    expect(spoilt[0]).to.include({ verified: 0, members: 1 });
    expect(spoilt[0]?.problems.join()).to.contain(`differs from vol-i-1 at byte ${SIZE - 9}`);
  });

  it("compares every file of a file system, and says which one is other", async () => {
    const folder = await mkdtemp(join(tmpdir(), "lockstep-files-"));
    try {
      for (const id of ["fs-1", "backup-1"]) await mkdir(join(folder, id));
      const { admin, readers } = memory(folder);
      const scribe = new FileScribe(admin);
      await scribe.write([fileSystem]);
      const files = await scribe.write([fileSystem]);
      expect([...(files.get("fs-1")?.keys() ?? [])])
        .to.include("latest")
        .and.to.include("projects/round-2/file-1");
      const points = [PRIMARY, DR].map(({ region }) => fsxPoint(region));
      const held = { volumes: new Map(), files };
      const proof = async () => (await prove([fsxWorld(points)], { made: 1, held }, readers))[0];
      const copied = join(folder, "backup-1");
      expect((await proof())?.problems.join()).to.contain("differs from fs-1: latest is missing");
      await cp(join(folder, "fs-1"), copied, { recursive: true });
      expect(await proof()).to.deep.include({ resource: "fsx:fs-1", verified: 1, members: 1, problems: [] });
      await appendFile(join(copied, "projects", "round-2", "file-3"), "x");
      expect((await proof())?.problems.join()).to.contain("projects/round-2/file-3 is another");
      await rm(join(copied, "projects"), { recursive: true });
      await writeFile(join(copied, "extra"), "x");
      expect(await proof())
        .to.include({ verified: 0 })
        .and.to.have.property("problems")
        .with.length(1);
    } finally {
      await rm(folder, { recursive: true });
    }
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
