import { existsSync, globSync, readFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { expect } from "chai";
import { ROOT } from "./support.js";

const FOLDERS = "core|kinds|functions|components|automation|sandbox|stacks|machines|test|setup|smoke|demo|bench|docs";

/** A path of this repository, with nothing in it that stands for other names. */
const PATH = new RegExp(String.raw`(?<![\w./@-])(?:${FOLDERS})/[\w./-]*(?![\w./*{<…-])`, "g");

const pathsIn = (text: string): readonly string[] => [...text.matchAll(PATH)].map(([path]) => path.replace(/\.$/, ""));

/** Files of one folder, about: with more it has more than one idea. */
const MOST = 22;

describe("setup: the folders", () => {
  it("hold no more files each than one can look over", () => {
    const count = new Map<string, number>();
    for (const file of globSync(`{${FOLDERS.replaceAll("|", ",")}}/**/*.{ts,mjs,cjs,py,md}`, { cwd: ROOT })) {
      const folder = dirname(file);
      count.set(folder, (count.get(folder) ?? 0) + 1);
    }
    expect(count.size).to.be.greaterThan(50);
    expect([...count].filter(([, files]) => files > MOST)).to.deep.equal([]);
  });
});

describe("setup: paths in the docs", () => {
  it("are found in running text, but not as parts of other names or with placeholders", () => {
    const text = "See `core/config`, test/core/. Not my/core/x.ts, @acme/core/x, kinds/<kind>/ or test/*.test.ts.";
    expect(pathsIn(text)).to.deep.equal(["core/config", "test/core/"]);
  });

  it("lead to what is there", () => {
    const pages = ["README.md", ...globSync("docs/*.md", { cwd: ROOT })];
    const found = pages.flatMap((page) =>
      pathsIn(readFileSync(join(ROOT, page), "utf8")).map((path) => ({ page, path })),
    );
    expect(found.length).to.be.greaterThan(20);
    expect(found.filter(({ path }) => !existsSync(join(ROOT, path)))).to.deep.equal([]);
  });
});
