import { type ChildProcess, spawn, spawnSync } from "node:child_process";
import { join } from "node:path";
import { expect } from "chai";
import { Harness, PROJECT, until } from "./harness.js";
import { changes, family, killed, settled } from "./kills.js";
import { leftovers } from "./leftovers.js";

describe("a run that is killed and repeated", function () {
  this.timeout(1_200_000);
  this.bail(true);
  let t: Harness;

  before(async () => {
    t = await Harness.start();
  });
  after(() => t?.stop());

  it("deploys all the same: what was made and not written down is adopted", async () => {
    await killed(t, "up --target sandbox --workload");
    await changes(t, "up");
    await settled(t);
  });

  it("removes everything after a removal that was killed", async () => {
    await killed(t, "down");
    await changes(t, "down");
    expect((await leftovers(t)).resources).to.deep.equal([]);
  });

  // Last: what it leaves half deployed is little or much, and goes with the sandbox.
  it("leaves nothing running when whoever started it is killed", async () => {
    const starter = driving(t, "up --target sandbox --workload");
    await toldOf(starter, "created; now");
    const all = family(starter.pid ?? 0);
    expect(all.map(commandLine).join("\n")).to.contain("pulumi-language-nodejs").and.contain("cmd/run");
    starter.kill("SIGKILL");
    await until("the end of all that it started", 100_000, async () =>
      all.map(commandLine).filter((line) => line !== ""),
    );
  });
});

/** Starts the driver as the `lockstep` command does, with the places of the harness. */
function driving(t: Harness, line: string): ChildProcess {
  const of = (path: string) => JSON.stringify(join(PROJECT, path));
  const driver = `const { realDeps } = require(${of("automation/real.ts")});
    const { onSignals } = require(${of("automation/cli/signals.ts")});
    const { plainProgress } = require(${of("automation/cli/progress.ts")});
    const { parse } = require(${of("automation/cli/cli.ts")});
    const { dispatch } = require(${of("automation/cli/dispatch.ts")});
    const io = { err: (text) => process.stderr.write(text + "\\n") };
    const deps = realDeps(${of("")}, plainProgress(io), onSignals(io), ${JSON.stringify(t.deps.places.home)});
    void dispatch(parse(${JSON.stringify(line.split(" "))}).command, deps).then(({ text }) => io.err(text));`;
  const starter = `const { foreground } = await import(${of("setup/processes/process.mjs")});
    const { typescriptFlags } = await import(${of("setup/commands.mjs")});
    const flags = [...typescriptFlags(), "-e", ${JSON.stringify(driver)}];
    process.exitCode = await foreground(process.execPath, flags, { env: process.env });`;
  return spawn(process.execPath, ["--input-type=module", "-e", starter], { stdio: ["ignore", "ignore", "pipe"] });
}

/** Waits until a program has told a text. */
const toldOf = (child: ChildProcess, text: string): Promise<void> =>
  new Promise((resolve, reject) => {
    let told = "";
    child.stderr?.on("data", (data: Buffer) => {
      told += data.toString();
      if (told.includes(text)) resolve();
    });
    child.once("exit", () => reject(new Error(`it ended and has not told of "${text}": ${told}`)));
  });

/** What a process is; empty when it has ended, though nobody may have asked how. */
function commandLine(pid: number): string {
  const { stdout } = spawnSync("ps", ["-o", "stat=,args=", "-p", String(pid)], { encoding: "utf8" });
  const [state = "Z", ...args] = stdout.trim().split(/\s+/);
  return state === "" || state.startsWith("Z") ? "" : args.join(" ");
}
