import { mkdir, mkdtemp, readdir, rm, writeFile } from "node:fs/promises";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { pathToFileURL } from "node:url";
import { expect } from "chai";
import { mendSidecars } from "../../../automation/deploy/sidecars.js";

describe("attribute files beside a state", () => {
  let root: string;
  beforeEach(async () => {
    root = await mkdtemp(join(tmpdir(), "lockstep-sidecars-"));
  });
  afterEach(() => rm(root, { recursive: true }));

  it("are removed when the engine was killed before it filled them, and nothing else is", async () => {
    const folder = join(root, ".pulumi", "stacks", "lockstep");
    await mkdir(folder, { recursive: true });
    await writeFile(join(folder, "dr.json"), "");
    await writeFile(join(folder, "dr.json.attrs"), "");
    await writeFile(join(folder, "primary.json.attrs"), "{}");
    await mendSidecars(pathToFileURL(root).href);
    expect((await readdir(folder)).sort()).to.deep.equal(["dr.json", "primary.json.attrs"]);
  });

  it("are somebody else's in other backends", async () => {
    await mendSidecars("s3://bucket");
    await mendSidecars(undefined);
    await mendSidecars(pathToFileURL(join(root, "nothing")).href);
  });
});
