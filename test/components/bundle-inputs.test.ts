import { mkdirSync, mkdtempSync, rmSync, utimesSync, writeFileSync } from "node:fs";
import { tmpdir } from "node:os";
import path from "node:path";
import { expect } from "chai";
import { buildSync } from "esbuild";
import { areUnchanged, inputsOf } from "../../components/lambda/bundle-inputs.js";

describe("what bundles were made of", () => {
  let root: string;
  const write = (name: string, text: string) => {
    const file = path.join(root, name);
    mkdirSync(path.dirname(file), { recursive: true });
    writeFileSync(file, text);
    // Written well before the build.
    utimesSync(file, 1_000, 1_000);
  };
  const build = (since = Date.now()) => {
    const entryPoints = [path.join("src", "main.ts")];
    const { metafile } = buildSync({ absWorkingDir: root, entryPoints, bundle: true, outdir: "out", metafile: true });
    return inputsOf(root, metafile, since);
  };
  const built = () => {
    const inputs = build();
    if (!inputs) throw new Error("the inputs changed during the build");
    return inputs;
  };

  beforeEach(() => {
    root = mkdtempSync(path.join(tmpdir(), "lockstep-bundle-"));
    write("src/main.ts", 'import { one } from "./lib/one.js"; import { two } from "two"; console.log(one, two);');
    write("src/lib/one.ts", "export const one = 1;");
    write("node_modules/two/index.js", "export const two = 2;");
  });
  afterEach(() => rmSync(root, { recursive: true }));

  it("are the files that were read and written", () => {
    expect(Object.keys(built().files)).to.have.members([
      "src/main.ts",
      "src/lib/one.ts",
      "node_modules/two/index.js",
      "out/main.js",
    ]);
  });

  it("are unchanged while nothing is touched, or touched without another byte", () => {
    const inputs = built();
    write("src/lib/one.ts", "export const one = 1;");
    write("elsewhere/new.ts", "");
    expect(areUnchanged(root, inputs)).to.equal(true);
  });

  const changes: Readonly<Record<string, () => void>> = {
    "a source file": () => write("src/lib/one.ts", "export const one = 3;"),
    "a library": () => write("node_modules/two/index.js", "export const two = 3;"),
    "a bundle itself": () => write("out/main.js", ""),
    "a new file that could be imported instead": () => write("src/lib/one.js", "export const one = 3;"),
  };
  for (const [what, change] of Object.entries(changes)) {
    it(`are changed by ${what}`, () => {
      const inputs = built();
      change();
      expect(areUnchanged(root, inputs)).to.equal(false);
    });
  }

  it("are not known when a file was written after the build began", () => {
    expect(build(1_000_000)).to.equal(undefined);
  });
});
