import {
  CreateStorageVirtualMachineCommand,
  CreateVolumeCommand,
  DescribeBackupsCommand,
  UntagResourceCommand,
  UpdateFileSystemCommand,
} from "@aws-sdk/client-fsx";
import { expect } from "chai";
import { HOUR } from "../../../core/worlds.js";
import { DR, type Estate, HOME, only, settings, startEstate, TAGS } from "./estate.js";

describe("kinds/fsx/aws, on the sandbox's FSx", () => {
  let estate: Estate;
  const begin = async (more: Parameters<typeof startEstate>[0] = {}): Promise<Estate> => {
    estate = await startEstate(more);
    return estate;
  };
  afterEach(() => estate.stop());

  /** A volume of ONTAP with the tag that selects it. */
  async function volume(): Promise<string> {
    const FileSystemId = await estate.fileSystem("ONTAP");
    const client = estate.client();
    const { StorageVirtualMachine: machine } = await client.send(
      new CreateStorageVirtualMachineCommand({ FileSystemId, Name: "svm" }),
    );
    estate.advance(HOUR);
    const { Volume } = await client.send(
      new CreateVolumeCommand({
        ...{ VolumeType: "ONTAP", Name: "vol1", Tags: TAGS },
        OntapConfiguration: {
          ...{ JunctionPath: "/vol1", SizeInMegabytes: 2048, OntapVolumeType: "RW" },
          StorageVirtualMachineId: machine?.StorageVirtualMachineId,
        },
      }),
    );
    estate.advance(HOUR);
    return Volume?.VolumeId ?? "";
  }

  it("reads each list of a region once, over short pages", async () => {
    const { fileSystem, look, sent } = await begin({ pageRows: 1 });
    const ids = [await fileSystem("WINDOWS", { Tags: TAGS }), await fileSystem("LUSTRE"), await volume()];
    const view = (await look("primary")).regions[HOME];
    expect(view).to.include({ complete: true, copiesInFlight: 0 });
    const found = view?.complete ? view.resources.map(({ id }) => id) : [];
    expect(found).to.include.members(ids.map((id) => `fsx:${id}`));
    const lists = sent
      .filter(({ input }) => input["NextToken"] === undefined)
      .map(({ action, region }) => [region, action]);
    const tags = lists.filter(([, action]) => action === "ListTagsForResource");
    expect(lists.filter((one) => !tags.includes(one))).to.have.deep.members([
      ...["DescribeBackups", "DescribeFileSystems", "DescribeVolumes"].map((action) => [HOME, action]),
      [DR, "DescribeBackups"],
    ]);
    expect(tags, "once for each volume, the root of the virtual machine among them").to.have.length(2);
    expect(sent.length, "and their next pages").to.be.greaterThan(lists.length);
  });

  it("takes a region whose page fails for unknown", async () => {
    const { look, faults } = await begin();
    faults.set("DescribeVolumes", new Error("no answer"));
    expect((await look("primary")).regions[HOME]).to.include({ complete: false });
  });

  it("makes a point by one call, and its copy by one", async () => {
    const { plan, look, advance, plane, changes } = await begin();
    await estate.fileSystem("OPENZFS", { Tags: TAGS });
    const creates = await plan("primary", "create");
    expect(await estate.do("primary", creates)).to.have.nested.property("[0].is", "done");
    expect(changes()).to.deep.equal([`CreateBackup ${HOME}`]);
    expect(await plan("primary", "create"), "it is being made").to.deep.equal([]);
    expect(await plan("dr", "copy"), "it is not whole").to.deep.equal([]);
    advance(plane.settings.backupMillis);
    const copies = await plan("dr", "copy");
    expect(await estate.do("dr", copies)).to.have.nested.property("[0].is", "done");
    expect(changes()).to.deep.equal([`CopyBackup ${DR}`]);
    expect((await look("dr")).regions[DR]).to.deep.include({ copiesInFlight: 1 });
    expect((await look("dr")).regions[DR]).to.have.nested.property("usage.openzfs", 1);
    advance(plane.settings.copyMillis);
    const point = only(await estate.pointsIn(DR));
    expect(point.artifacts.map(({ state, member }) => [state, member])).to.deep.equal([
      ["completed", creates[0]?.members[0]?.id],
    ]);
  });

  it("backs up a volume of ONTAP by its own id", async () => {
    const { sent } = await begin();
    const id = await volume();
    const create = only((await estate.plan("primary", "create")).filter(({ kind }) => kind === "ontap-volume"));
    expect(await estate.do("primary", [create])).to.have.nested.property("[0].is", "done");
    const { input } = only(sent.filter(({ action }) => action === "CreateBackup"));
    expect(input).to.include({ VolumeId: id }).and.not.to.have.property("FileSystemId");
  });

  it("A-F9: waits without a call while the file system is updated", async () => {
    const { changes } = await begin({ updateMillis: 3 * HOUR });
    const FileSystemId = await estate.fileSystem("OPENZFS", { Tags: TAGS });
    const client = estate.client();
    await client.send(new UpdateFileSystemCommand({ FileSystemId, StorageCapacity: 128 }));
    const creates = await estate.plan("primary", "create");
    changes();
    const answer = only(await estate.do("primary", creates));
    expect(answer)
      .to.deep.include({ is: "later" })
      .and.to.have.nested.property("why.message")
      .that.matches(/UPDATING/);
    expect(changes()).to.deep.equal([]);
  });

  it("a call that is repeated, its answer lost, makes nothing twice", async () => {
    await begin();
    await estate.fileSystem("OPENZFS", { Tags: TAGS });
    const creates = await estate.plan("primary", "create");
    const first = only(await estate.do("primary", creates));
    expect(only(await estate.do("primary", creates))).to.deep.equal(first);
    expect(await estate.pointsIn(HOME)).to.have.length(1);
  });

  it("a backup that lost its tags is none of ours: the next one has a token of its own, the same whoever asks", async () => {
    const { sent } = await begin();
    await estate.fileSystem("OPENZFS", { Tags: TAGS });
    const creates = await estate.plan("primary", "create");
    await estate.do("primary", creates);
    estate.advance(HOUR);
    const client = estate.client();
    const { Backups = [] } = await client.send(new DescribeBackupsCommand({}));
    await client.send(
      new UntagResourceCommand({ ResourceARN: Backups[0]?.ResourceARN, TagKeys: ["lockstep:deployment"] }),
    );
    expect(await estate.pointsIn(HOME)).to.deep.equal([]);
    const second = only(await estate.do("primary", creates));
    expect(second)
      .to.include({ is: "done" })
      .and.not.to.deep.include({ artifacts: [Backups[0]?.BackupId] });
    expect(only(await estate.do("primary", creates))).to.deep.equal(second);
    expect(await estate.pointsIn(HOME)).to.have.length(1);
    const tokens = sent
      .filter(({ action }) => action === "CreateBackup")
      .map(({ input }) => input["ClientRequestToken"]);
    expect(new Set(tokens)).to.have.property("size", 2);
  });

  it("a token that was used with other parameters: something is there, and nobody is sure what", async () => {
    await begin();
    await estate.fileSystem("OPENZFS", { Tags: TAGS });
    const create = only(await estate.plan("primary", "create"));
    await estate.do("primary", [create]);
    const other = { ...create, recorded: "count=9" };
    expect(only(await estate.do("primary", [other]))).to.deep.include({ is: "failed", unsure: true });
  });

  it("finds what there is of a point, alive and failed, before anything is made", async () => {
    const { endings, backend, plan, advance, plane } = await begin();
    await estate.fileSystem("OPENZFS", { Tags: TAGS });
    const create = only(await plan("primary", "create"));
    const find = async () => only(await backend("primary").find([create], { settings: settings("primary") }));
    expect(await find()).to.deep.equal({ alive: [], failed: [] });
    endings.push({ failure: "the disk is full" });
    const made = only(await estate.do("primary", [create]));
    const artifacts = made.is === "done" ? made.artifacts : [];
    expect(await find()).to.deep.equal({ alive: artifacts, failed: [] });
    advance(plane.settings.backupMillis);
    expect(await find()).to.deep.equal({ alive: [], failed: artifacts });
    const [point] = await estate.pointsIn(HOME);
    expect(point?.artifacts[0]).to.include({ state: "error", cause: "the disk is full" });
  });

  it("F-S5: a copy that failed is tried again with another token", async () => {
    const { endings, advance, plane, sent } = await begin();
    await estate.withPoint();
    endings.push({ failure: "the key is not accessible" });
    await estate.do("dr", await estate.plan("dr", "copy"));
    advance(plane.settings.copyMillis + HOUR);
    expect(only(await estate.do("dr", await estate.plan("dr", "copy")))).to.include({ is: "done" });
    const tokens = sent.filter(({ action }) => action === "CopyBackup").map(({ input }) => input["ClientRequestToken"]);
    expect(new Set(tokens)).to.have.property("size", 2);
    const [point] = await estate.pointsIn(DR);
    expect(point?.artifacts.map(({ state }) => state)).to.have.members(["error", "pending"]);
  });

  it("once no slot is free, no more of the same batch is tried", async () => {
    const { changes } = await begin({ copySlots: 1 });
    await estate.withPoint();
    const copy = only(await estate.plan("dr", "copy"));
    const others = ["b", "c", "d"].map((after) => ({ ...copy, after }));
    const answers = await estate.do("dr", [copy, ...others]);
    expect(answers.map(({ is }) => is).toSorted()).to.deep.equal(["done", "later", "later", "later"]);
    const stopped = answers.filter((one) => one.is === "later" && one.stop !== undefined && one.lasting === undefined);
    expect(stopped).to.have.length(3);
    changes();
    expect(only(await estate.do("dr", [{ ...copy, after: "e" }]))).to.include({ is: "later" });
    expect(changes(), "the next batch asks again").to.deep.equal([`CopyBackup ${DR}`]);
  });

  it("A-X18: what FSx never does is not planned, and by its answer failed for long", async () => {
    const { plan, fileSystem } = await begin();
    const id = await fileSystem("OPENZFS", { Tags: TAGS });
    const scratch = await fileSystem("LUSTRE", { Tags: TAGS, LustreConfiguration: { DeploymentType: "SCRATCH_2" } });
    estate.advance(HOUR);
    const create = only(await plan("primary", "create"));
    expect(create.resource).to.equal(`fsx:${id}`);
    const members = create.members.map((member) => ({ ...member, id: scratch }));
    expect(only(await estate.do("primary", [{ ...create, members }]))).to.deep.include({ is: "failed", lasting: true });
  });
});
