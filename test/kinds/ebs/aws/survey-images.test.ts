import { expect } from "chai";
import { snapshot } from "../../../functions/ec2-shapes.js";
import { awsError } from "../../../functions/fakes.js";
import { cloud, DR, failing, HOME, look, settings } from "./cloud.js";

describe("survey of the AMIs", () => {
  it("holds what AMIs are made of, disabled ones too, and takes a region whose AMIs cannot be read for unknown", async () => {
    const image = {
      ImageId: "ami-1",
      BlockDeviceMappings: [{ VirtualName: "ephemeral0" }, { Ebs: { SnapshotId: "snap-1" } }],
    };
    const snapshots = ["snap-1", "snap-2"].map((id) => snapshot(id, HOME));
    const fault = failing("DescribeImages", () => awsError("UnauthorizedOperation", 403, "no"));
    const images = [{ ImageId: "ami-0" }, image];
    const { ec2, calls } = cloud({ [HOME]: { snapshots, images }, [DR]: { fault } }, 1);
    const [world] = await look(ec2, settings("primary"));
    const home = world?.regions[HOME];
    const parts = home?.complete ? home.points.flatMap((point) => point.artifacts) : [];
    expect(parts.map((part) => [part.id, part.holds])).to.deep.equal([
      ["snap-1", ["in use by ami-1"]],
      ["snap-2", []],
    ]);
    expect(world?.regions[DR]).to.deep.equal({ complete: false, reason: "UnauthorizedOperation: no" });
    const asked = calls.find((call) => call.action === "DescribeImages");
    expect(asked?.input)
      .to.include({ IncludeDisabled: true })
      .and.to.deep.include({ Owners: ["self"] });
  });
});
