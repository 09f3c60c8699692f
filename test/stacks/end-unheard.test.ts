import { spawn } from "node:child_process";
import { once } from "node:events";
import { readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";

describe("the program, when the engine is gone", () => {
  it("ends, though its errors are written to where nobody reads", async () => {
    const guard = JSON.stringify(join(__dirname, "../../stacks/end-unheard.cjs"));
    // As Pulumi does: what goes wrong is told, what goes wrong with telling it too.
    const program = `require(${guard});
      process.on("uncaughtException", (error) => console.error(error));
      setInterval(() => console.error("still here"), 20);`;
    const child = spawn(process.execPath, ["-e", program], { stdio: ["ignore", "ignore", "pipe"], timeout: 10_000 });
    await once(child.stderr, "data");
    child.stderr.destroy();
    // Not by the time limit, which would send SIGTERM.
    expect(await once(child, "exit")).to.deep.equal([null, "SIGKILL"]);
  });

  it("hears of it before anything else is loaded", () => {
    const [first] = readFileSync(join(__dirname, "../../index.ts"), "utf8").match(/^import .*/m) ?? [];
    expect(first).to.equal('import "./stacks/end-unheard.cjs";');
  });
});
