import { expect } from "chai";
import { arnOf, partitionOf } from "../../../automation/estate/caller.js";

describe("the caller", () => {
  it("is in the partition that its own ARN names", () => {
    const partition = partitionOf("arn:aws-us-gov:sts::123456789012:assumed-role/admin/me");
    expect(arnOf({ account: "123456789012", partition }, "states", "us-gov-west-1", "stateMachine:m")).to.equal(
      "arn:aws-us-gov:states:us-gov-west-1:123456789012:stateMachine:m",
    );
    expect(partitionOf(undefined)).to.equal("aws");
  });
});
