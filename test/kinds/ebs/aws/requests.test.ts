import { expect } from "chai";
import { copySnapshotInput } from "../../../../kinds/ebs/aws/copy/request.js";
import { createSnapshotInput, createSnapshotsInput } from "../../../../kinds/ebs/aws/create/request.js";
import { copy, create, HOME } from "../../../functions/executors.js";

const tags = { "lockstep:point": "lsp-0" };
const specification = [{ ResourceType: "snapshot", Tags: [{ Key: "lockstep:point", Value: "lsp-0" }] }];

describe("requests to EC2", () => {
  it("ask for all volumes of an instance and for nothing that the policy does not want", () => {
    expect(createSnapshotsInput(create(0), tags)).to.deep.equal({
      InstanceSpecification: { InstanceId: "i-0" },
      Description: `lockstep daily i-0 ${HOME} ${create(0).point}`,
      TagSpecifications: specification,
    });
  });

  it("leave out volumes as AWS wants to be told", () => {
    const boot = create(0, { detail: { exclude: { boot: true, volumes: [] } } });
    expect(createSnapshotsInput(boot, tags).InstanceSpecification).to.deep.equal({
      InstanceId: "i-0",
      ExcludeBootVolume: true,
    });
    const data = create(0, { detail: { exclude: { boot: false, volumes: ["vol-1", "vol-2"] } } });
    expect(createSnapshotsInput(data, tags).InstanceSpecification).to.deep.equal({
      InstanceId: "i-0",
      ExcludeDataVolumeIds: ["vol-1", "vol-2"],
    });
  });

  it("let AWS copy the volumes' tags only where the plan found that it can", () => {
    const shared = create(0, { detail: { carried: { fromSource: false, tags: { App: "x" } } } });
    expect(createSnapshotsInput(shared, tags)).to.not.have.property("CopyTagsFromSource");
    const all = create(0, { detail: { carried: { fromSource: true, tags: {} } } });
    expect(createSnapshotsInput(all, tags)).to.include({ CopyTagsFromSource: "volume" });
  });

  it("take a single volume's snapshot alone", () => {
    expect(createSnapshotInput(create(0, { kind: "volume", resource: "vol-9" }), tags)).to.deep.equal({
      VolumeId: "vol-9",
      Description: `lockstep daily vol-9 ${HOME} ${create(0).point}`,
      TagSpecifications: specification,
    });
  });

  it("encrypt a copy under the key of its region, and say nothing of keys without one", () => {
    const plain = {
      SourceRegion: HOME,
      SourceSnapshotId: "snap-of-vol-0",
      Description: `lockstep daily i-0 ${HOME} ${copy(0).point} copy of snap-of-vol-0`,
      TagSpecifications: specification,
    };
    expect(copySnapshotInput(copy(0), tags)).to.deep.equal(plain);
    const keyed = { ...copy(0), kmsKey: "alias/dr" };
    expect(copySnapshotInput(keyed, tags)).to.deep.equal({ ...plain, Encrypted: true, KmsKeyId: "alias/dr" });
  });
});
