import { resolve } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import * as v from "valibot";
import { readSettings } from "../../core/config/settings.js";
import { TAG_NAMES } from "../../core/names/tags.js";
import { RULES } from "../../kinds/rules.js";
import { type Program, readProgram } from "../../stacks/program.js";
import { regionEntries } from "../../stacks/region-config.js";

const PROJECT = resolve(__dirname, "..", "..");

interface Declared {
  readonly type?: string;
  readonly default?: unknown;
}

describe("Pulumi.yaml", function () {
  this.timeout(300_000);

  /** What the engine is told of each of our keys. */
  async function declared(): Promise<Readonly<Record<string, Declared>>> {
    const { config = {} } = await (await LocalWorkspace.create({ workDir: PROJECT })).projectSettings();
    const ours = Object.entries(config).filter(([key]) => key.startsWith("lockstep:"));
    // Each of ours is an object with a type in the file; one that is not fails in the first test.
    return Object.fromEntries(ours.map(([key, entry]) => [key.slice("lockstep:".length), entry as Declared]));
  }

  /** The program of a stack whose own file says only what has no default. */
  async function programOf(own: Readonly<Record<string, string>>): Promise<Program> {
    const shared = Object.entries(await declared()).flatMap(([key, { default: value }]) =>
      value === undefined ? [] : [[`lockstep:${key}`, typeof value === "string" ? value : JSON.stringify(value)]],
    );
    return readProgram({ ...Object.fromEntries(shared), ...own });
  }

  it("tells the engine a type of each key, and a default of each that has one", async () => {
    const keys = await declared();
    expect(Object.fromEntries(Object.entries(keys).map(([key, { type }]) => [key, type]))).to.include({
      role: "string",
      deployment: "string",
      peers: "array",
      protect: "boolean",
      logDays: "integer",
      tracing: "boolean",
      batchSeconds: "integer",
      emails: "array",
      tags: "object",
      policies: "array",
    });
    expect(Object.values(keys).every(({ type }) => type !== undefined)).to.equal(true);
    expect(keys["role"]).to.not.have.property("default");
  });

  it("has the defaults of the program", async () => {
    const keys = await declared();
    const { tags, tagNames, ...others } = regionEntries;
    for (const [key, entry] of Object.entries(others)) {
      const value = v.getDefault(entry);
      if (value !== undefined) expect(keys[key]?.default, key).to.deep.equal(value);
    }
    expect(Object.keys(v.getDefaults(v.object(others)))).to.include.members(["mode", "peers", "protect", "logDays"]);
    expect(v.getDefault(tags), "those of the file are a choice of the project").to.deep.equal({});
    expect(v.parse(tagNames.wrapped, {})).to.deep.equal(TAG_NAMES);
    expect(keys["tagNames"]?.default).to.deep.equal(TAG_NAMES);
    const orphanAfter = keys["orphanAfter"]?.default;
    const bare = { role: "primary", region: "us-east-1", policies: [] };
    expect(readSettings({ ...bare, orphanAfter }, RULES)).to.deep.equal(readSettings(bare, RULES));
  });

  it("declares every key that the program reads, but for what only one role may have", async () => {
    const ours = Object.keys(regionEntries).filter((key) => key !== "workload" && key !== "region");
    expect(Object.keys(await declared()).toSorted()).to.deep.equal(ours.toSorted());
  });

  it("makes a stack of every role with nothing more than its own file must say", async () => {
    const peers = JSON.stringify(["us-west-2"]);
    const primary = await programOf({ "aws:region": "us-east-1", "lockstep:role": "primary", "lockstep:peers": peers });
    expect(primary).to.include({ role: "primary", deployment: "lockstep", logDays: 30, protect: true });
    const ami = JSON.stringify({ ami: "ami-0123456789abcdef0" });
    const own = { "aws:region": "us-east-1", "lockstep:role": "workload", "lockstep:workload": ami };
    expect(await programOf(own), "the defaults of the others do not hurt it").to.include({ role: "workload" });
    const shared = { ...own, "lockstep:protect": "false", "lockstep:logDays": "7", "lockstep:batchSeconds": "1" };
    expect(await programOf(shared), "nor do other values for all").to.include({ role: "workload" });
  });
});
