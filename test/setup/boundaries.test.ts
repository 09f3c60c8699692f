import { symlinkSync } from "node:fs";
import { createRequire } from "node:module";
import { join } from "node:path";
import { expect } from "chai";
import type { IConfiguration, ICruiseResult } from "dependency-cruiser";
import { ESLint, Linter } from "eslint";
import tseslint from "typescript-eslint";
import { folders, plant, ROOT } from "./support.js";

const TARGETS = {
  "core/target.ts": "export const a = 1;",
  "core/names/target.ts": "export const a = 1;",
  "core/planner/target.ts": "export const a = 1;",
  "functions/lib/target.ts": "export const a = 1;",
  "functions/other/target.ts": "export const a = 1;",
  "components/target.ts": "export const a = 1;",
  "kinds/backend.ts": "export const a = 1;",
  "kinds/backends.ts": "export const a = 1;",
  "kinds/fsx/target.ts": "export const a = 1;",
  "kinds/ebs/aws/target.ts": "export const a = 1;",
  "kinds/ebs/target.ts": "export const a = 1;",
  "stacks/target.ts": "export const a = 1;",
  "sandbox/target.ts": "export const a = 1;",
  "sandbox/control.ts": "export const a = 1;",
  "automation/target.ts": "export const a = 1;",
  "test/target.ts": "export const a = 1;",
};

/** Importing file, what it imports, the rule that forbids it; undefined: it may. */
const IMPORTS: readonly (readonly [string, string, string | undefined])[] = [
  ["core/x.ts", "@aws-sdk/client-ec2", "core-is-pure"],
  ["core/x.ts", "@pulumi/pulumi", "core-is-pure"],
  ["core/x.ts", "../functions/lib/target.js", "core-is-pure"],
  ["core/x.ts", "node:fs", "core-is-pure"],
  ["core/x.ts", "valibot", undefined],
  ["core/x.ts", "node:crypto", undefined],
  ["core/names/x.ts", "../planner/target.js", "floor-of-names"],
  ["core/inventory/x.ts", "../planner/target.js", "floor-of-inventory"],
  ["core/inventory/x.ts", "../names/target.js", undefined],
  ["machines/x.ts", "@pulumi/pulumi", "machines-are-plain-data"],
  ["functions/plan/x.ts", "@pulumi/aws", "functions-know-no-pulumi"],
  ["functions/plan/x.ts", "../../components/target.js", "functions-know-no-pulumi"],
  ["functions/plan/x.ts", "../other/target.js", "functions-stay-apart"],
  ["functions/plan/x.ts", "../lib/target.js", undefined],
  ["functions/plan/x.ts", "@aws-sdk/client-ec2", undefined],
  ["functions/plan/x.ts", "../../kinds/ebs/target.js", "kinds-are-handed-in"],
  ["functions/plan/x.ts", "../../kinds/backend.js", undefined],
  ["functions/plan/x.ts", "../../kinds/backends.js", "kinds-are-handed-in"],
  ["functions/plan/handler.ts", "../../kinds/backends.js", undefined],
  ["functions/plan/handler.ts", "../../kinds/ebs/target.js", "kinds-stay-apart"],
  ["components/x.ts", "../kinds/ebs/target.js", "kinds-stay-apart"],
  ["kinds/ebs/x.ts", "../fsx/target.js", "kinds-stay-apart"],
  ["kinds/ebs/x.ts", "./target.js", undefined],
  ["kinds/backends.ts", "./ebs/target.js", undefined],
  ["kinds/ebs/x.ts", "@aws-sdk/client-ec2", "rules-are-pure"],
  ["kinds/ebs/x.ts", "./aws/target.js", "rules-are-pure"],
  ["kinds/ebs/aws/x.ts", "@aws-sdk/client-ec2", undefined],
  ["kinds/ebs/x.ts", "@pulumi/pulumi", "backends-know-no-pulumi"],
  ["kinds/ebs/x.ts", "../../components/target.js", "backends-know-no-pulumi"],
  ["kinds/ebs/stack/x.ts", "@pulumi/pulumi", undefined],
  ["components/x.ts", "@aws-sdk/client-ec2", "components-no-sdk"],
  ["components/x.ts", "../stacks/target.js", "components-know-no-stack"],
  ["components/x.ts", "@pulumi/aws", undefined],
  ["components/x.ts", "chai", "deployed-code-has-its-packages"],
  ["components/x.ts", "@grpc/proto-loader", "no-undeclared-package"],
  ["components/x.ts", "./nowhere.js", "no-unresolvable"],
  ...["core/x.ts", "functions/plan/x.ts", "machines/x.ts", "components/x.ts", "stacks/x.ts", "index.ts"].flatMap(
    (from) =>
      ["sandbox/target.js", "automation/target.js", "test/target.js"].map((to) => {
        const up = "../".repeat(from.split("/").length - 1);
        return [from, `${up || "./"}${to}`, "deployed-code-stands-alone"] as const;
      }),
  ),
  ["sandbox/x.ts", "../core/target.js", "sandbox-knows-no-product"],
  ["automation/x.ts", "../sandbox/target.js", "sandbox-has-one-door"],
  ["automation/x.ts", "../sandbox/control.js", undefined],
  ["automation/x.ts", "chai", "command-has-its-packages"],
  ["sandbox/x.ts", "chai", "command-has-its-packages"],
  ["automation/x.ts", "../test/target.js", "nothing-imports-tests"],
];

