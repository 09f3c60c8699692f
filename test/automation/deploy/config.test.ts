import { cp, mkdir, mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { dirname, join, resolve } from "node:path";
import { expect } from "chai";
import { CommandProblem } from "../../../automation/cli/outcome.js";
import { configOf } from "../../../automation/deploy/config.js";
import { envFolder, readEnv } from "../../../automation/deploy/envs.js";
import { settingOf } from "../../../automation/deploy/setting.js";

const PROJECT = resolve(__dirname, "..", "..", "..");
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

  it("takes the policies that README shows, where README says to write them", async () => {
    const readme = await readFile(join(PROJECT, "README.md"), "utf8");
    const [, snippet = ""] = /```yaml\n([\s\S]*?)\n```/.exec(readme) ?? [];
    const shown = snippet.replace(/^/gm, "  ").replace("name: daily", "name: shown");
    await edit("Pulumi.yaml", (text) => text.replace(/^ {2}lockstep:policies:\n(?: {3,}.*\n)*/m, `${shown}\n`));
    const { project: settings, stacks } = await read();
    const policies = stacks.map((one) => settingOf(settings, one.settings, "lockstep:policies"));
    expect(JSON.stringify(policies[0])).to.contain('"name":"shown"');
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

  it("names each file that is none, all at once, with what is wrong with it", async () => {
    await writeFile(join(project, "Pulumi.dev.yaml"), "");
    await writeFile(join(project, "Pulumi.dr.yaml"), "# nothing yet\n");
    await writeFile(join(project, "Pulumi.spare.yaml"), "config: null\n");
    await writeFile(join(project, "Pulumi.text.yaml"), "lockstep\n");
    await writeFile(join(project, "Pulumi.primary.yaml"), "config:\n\taws:region: us-east-1\n");
    const { ending, message } = await problem(read());
    expect(ending).to.equal("usage");
    const [dev, dr, primary, spare, text, ...more] = message.split("\n");
    expect(dev).to.contain("Pulumi.dev.yaml: it is empty").and.to.contain("lockstep:role");
    expect(dr).to.contain("Pulumi.dr.yaml: it is empty");
    expect(primary).to.contain("Pulumi.primary.yaml: it is no YAML: tab characters").and.to.contain("2:1");
    expect(spare).to.contain("Pulumi.spare.yaml: config: must hold settings");
    expect(text).to.contain("Pulumi.text.yaml: it must have a config:");
    expect(more).to.deep.equal([]);
  });

  for (const content of ["", "- lockstep\n", "name: [\n", "name: lockstep\nruntime: nodejs\nconfig: none\n"]) {
    it(`names Pulumi.yaml where it is ${JSON.stringify(content)}`, async () => {
      await writeFile(join(project, "Pulumi.yaml"), content);
      const { ending, message } = await problem(read());
      expect(ending).to.equal("usage");
      expect(message).to.match(/^Pulumi\.yaml: /);
    });
  }

  it("refuses stacks of different deployments, and a role that is none", async () => {
    await edit("Pulumi.dr.yaml", (text) => text.replace("deployment: lockstep", "deployment: other"));
    expect(await problem(read())).to.include({ ending: "usage" });
    await edit("Pulumi.dr.yaml", (text) => text.replace("role: dr", "role: spare"));
    expect((await problem(read())).message)
      .to.contain("Pulumi.dr.yaml")
      .and.to.contain("lockstep:role");
  });
});

describe("the record of an environment", () => {
  it("that is no JSON, as a full disk leaves it, is told by its name", async () => {
    const home = await mkdtemp(join(tmpdir(), "lockstep-envs-"));
    const file = join(envFolder({ project: home, home }, "default"), "env.json");
    await mkdir(dirname(file), { recursive: true });
    await writeFile(file, '{ "env": ');
    const error: unknown = await readEnv({ project: home, home }, "default").catch((e: unknown) => e);
    expect(error).to.be.instanceOf(CommandProblem).and.to.include({ ending: "usage" });
    expect(String(error)).to.contain(file);
    await rm(home, { recursive: true });
  });
});
