import { globSync, readFileSync } from "node:fs";
import { join } from "node:path";
import { expect } from "chai";
import ts from "typescript";
import { ROOT } from "./support.js";

/** What is only of one kind of resource has its words in that kind's room, kinds/<kind>/. */
const WORDS = /snapshot|volume|ec2/i;

const HELD = ["core/**/*.ts", "functions/**/*.ts", "machines/**/*.ts", "automation/{cli,commands}/**/*.ts"];

/** The names in a file that have a word of one kind: identifiers, and what is imported. Texts and comments are free. */
function namesOf(file: string, code: string): readonly string[] {
  const found = new Set<string>();
  const look = (node: ts.Node): void => {
    const isName = ts.isIdentifier(node) || ts.isPrivateIdentifier(node);
    const isModule = ts.isStringLiteral(node) && isSpecifier(node);
    if ((isName || isModule) && WORDS.test(node.text)) found.add(node.text);
    ts.forEachChild(node, look);
  };
  look(ts.createSourceFile(file, code, ts.ScriptTarget.Latest, true));
  return [...found];
}

function isSpecifier(node: ts.StringLiteral): boolean {
  const { parent } = node;
  return ts.isImportDeclaration(parent) || ts.isExportDeclaration(parent) || ts.isExternalModuleReference(parent);
}

describe("setup: words of one kind", () => {
  it("are found in names and imports, not in texts, keys in quotes and comments", () => {
    const code = `
      import { EC2Client } from "@aws-sdk/client-ec2"; // of a volume
      export { one } from "../kinds/ebs/snapshots.js";
      class A { #volumes = { "volume": "a snapshot", SnapshotId: 1 }; }
      type VolumeRow = \`volume of \${string}\`;`;
    const names = [
      "EC2Client",
      "@aws-sdk/client-ec2",
      "../kinds/ebs/snapshots.js",
      "#volumes",
      "SnapshotId",
      "VolumeRow",
    ];
    expect(namesOf("a.ts", code)).to.deep.equal(names);
  });

  it("are in no name of what serves every kind", () => {
    const files = globSync(HELD, { cwd: ROOT });
    expect(files).to.include("automation/cli/dispatch.ts");
    const wrong = files.flatMap((file) =>
      namesOf(file, readFileSync(join(ROOT, file), "utf8")).map((name) => `${file}: ${name}`),
    );
    expect(wrong).to.deep.equal([]);
  });
});
