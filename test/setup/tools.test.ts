import { chmodSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import { findEngine, missingGo } from "../../setup/install/engine.mjs";
import { findNode, pathWithNode } from "../../setup/install/node.mjs";
import { missingPython } from "../../setup/install/python.mjs";
import { atLeast, findOnPath, versionOf } from "../../setup/install/tools.mjs";
import { bareContext, folders, plant } from "./support.js";

describe("setup: the tools", () => {
  const folder = folders();

  /** Programs that print something, as shell scripts. */
  function programs(printing: Readonly<Record<string, string>>): string {
    const place = folder();
    for (const [name, text] of Object.entries(printing)) {
      plant(place, { [name]: `#!/bin/sh\necho '${text}'\n` });
      chmodSync(join(place, name), 0o755);
    }
    return place;
  }

  it("compares versions by number", () => {
    const yes = [
      ["v22.13.0", "22.13"],
      ["3.250.1", "3.250"],
      ["10.0", "9.9"],
      ["3.11", "3.11.0"],
    ] as const;
    for (const [version, minimum] of yes) expect(atLeast(version, minimum), `${version} >= ${minimum}`).to.equal(true);
    const no = [
      ["v22.12.9", "22.13"],
      ["3.9.18", "3.10"],
      ["", "1"],
    ] as const;
    for (const [version, minimum] of no) expect(atLeast(version, minimum), `${version} >= ${minimum}`).to.equal(false);
  });

  it("finds programs in PATH's order, and nothing that cannot be run", () => {
    const [first, second] = [programs({ tool: "1" }), programs({ tool: "2" })];
    const third = folder();
    plant(third, { tool: "not a program" });
    expect(findOnPath("tool", [third, first, "", second, first].join(":"))).to.deep.equal([
      join(first, "tool"),
      join(second, "tool"),
    ]);
    expect(findOnPath("tool", undefined)).to.deep.equal([]);
  });

  it("asks a program for its version once, until its file changes", async () => {
    const cache = folder();
    const place = programs({ tool: "" });
    const [tool, asked] = [join(place, "tool"), join(place, "asked")];
    const versions = async () => [await versionOf(cache, tool, [], {}), readFileSync(asked, "utf8")];
    plant(place, { asked: "", tool: `#!/bin/sh\necho x >> ${asked}\nexit 1\n` });
    expect(await versions()).to.deep.equal(["", "x\n"]);
    expect(await versions(), "a failure is not remembered").to.deep.equal(["", "x\nx\n"]);
    plant(place, { asked: "", tool: `#!/bin/sh\necho x >> ${asked}\necho 1.0\n` });
    expect(await versions()).to.deep.equal(["1.0", "x\n"]);
    expect(await versions()).to.deep.equal(["1.0", "x\n"]);
    plant(place, { asked: "", tool: `#!/bin/sh\necho x >> ${asked}\necho 22.0\n` });
    expect(await versions()).to.deep.equal(["22.0", "x\n"]);
  });

  it("says in one line what to install when Go is missing or too old", async () => {
    expect(await missingGo(bareContext(folder()))).to.match(
      /^Go is missing: install Go >= 1\.25\.\d+ .*Pulumi >= 3\.\d+\.\d+.*\.$/,
    );
    const old = { PATH: programs({ go: "go1.18.3" }) };
    expect(await missingGo(bareContext(folder(), old))).to.match(/^Go 1\.18\.3 is too old: install Go >= 1\.25/);
    const local = { PATH: programs({ go: "go1.24.0" }), GOTOOLCHAIN: "local" };
    expect(await missingGo(bareContext(folder(), local))).to.match(/^Go 1\.24\.0 is too old/);
  });

  it("does without Go where it can fetch a newer one, or Pulumi's site answers", async () => {
    expect(await missingGo(bareContext(folder(), { PATH: programs({ go: "go1.24.0" }) }))).to.equal(undefined);
    expect(await missingGo({ ...bareContext(folder()), canReach: async () => true })).to.equal(undefined);
  });

  it("says in one line what to install when Python is missing, too old or without venv", async () => {
    expect(await missingPython(bareContext(folder()))).to.match(/^Python >= 3\.10 is missing: install python3/);
    const old = { PATH: programs({ python3: "3.9.2" }) };
    expect(await missingPython(bareContext(folder(), old))).to.match(/^Python >= 3\.10 is missing/);
    const bare = { PATH: programs({ python3: "3.11.2" }) };
    expect(await missingPython(bareContext(folder(), bare))).to.match(/cannot make .*: install .*python3-venv/);
  });

  it("uses the Node that runs it, else one on PATH, if new enough", async () => {
    const context = bareContext(folder(), {
      PATH: `${programs({ node: "v20.1.0" })}:${programs({ node: "v24.0.0" })}`,
    });
    expect(await findNode(context, { version: "v22.13.0", execPath: "/here/node" })).to.equal("/here/node");
    const [, second] = findOnPath("node", context.env["PATH"]);
    expect(await findNode(context, { version: "v18.0.0", execPath: "/here/node" })).to.equal(second);
    expect(await findNode(bareContext(folder()), { version: "v18.0.0", execPath: "/here/node" })).to.equal(undefined);
  });

  it("puts Node first on PATH only if another would be found", () => {
    const [one, other] = [programs({ node: "" }), programs({ node: "" })];
    expect(pathWithNode(join(one, "node"), `/x:${one}:${other}`)).to.equal(`/x:${one}:${other}`);
    expect(pathWithNode(join(other, "node"), `/x:${one}:${other}`)).to.equal(`${other}:/x:${one}:${other}`);
  });

  it("uses the Pulumi on PATH if it is new enough and has its language host", async () => {
    const host = { "pulumi-language-nodejs": "" };
    const find = (PATH: string) => findEngine(bareContext(folder(), { PATH }));
    const good = programs({ pulumi: "v3.251.0", ...host });
    expect(await find(good)).to.equal(good);
    expect(await find(programs({ pulumi: "v3.190.0", ...host }))).to.equal(undefined);
    expect(await find(programs({ pulumi: "v3.251.0" }))).to.equal(undefined);
    expect(await find("")).to.equal(undefined);
  });
});
