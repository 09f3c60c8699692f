import { mkdirSync, readFileSync, statSync, utimesSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { complete } from "../../setup/complete-lock.mjs";
import { CI, findNpm, keepRecord, packagesAreCurrent } from "../../setup/install/npm.mjs";
import { folders, plant, ROOT } from "./support.js";

const WANTED = {
  "": { version: "1.0.0" },
  "node_modules/a": { version: "1.2.3", integrity: "sha512-a" },
  "node_modules/b-darwin": { version: "2.0.0", integrity: "sha512-b", optional: true },
};
const { "": _root, "node_modules/b-darwin": _darwin, ...INSTALLED } = WANTED;
type Packages = Record<string, { version: string; integrity?: string; optional?: boolean }>;

describe("setup: the npm packages", () => {
  const folder = folders();

  function isCurrent(wanted: Packages, installed: Packages | undefined): boolean {
    const root = folder();
    plant(root, { "package-lock.json": JSON.stringify({ packages: wanted }) });
    mkdirSync(join(root, "node_modules"));
    if (installed) {
      plant(root, { "node_modules/.package-lock.json": JSON.stringify({ packages: installed }) });
    }
    return packagesAreCurrent(root);
  }

  it("are current when npm has written down what the lock says, other platforms' aside", () => {
    expect(isCurrent(WANTED, INSTALLED)).to.equal(true);
  });

  it("are stale when one is missing, too many, of another version or of another content", () => {
    expect(isCurrent(WANTED, {})).to.equal(false);
    expect(isCurrent(WANTED, { ...INSTALLED, "node_modules/c": { version: "1.0.0" } })).to.equal(false);
    expect(isCurrent(WANTED, { "node_modules/a": { version: "1.2.4", integrity: "sha512-a" } })).to.equal(false);
    expect(isCurrent(WANTED, { "node_modules/a": { version: "1.2.3", integrity: "sha512-x" } })).to.equal(false);
  });

  it("are stale when an installation did not come to its end", () => {
    expect(isCurrent(WANTED, undefined)).to.equal(false);
  });

  it("keep npm's record of them, which is older than nothing in node_modules but what npm does not look at", () => {
    const root = folder();
    plant(root, { "node_modules/.package-lock.json": "{}" });
    const record = join(root, "node_modules", ".package-lock.json");
    utimesSync(record, 0, 0);
    keepRecord(root);
    mkdirSync(join(root, "node_modules", ".cache", "node"), { recursive: true });
    expect(statSync(record).mtimeMs).to.be.at.least(Math.floor(statSync(join(root, "node_modules")).mtimeMs));
  });

  it("need a lock", () => {
    expect(() => packagesAreCurrent(folder())).to.throw("package-lock.json is missing or damaged");
  });

  it("are installed by the npm that runs us, under the Node we choose", () => {
    const place = folder();
    plant(place, { "npm-cli.js": "" });
    const npm_execpath = join(place, "npm-cli.js");
    expect(findNpm({ npm_execpath }, "/n/bin/node")).to.deep.equal({ program: "/n/bin/node", args: [npm_execpath] });
  });

  it("are asked for whole, whatever the user's npm leaves out by itself", () => {
    expect(CI.slice(0, 3)).to.deep.equal(["ci", "--include=dev", "--include=optional"]);
  });

  it("are not to be had without npm", () => {
    expect(() => findNpm({ PATH: folder() }, join(folder(), "node"))).to.throw(/^npm is missing: install it/);
  });

  it("are locked for every platform, without naming a registry", () => {
    for (const file of ["package-lock.json", "setup/node/package-lock.json"]) {
      const text = readFileSync(join(ROOT, file), "utf8");
      expect(complete(JSON.parse(text).packages), `${file}: run npm run lock`).to.deep.equal([]);
      expect(text).not.to.contain('"resolved"');
    }
  });

  it("are added to the lock for platforms that the registry at hand does not have", () => {
    const packages = {
      "node_modules/tool": {
        version: "1.0.0",
        dev: true,
        optionalDependencies: { "@tool/cli-linux-x64-musl": "1.0.0" },
      },
    };
    expect(complete(packages)).to.deep.equal(["@tool/cli-linux-x64-musl@1.0.0"]);
    expect(packages).to.have.deep.property("node_modules/@tool/cli-linux-x64-musl", {
      version: "1.0.0",
      cpu: ["x64"],
      dev: true,
      libc: ["musl"],
      optional: true,
      os: ["linux"],
    });
    expect(complete(packages)).to.deep.equal([]);
  });
});
