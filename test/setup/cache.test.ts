import { existsSync, readdirSync, readFileSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { cacheFolder, obtain } from "../../setup/install/cache.mjs";
import { engineKey } from "../../setup/install/engine.mjs";
import { folders, plant, ROOT, script } from "./support.js";

describe("setup: the cache folder", () => {
  const folder = folders();

  it("is the one asked for, else the system's", () => {
    expect(cacheFolder({ LOCKSTEP_CACHE: "/a", XDG_CACHE_HOME: "/b" }, "linux", "/home/me")).to.equal("/a");
    expect(cacheFolder({ XDG_CACHE_HOME: "/b" }, "linux", "/home/me")).to.equal("/b/lockstep");
    expect(cacheFolder({}, "linux", "/home/me")).to.equal("/home/me/.cache/lockstep");
    expect(cacheFolder({}, "darwin", "/home/me")).to.equal("/home/me/Library/Caches/lockstep");
  });

  it("has another engine for other Go modules: each of the four files counts", () => {
    const names = ["engine/go.mod", "engine/go.sum", "language-host/go.mod", "language-host/go.sum"];
    const files = Object.fromEntries(
      names.map((name) => [`setup/${name}`, readFileSync(join(ROOT, "setup", name), "utf8")]),
    );
    const root = folder();
    plant(root, files);
    const keys = new Set([engineKey(root)]);
    expect([...keys]).to.deep.equal([engineKey(ROOT)]);
    for (const [name, content] of Object.entries(files)) {
      plant(root, { ...files, [name]: `${content}\n` });
      keys.add(engineKey(root));
    }
    expect(keys.size).to.equal(5);
  });

  it("is filled once when two ask at once, and both get the whole", async () => {
    const cache = folder();
    let builds = 0;
    const waits: (number | undefined)[] = [];
    const build = async (target: string) => {
      builds += 1;
      writeFileSync(join(target, "first"), "1");
      await new Promise((resolve) => setImmediate(resolve));
      writeFileSync(join(target, "second"), "2");
    };
    const ask = () => obtain({ cache, name: "thing", build, onWait: (pid) => waits.push(pid) });
    const got = await Promise.all([ask(), ask()]);
    expect(got).to.deep.equal([join(cache, "thing"), join(cache, "thing")]);
    expect(builds).to.equal(1);
    expect(waits).to.deep.equal([process.pid]);
    expect(readdirSync(join(cache, "thing")).sort()).to.deep.equal(["first", "second"]);
    expect(readdirSync(cache)).to.deep.equal(["thing"]);
  });

  it("holds nothing that counts after a kill half-way, and the next one cleans up", async () => {
    const cache = folder();
    const half = script(
      `const { obtain } = await import(SETUP + "/install/cache.mjs");
       const { writeFileSync } = await import("node:fs");
       await obtain({ cache: process.argv[1], name: "thing", build: async (target) => {
         writeFileSync(target + "/half", "");
         console.log("half done");
         await new Promise(() => setInterval(() => {}, 1000));
       } });`,
      cache,
    );
    await half.printed("half done");
    half.send("SIGKILL");
    await half.ended;
    expect(existsSync(join(cache, "thing"))).to.equal(false);
    expect(readdirSync(cache).length, "a lock and half a folder are left").to.equal(2);
    await obtain({ cache, name: "thing", build: async (target) => writeFileSync(join(target, "whole"), "") });
    expect(readdirSync(cache)).to.deep.equal(["thing"]);
    expect(readdirSync(join(cache, "thing"))).to.deep.equal(["whole"]);
  });

  it("is left as it was by a build that fails", async () => {
    const cache = folder();
    const failed = await obtain({ cache, name: "thing", build: () => Promise.reject(new Error("no luck")) }).catch(
      String,
    );
    expect(failed).to.equal("Error: no luck");
    expect(readdirSync(cache)).to.deep.equal([]);
  });

  it("replaces what is no longer usable", async () => {
    const cache = folder();
    plant(cache, { "thing/old": "" });
    const usable = (thing: string) => existsSync(join(thing, "new"));
    await obtain({ cache, name: "thing", usable, build: async (target) => writeFileSync(join(target, "new"), "") });
    expect(readdirSync(join(cache, "thing"))).to.deep.equal(["new"]);
  });
});
