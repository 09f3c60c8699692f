import { expect } from "chai";
import { artifactDetail } from "../../../../kinds/ebs/details.js";
import { snapshot } from "../../../functions/ec2-shapes.js";
import { awsError } from "../../../functions/fakes.js";
import { cloud, DR, failing, HOME, look, settings } from "./cloud.js";

describe("survey of the locks", () => {
  it("marks what is locked, page by page, and takes a region whose locks cannot be read for unknown", async () => {
    const until = new Date("2027-01-01T00:00:00.000Z");
    const snapshots = ["snap-1", "snap-2", "snap-3"].map((id) => snapshot(id, HOME));
    const locks = [
      { SnapshotId: "snap-1", LockState: "governance", LockExpiresOn: until },
      { SnapshotId: "snap-3", LockState: "compliance-cooloff" },
    ];
    const fault = failing("DescribeLockedSnapshots", () => awsError("UnauthorizedOperation", 403, "no"));
    const { ec2, calls } = cloud({ [HOME]: { snapshots, locks }, [DR]: { fault } }, 1);
    const [world] = await look(ec2, settings("primary"));
    const home = world?.regions[HOME];
    const parts = home?.complete ? home.points.flatMap((point) => point.artifacts) : [];
    expect(parts.map((part) => [part.id, artifactDetail(part).locked])).to.deep.equal([
      ["snap-1", { mode: "governance", until: until.getTime() }],
      ["snap-2", undefined],
      ["snap-3", { mode: "compliance" }],
    ]);
    expect(world?.regions[DR]).to.deep.equal({ complete: false, reason: "UnauthorizedOperation: no" });
    const asked = calls.filter((call) => call.action === "DescribeLockedSnapshots" && call.region === HOME);
    expect(asked.map(({ input }) => input["NextToken"])).to.deep.equal([undefined, "snap-1"]);
    // A lock that has ended holds nothing.
    expect(JSON.stringify(asked[0]?.input)).to.contain("lock-state").and.not.contain("expired");
  });
});
