import { DeleteFileSystemCommand } from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { search } from "../../../automation/deploy/search.js";
import { EAST, type FsxHarness, startFsx } from "../../sandbox/fsx/harness.js";

const TYPE = "aws:fsx/openZfsFileSystem:OpenZfsFileSystem";
const OURS = { Name: "acme-workload-files-1", Backup: "daily" };
const tagsOf = (tags: object) => Object.entries(tags).map(([Key, Value]) => ({ Key, Value: String(Value) }));

describe("what an interrupted run may have made", () => {
  let fsx: FsxHarness;
  beforeEach(async () => {
    fsx = await startFsx();
  });
  afterEach(() => fsx.stop());

  it("is found, of file systems, by all their tags, unless it goes away", async () => {
    const credentials = { accessKeyId: "test", secretAccessKey: "test" };
    const config = { region: EAST, endpoint: fsx.endpoint, credentials, maxAttempts: 1 };
    const found = (tags: object) => search(TYPE, { tagsAll: tags }, config);
    const id = await fsx.fileSystem("OPENZFS", { Tags: tagsOf({ ...OURS, more: "x" }) });
    const gone = await fsx.fileSystem("OPENZFS", { Tags: tagsOf(OURS) });
    await fsx.fileSystem("OPENZFS", { Tags: tagsOf({ ...OURS, Backup: "no" }) });
    const OpenZFSConfiguration = { SkipFinalBackup: true };
    await fsx.client().send(new DeleteFileSystemCommand({ FileSystemId: gone, OpenZFSConfiguration }));
    expect(await found(OURS)).to.deep.equal([id]);
    expect(await found({ Backup: "daily" }), "without a name of its own nobody can tell").to.equal(undefined);
  });
});
