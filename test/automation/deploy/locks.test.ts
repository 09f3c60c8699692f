import { spawn, spawnSync } from "node:child_process";
import { once } from "node:events";
import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { hostname, tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { removeStaleLocks } from "../../../automation/deploy/locks.js";

describe("locks left in a file backend", () => {
  let root: string;
  let folder: string;
  let backend: string;
  // A process that has ended: its id is not taken again within the test.
  const dead = spawnSync(process.execPath, ["--version"]).pid;
  const lock = (pid: number, host = hostname()) =>
    JSON.stringify({ pid, hostname: host, username: "u", timestamp: "t" });

  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "lockstep-locks-"));
    folder = join(root, ".pulumi", "locks", "organization", "lockstep", "primary");
    backend = pathToFileURL(root).href;
    await mkdir(folder, { recursive: true });
  });
  afterEach(() => rm(root, { recursive: true }));

  it("removes those whose process is gone", async () => {
    await writeFile(join(folder, "1.json"), lock(dead));
    expect(await removeStaleLocks(backend, "primary")).to.equal(1);
    expect(await readdir(folder)).to.deep.equal([]);
  });

  it("removes those of a process that ended and that its parent did not ask about", async () => {
    // The shell becomes `sleep`, which never asks how its child ended.
    const parent = spawn("sh", ["-c", "true & echo $!; exec sleep 60"], { stdio: ["ignore", "pipe", "ignore"] });
    try {
      const [line] = (await once(parent.stdout, "data")) as [Buffer];
      await writeFile(join(folder, "1.json"), lock(Number(line.toString())));
      // It may still be on its way to its end.
      const deadline = Date.now() + 5_000;
      while ((await removeStaleLocks(backend, "primary")) === 0) expect(Date.now()).to.be.lessThan(deadline);
      expect(await readdir(folder)).to.deep.equal([]);
    } finally {
      parent.kill();
    }
  });

  it("touches nothing while one of them may be alive", async () => {
    await writeFile(join(folder, "1.json"), lock(dead));
    for (const other of [lock(process.pid), lock(dead, "elsewhere"), "not json", "{}"]) {
      await writeFile(join(folder, "2.json"), other);
      expect(await removeStaleLocks(backend, "primary"), other).to.equal(0);
      expect(await readdir(folder)).to.have.length(2);
    }
  });

  it("leaves other stacks and other backends alone", async () => {
    await writeFile(join(folder, "1.json"), lock(dead));
    expect(await removeStaleLocks(backend, "dr")).to.equal(0);
    expect(await removeStaleLocks("s3://bucket", "primary")).to.equal(0);
    expect(await readdir(folder)).to.have.length(1);
  });
});
