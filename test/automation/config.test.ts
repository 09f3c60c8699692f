import { cp, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { expect } from "chai";
import { configOf } from "../../automation/config.js";
import { CommandProblem } from "../../automation/outcome.js";

const PROJECT = resolve(__dirname, "..", "..");
const FILES = ["Pulumi.yaml", "Pulumi.primary.yaml", "Pulumi.dr.yaml", "Pulumi.workload.yaml"];

describe("the config of an environment", () => {
  let project: string;
  const read = (env = "default", over = {}) => configOf({ project, home: join(project, ".lockstep") }, env, over);
  const edit = async (file: string, change: (text: string) => string) => {
    const path = join(project, file);
    const before = await readFile(path, "utf8");
    const after = change(before);
    expect(after, `${file} did not change`).not.to.equal(before);
    await writeFile(path, after);
  };
  const problem = async (reading: Promise<unknown>): Promise<CommandProblem> => {
    const error: unknown = await reading.then(
      () => undefined,
      (e: unknown) => e,
    );
    if (error instanceof CommandProblem) return error;
    throw new Error(`not refused: ${String(error)}`);
  };

  beforeEach(async () => {
    project = await mkdtemp(join(tmpdir(), "lockstep-config-"));
    for (const file of FILES) await cp(join(PROJECT, file), join(project, file));
  });
  afterEach(() => rm(project, { recursive: true }));

  it("is what the tracked files say", async () => {
    const { deployment, stacks } = await read();
    expect(deployment).to.equal("lockstep");
    expect(stacks.map((s) => s.record)).to.deep.equal([
      { id: "dr", name: "dr", role: "dr", region: "us-west-2" },
      { id: "primary", name: "primary", role: "primary", region: "us-east-1" },
      { id: "workload", name: "workload", role: "workload", region: "us-east-1" },
    ]);
  });

  it("gives environments beside the default one names of their own", async () => {
    const { deployment, stacks } = await read("blue");
    expect(deployment).to.equal("lockstep-blue");
    expect(stacks.map((s) => s.record.name)).to.deep.equal(["dr-blue", "primary-blue", "workload-blue"]);
    for (const { settings } of stacks) expect(settings.config).to.include({ "lockstep:deployment": "lockstep-blue" });
  });

  it("puts an environment's own settings over those of the controllers", async () => {
    const { stacks } = await read("default", { "lockstep:protect": false });
    const has = stacks.filter((s) => s.settings.config?.["lockstep:protect"] === false).map((s) => s.record.id);
    expect(has).to.deep.equal(["dr", "primary"]);
  });

  it("refuses wrong values of all stacks at once, before the engine starts", async () => {
    await edit("Pulumi.primary.yaml", (text) => `${text}  lockstep:colour: blue\n`);
    await edit("Pulumi.dr.yaml", (text) => `${text}  lockstep:logDays: 2\n`);
    const { ending, message } = await problem(read());
    expect(ending).to.equal("usage");
    expect(message).to.contain("Pulumi.primary.yaml").and.to.contain("lockstep:colour");
    expect(message).to.contain("Pulumi.dr.yaml").and.to.contain("lockstep:logDays");
  });

  it("refuses stacks of different deployments, and a role that is none", async () => {
    await edit("Pulumi.dr.yaml", (text) => text.replace("deployment: lockstep", "deployment: other"));
    expect(await problem(read())).to.include({ ending: "usage" });
    await edit("Pulumi.dr.yaml", (text) => text.replace("role: dr", "role: spare"));
    expect((await problem(read())).message)
      .to.contain("Pulumi.dr.yaml")
      .and.to.contain("lockstep:role");
  });
});