async function brokenRules(folder: string): Promise<readonly string[]> {
  const { cruise } = await import("dependency-cruiser");
  const { options, ...ruleSet } = createRequire(__filename)(join(ROOT, ".dependency-cruiser.cjs")) as IConfiguration;
  const { tsConfig: _none, ...others } = options ?? {};
  const { output } = await cruise(["."], { ...others, baseDir: folder, validate: true, ruleSet });
  const { summary } = output as ICruiseResult; // a string only where an output type is asked for
  return [...new Set(summary.violations.map((violation) => `${violation.from}: ${violation.rule.name}`))].sort();
}

describe("setup: the boundaries", () => {
  const folder = folders();

  function project(files: Readonly<Record<string, string>>): string {
    const root = folder();
    plant(root, { ...TARGETS, ...files });
    symlinkSync(join(ROOT, "node_modules"), join(root, "node_modules"));
    symlinkSync(join(ROOT, "package.json"), join(root, "package.json"));
    return root;
  }

  for (const [from, to, rule] of IMPORTS) {
    it(`${from} ${rule === undefined ? "may" : "may not"} import ${to}`, async () => {
      const broken = await brokenRules(project({ [from]: `import * as x from "${to}";\nexport const y = x;\n` }));
      if (rule === undefined) expect(broken).to.deep.equal([]);
      else expect(broken).to.include(`${from}: ${rule}`);
    });
  }

  it("finds a type import and a cycle too", async () => {
    const files = {
      "core/types.ts": 'import type { Output } from "@pulumi/pulumi";\nexport type X = Output<string>;\n',
      "components/one.ts": 'import { two } from "./two.js";\nexport const one = () => two;\n',
      "stacks/one.ts": 'import { two } from "./two.js";\nexport type One = 1;\nexport const one = two;\n',
      "stacks/two.ts": 'import type { One } from "./one.js";\nexport const two: One = 1;\n',
      "components/two.ts": 'import { one } from "./one.js";\nexport const two = () => one;\n',
    };
    const broken = await brokenRules(project(files));
    expect(broken).to.include("core/types.ts: core-is-pure").and.include("components/one.ts: no-cycles");
    expect(broken, "a cycle of a type").to.include("stacks/one.ts: no-cycles");
  });
});

describe("setup: what may not be used where", () => {
  async function problems(file: string, code: string): Promise<readonly string[]> {
    const config = (await new ESLint({ cwd: ROOT }).calculateConfigForFile(join(ROOT, file))) as Linter.Config;
    const rule = config.rules?.["no-restricted-syntax"] ?? "off";
    const rules = { "no-restricted-syntax": rule };
    const parser = tseslint.parser as Linter.Parser; // the same parser, typed for another version of ESLint
    return new Linter()
      .verify(code, { files: ["**/*.ts"], languageOptions: { parser }, rules }, file)
      .map((p) => p.message);
  }

  const provider = {
    "a provider of its own": 'new aws.Provider("dr", { region });',
    "a provider class by name": 'new Provider("dr", { region });',
    "two providers as arguments": "interface Args { a: aws.Provider; b: aws.Provider }",
    "a provider as any resource": "function f(p: pulumi.ProviderResource) { return p; }",
    "a map of providers": 'new Thing("x", {}, { parent: this, providers: { aws: p } });',
    "another provider for a child": 'new Thing("x", {}, { parent: this, provider: p });',
  };
  for (const [what, code] of Object.entries(provider)) {
    it(`a component may not have ${what}; stacks may`, async () => {
      expect((await problems("components/planted.ts", code)).join()).to.contain("a component inherits its provider");
      expect(await problems("stacks/planted.ts", code)).to.deep.equal([]);
    });
  }

  const ambient = ["Date.now();", "new Date();", "process.env;", "Math.random();", "Temporal.Now.instant();"];
  for (const code of ambient) {
    it(`${code} belongs to the edges`, async () => {
      for (const file of ["core/x.ts", "functions/plan/plan.ts", "machines/x.ts", "components/x.ts", "stacks/x.ts"]) {
        expect(await problems(file, code), file).to.have.length(1);
      }
      for (const file of ["functions/plan/handler.ts", "functions/lib/env.ts", "automation/x.ts", "sandbox/x.ts"]) {
        expect(await problems(file, code), file).to.deep.equal([]);
      }
    });
  }

  it("a date that is given is no clock", async () => {
    expect(await problems("core/x.ts", "new Date(0);")).to.deep.equal([]);
  });
});
