import { expect } from "chai";
import type { Verify } from "../../../../kinds/backend.js";
import { makeVerifying } from "../../../../kinds/ebs/aws/verify.js";
import { Account } from "../../../cloud/account.js";
import { HOME, remove, snapshotWith } from "../../../functions/executors.js";
import { awsError } from "../../../functions/fakes.js";

const verify = (...snapshots: string[]): Verify => ({ ...remove(0, snapshots), do: "verify" });

describe("verifying a point of EBS", () => {
  const snapshots = [snapshotWith("snap-a"), snapshotWith("snap-b"), snapshotWith("snap-c", {}, { State: "pending" })];

  it("is done where all its snapshots are completed, and says of each other what it is", async () => {
    const one = makeVerifying(new Account({ [HOME]: { snapshots } }).ec2(HOME));
    expect(await one(verify("snap-a", "snap-b"))).to.deep.equal({ is: "done", artifacts: ["snap-a", "snap-b"] });
    const message = "snap-c is pending, snap-d is not there";
    expect(await one(verify("snap-a", "snap-c", "snap-d"))).to.deep.equal({ is: "failed", why: { message } });
  });

  it("is put off while AWS throttles", async () => {
    const fault = () => {
      throw awsError("RequestLimitExceeded", 503);
    };
    const answer = await makeVerifying(new Account({ [HOME]: { snapshots, fault } }).ec2(HOME))(verify("snap-a"));
    expect(answer).to.include({ is: "later" });
  });
});
