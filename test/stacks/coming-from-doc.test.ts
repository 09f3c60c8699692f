import { mkdtemp, readFile, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { LocalWorkspace } from "@pulumi/pulumi/automation/index.js";
import { expect } from "chai";
import { parse } from "../../automation/cli/cli.js";
import { readProgram } from "../../stacks/program.js";

const DOC = resolve(__dirname, "..", "..", "docs", "coming-from.md");
const STACK = { "aws:region": "us-east-1", "lockstep:role": "primary", "lockstep:peers": "[us-west-2]" };

describe("docs/coming-from.md", function () {
  this.timeout(300_000);
  let page: string;
  let folder: string;

  before(async () => {
    page = await readFile(DOC, "utf8");
    folder = await mkdtemp(join(tmpdir(), "lockstep-doc-"));
    await writeFile(join(folder, "Pulumi.yaml"), "name: lockstep\nruntime: nodejs\n");
  });
  after(() => rm(folder, { recursive: true }));

  /** The policies of a snippet, read as the engine and the program do. */
  async function policiesOf(snippet: string): Promise<string[]> {
    const lines = [...Object.entries(STACK).map(([key, value]) => `${key}: ${value}`), ...snippet.split("\n")];
    await writeFile(join(folder, "Pulumi.doc.yaml"), ["config:", ...lines.map((line) => `  ${line}`)].join("\n"));
    const { config = {} } = await (await LocalWorkspace.create({ workDir: folder })).stackSettings("doc");
    const values = Object.entries(config).map(([key, value]) => [
      key,
      typeof value === "string" ? value : JSON.stringify(value),
    ]);
    const program = readProgram(Object.fromEntries(values));
    return program.role === "primary" ? program.settings.policies.map(({ name }) => name) : [];
  }

  it("has snippets that are right, and commands that name their policies", async () => {
    const snippets = [...page.matchAll(/^```yaml\n([\s\S]*?)\n```$/gm)].map(([, text = ""]) => text);
    const policies: string[] = [];
    for (const snippet of snippets) policies.push(...(await policiesOf(snippet)));
    expect(policies).to.deep.equal(["business-hours", "anybodys", "all-of-it", "nightly", "daily"]);
    const typed = [...page.matchAll(/`lockstep (adopt --policy [a-z][^`]*)`/g)].map(([, line = ""]) => line);
    const words = typed.map((line) => line.replaceAll("'", "").split(" "));
    for (const line of words) expect(parse(line), line.join(" ")).to.have.property("kind", "command");
    expect(words.map(([, , policy]) => policy)).to.deep.equal(policies);
  });
});
