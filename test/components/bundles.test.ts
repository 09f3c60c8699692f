import { expect } from "chai";
import { buildSync } from "esbuild";
import { BUNDLE } from "../../components/lambda/bundle.js";
import { FUNCTIONS } from "../../core/names/names.js";

/** The files that each function's bundle has anything of. */
function bundled(): ReadonlyMap<string, readonly string[]> {
  const entryPoints = FUNCTIONS.map((fn) => `functions/${fn}/handler.ts`);
  const { metafile } = buildSync({ ...BUNDLE, entryPoints, outdir: "dist", outbase: "functions", metafile: true });
  return new Map(
    Object.values(metafile.outputs).map(({ entryPoint = "", inputs }) => [entryPoint, Object.keys(inputs)]),
  );
}

describe("the bundles of the functions", function () {
  this.timeout(120_000);
  let bundles: ReadonlyMap<string, readonly string[]> = new Map();
  before(() => {
    bundles = bundled();
  });

  it("have nothing of Pulumi, nor of the program that deploys them", () => {
    expect([...bundles.keys()]).to.have.length(FUNCTIONS.length);
    for (const [fn, files] of bundles) {
      const foreign = files.filter((file) => /node_modules\/@pulumi\/|^(components|stacks|machines)\//.test(file));
      expect(foreign, fn).to.deep.equal([]);
    }
  });

  it("have of AWS's services only what their function calls", () => {
    const clients = (fn: string) =>
      [
        ...new Set(
          (bundles.get(`functions/${fn}/handler.ts`) ?? []).flatMap(
            (file) => /@aws-sdk\/client-(\w+)\//.exec(file)?.[1] ?? [],
          ),
        ),
      ].toSorted();
    expect(clients("trigger"), "it is to start at once").to.deep.equal(["dynamodb", "sfn"]);
    expect(clients("plan")).to.deep.equal(["dynamodb", "s3"]);
    expect(clients("delete")).to.deep.equal(["dynamodb", "ec2", "fsx", "s3"]);
  });
});
