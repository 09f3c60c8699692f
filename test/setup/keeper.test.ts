import { expect } from "chai";
import { isRunning, ROOT, type Script, script, until } from "./support.js";

/** Starts a program that starts another in a process group of its own, as the engine does with its plugins; prints both. */
const STARTER = `const { foreground } = await import(SETUP + "/processes/process.mjs");
  const child = \`const { spawn } = require("node:child_process");
    const shell = spawn("sh", ["-c", "set -m; sleep 600 & echo $!; wait"]);
    shell.stdout.once("data", (data) => console.log(JSON.stringify([process.pid, Number(data)])));
    setInterval(() => {}, 1000);\`;
  process.exitCode = await foreground(process.execPath, ["-e", child], { env: process.env });`;

describe("setup: what we start ends when we are gone", () => {
  const started = async (starter: Script): Promise<[number, number]> => {
    const [, pids = "[]"] = /(\[\d+,\d+\])/.exec(await starter.printed("]")) ?? [];
    return JSON.parse(pids);
  };

  it("when the starter is killed", async () => {
    const starter = script(STARTER);
    const [program, below] = await started(starter);
    expect([program, below].map(isRunning)).to.deep.equal([true, true]);
    starter.send("SIGKILL");
    await until(() => ![program, below].some(isRunning));
  });

  it("when what it started is killed, and has started others", async () => {
    const starter = script(STARTER);
    const [program, below] = await started(starter);
    process.kill(program, "SIGKILL");
    await until(() => !isRunning(below));
    expect((await starter.ended).code).to.equal(128 + 9);
  });

  it("when npm is killed, though the shell between is not", async () => {
    const us = `const { endWithNpm } = await import(SETUP + "/processes/keeper.mjs");
      endWithNpm();
      console.log("[" + process.pid + "," + process.ppid + "]");
      setInterval(() => {}, 1000);`;
    const npm = script(`const { spawn } = await import("node:child_process");
      const line = '"$0" --input-type=module -e "$1"; true';
      const us = "const SETUP = " + JSON.stringify(SETUP) + ";" + ${JSON.stringify(us)};
      const env = { ...process.env, npm_package_json: ${JSON.stringify(`${ROOT}/package.json`)} };
      spawn("sh", ["-c", line, process.execPath, us], { env, stdio: "inherit" });`);
    const [program] = await started(npm);
    expect(isRunning(program)).to.equal(true);
    npm.send("SIGKILL");
    await until(() => !isRunning(program));
  });
});
