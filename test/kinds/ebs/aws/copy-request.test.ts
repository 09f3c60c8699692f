import { expect } from "chai";
import { copySnapshotInput } from "../../../../kinds/ebs/aws/copy/request.js";
import { copy, HOME } from "../../../functions/executors.js";

describe("the request of a copy", () => {
  const tags = { Name: "daily i-0", "lockstep:source": "snap-0" };

  it("names the planned snapshot and the region it lies in, with all tags", () => {
    const action = copy(0);
    const part = { ...action.artifact, id: "snap-of-the-source" };
    expect(copySnapshotInput({ ...action, artifact: part }, tags)).to.deep.equal({
      SourceRegion: HOME,
      SourceSnapshotId: "snap-of-the-source",
      Description: `lockstep ${action.policy} ${action.resource} ${HOME} ${action.point} copy of snap-of-the-source`,
      TagSpecifications: [
        {
          ResourceType: "snapshot",
          Tags: [
            { Key: "Name", Value: "daily i-0" },
            { Key: "lockstep:source", Value: "snap-0" },
          ],
        },
      ],
    });
  });

  it("encrypts under the key that the policy names", () => {
    const request = copySnapshotInput({ ...copy(0), kmsKey: "alias/dr" }, tags);
    expect(request).to.include({ Encrypted: true, KmsKeyId: "alias/dr" });
    expect(copySnapshotInput(copy(0), tags)).to.not.have.any.keys("Encrypted", "KmsKeyId");
  });
});
