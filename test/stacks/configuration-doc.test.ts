import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { withTables } from "../../docs/tables.js";
import { readProgram } from "../../stacks/program.js";

const DOC = resolve(__dirname, "..", "..", "docs", "configuration.md");

describe("docs/configuration.md", function () {
  this.timeout(300_000);
  let folder: string;
  let blocks: { language: string; text: string }[];

  before(async () => {
    folder = await mkdtemp(join(tmpdir(), "lockstep-doc-"));
    await writeFile(join(folder, "Pulumi.yaml"), "name: lockstep\nruntime: nodejs\n");
    const text = await readFile(DOC, "utf8");
    const found = [...text.matchAll(/^```(\w*)\n([\s\S]*?)\n```$/gm)];
    blocks = found.map(([, language = "", body = ""]) => ({ language, text: body }));
  });
  after(() => rm(folder, { recursive: true }));

  /** Reads a stack file as the engine does. */
  async function read(text: string) {
    await writeFile(join(folder, "Pulumi.doc.yaml"), text);
    const { config = {} } = await (await LocalWorkspace.create({ workDir: folder })).stackSettings("doc");
    const values = Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    return readProgram(Object.fromEntries(values));
  }

  it("has the tables that the schema makes: `npm run docs` writes them", async () => {
    const page = await readFile(DOC, "utf8");
    expect(withTables(page)).to.equal(page);
    expect(withTables(page.replace("| `lockstep:peers` |", "| `lockstep:pears` |"))).to.equal(page);
  });

  it("is right in what README shows", async () => {
    const readme = await readFile(resolve(DOC, "..", "..", "README.md"), "utf8");
    const [, snippet = ""] = /```yaml\n([\s\S]*?)\n```/.exec(readme) ?? [];
    const primary = { "aws:region": "us-east-1", "lockstep:role": "primary", "lockstep:peers": "[us-west-2]" };
    const own = Object.entries(primary).map(([key, value]) => `  ${key}: ${value}`);
    const indented = snippet.split("\n").map((line) => `  ${line}`);
    const program = await read(["config:", ...own, ...indented].join("\n"));
    expect(program.role === "primary" && program.settings.policies.map(({ name }) => name)).to.deep.equal(["daily"]);
  });

  it("has an example that is right", async () => {
    const program = await read(blocks[0]?.text ?? "");
    const names = program.role === "primary" ? program.settings.policies.map(({ name }) => name) : [];
    expect(names).to.deep.equal(["nightly", "critical", "loose-volumes"]);
  });

  it("shows what a wrong one is answered with, to the letter", async () => {
    const [, wrong, answer, ...more] = blocks;
    expect(more).to.deep.equal([]);
    const message = await read(wrong?.text ?? "").then(
      () => "nothing",
      (error: unknown) => (error instanceof Error ? error.message : String(error)),
    );
    expect(message).to.equal(answer?.text);
  });
});
