import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { hostname } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import { startOf, withLock } from "../../setup/processes/lock.mjs";
import { folders, script } from "./support.js";

const HOLD = `const { withLock } = await import(SETUP + "/processes/lock.mjs");
  const { spawn } = await import("node:child_process");
  await withLock(process.argv[1], async (lock) => {
    if (process.argv[2]) {
      const child = spawn(process.execPath, ["-e", "setInterval(() => {}, 1000)"], { detached: true, stdio: "ignore" });
      lock.add(child.pid);
      console.log("child " + child.pid);
    }
    console.log("held");
    await new Promise(() => setInterval(() => {}, 1000));
  });`;

describe("setup: the lock", () => {
  const folder = folders();

  it("tells a process from a later one with the same id", async () => {
    expect(startOf(process.pid)).to.be.a("string").and.equal(startOf(process.pid));
    const path = join(folder(), "lock");
    const processes = [{ pid: process.pid, started: "another time" }];
    writeFileSync(path, JSON.stringify({ host: hostname(), processes }));
    expect(await withLock(path, async () => "got it")).to.equal("got it");
    expect(existsSync(path)).to.equal(false);
  });

  it("is taken from a holder that was killed", async () => {
    const path = join(folder(), "lock");
    const holder = script(HOLD, path);
    await holder.printed("held");
    holder.send("SIGKILL");
    await holder.ended;
    expect(existsSync(path)).to.equal(true);
    const waited: unknown[] = [];
    expect(await withLock(path, async () => 1, { onWait: (pid) => waited.push(pid) })).to.equal(1);
    expect(waited).to.deep.equal([]);
  });

  it("stays held while a program that the killed holder started is at work", async () => {
    const path = join(folder(), "lock");
    const holder = script(HOLD, path, "with a child");
    await holder.printed("held");
    holder.send("SIGKILL");
    const { output } = await holder.ended;
    const child = Number(/child (\d+)/.exec(output)?.[1]);
    const order: string[] = [];
    const onWait = (pid: number | undefined) => {
      order.push(`waits for ${pid}`);
      process.kill(child, "SIGKILL");
    };
    await withLock(path, async () => order.push("got it"), { onWait });
    expect(order).to.deep.equal([`waits for ${holder.pid}`, "got it"]);
  });

  it("serves one at a time, and leaves nothing behind", async () => {
    const place = folder();
    const path = join(place, "lock");
    let inside = 0;
    let most = 0;
    const work = async () => {
      inside += 1;
      most = Math.max(most, inside);
      expect(readFileSync(path, "utf8")).to.contain(String(process.pid));
      await new Promise((resolve) => setImmediate(resolve));
      inside -= 1;
    };
    await Promise.all([withLock(path, work), withLock(path, work), withLock(path, work)]);
    expect(most).to.equal(1);
    expect(readdirSync(place)).to.deep.equal([]);
  });

  it("is not waited for after an interrupt", async () => {
    const path = join(folder(), "lock");
    const processes = [{ pid: process.pid, started: startOf(process.pid) }];
    writeFileSync(path, JSON.stringify({ host: hostname(), processes }));
    const controller = new AbortController();
    const onWait = () => controller.abort(new Error("stop"));
    const outcome = await withLock(path, async () => "got it", { onWait, signal: controller.signal }).catch(String);
    expect(outcome).to.equal("Error: stop");
  });
});
