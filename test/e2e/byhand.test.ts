import { execFile } from "node:child_process";
import { cp, mkdir, mkdtemp, readdir, rm, symlink } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { promisify } from "node:util";
import { expect } from "chai";
import { Harness, PROJECT } from "./harness.js";

const run = promisify(execFile);

/** What a copy of the project does not need: it is large, not tracked, or somebody's state. */
const LEFT_OUT = new Set(["node_modules", ".git", ".lockstep", "dist"]);

describe("pulumi up, typed by hand", function () {
  this.timeout(1_200_000);
  let t: Harness;
  let folder: string;

  before(async () => {
    t = await Harness.start();
    folder = await mkdtemp(join(tmpdir(), "lockstep-byhand-"));
    for (const name of await readdir(PROJECT)) {
      if (!LEFT_OUT.has(name)) await cp(join(PROJECT, name), join(folder, name), { recursive: true });
    }
    // The stand-in resolves relative paths of packages in the checkout that the sandbox was started from.
    await mkdir(join(PROJECT, "dist"), { recursive: true });
    for (const name of ["node_modules", "dist"]) await symlink(join(PROJECT, name), join(folder, name));
    await mkdir(join(folder, ".home"));
  });
  after(async () => {
    await t?.stop();
    if (folder) await rm(folder, { recursive: true, force: true });
  });

  /** The engine keeps what it remembers of folders out of the user's own. */
  const pulumi = async (...args: string[]) => {
    const env = { ...process.env, ...t.variables, PULUMI_HOME: join(folder, ".home") };
    const options = { cwd: folder, env, maxBuffer: 64 * 1024 * 1024 };
    const { stdout, stderr } = await run("pulumi", [...args, "--non-interactive", "--color", "never"], options).catch(
      (error: Error & { stdout?: string; stderr?: string }) => {
        throw new Error(`pulumi ${args.join(" ")}: ${error.stdout}\n${error.stderr}`);
      },
    );
    return stdout + stderr;
  };

  it("previews and deploys one stack with what `sandbox env` prints, then changes nothing, then removes it", async () => {
    await pulumi("stack", "init", "dr");
    await pulumi("config", "set", "lockstep:protect", "false");
    const first = await pulumi("up", "--yes");
    expect(first).to.match(/Resources:\s+\+ \d+ created\b/);
    const outputs: unknown = JSON.parse(await pulumi("stack", "output", "--json"));
    expect(outputs).to.include({ role: "dr", deployment: "lockstep" });
    const second = await pulumi("up", "--yes", "--skip-preview");
    expect(second)
      .to.match(/Resources:\s+\d+ unchanged/)
      .and.not.match(/created|updated|replaced|deleted/);
    const removed = await pulumi("destroy", "--yes");
    expect(removed).to.match(/Resources:\s+- \d+ deleted/);
  });

  it("refuses a wrong config, lists all of it and makes nothing", async () => {
    // Of the right type: the engine itself stops at the first value of a wrong one.
    await pulumi("config", "set", "--path", "lockstep:peers[0]", "nowhere");
    await pulumi("config", "set", "lockstep:colour", "blue");
    const error = await pulumi("up", "--yes").then(
      () => "",
      (failure: Error) => failure.message,
    );
    expect(error).to.contain("lockstep:peers").and.to.contain("lockstep:colour");
    expect(error).not.to.match(/\+ \d+ created/);
  });
});
