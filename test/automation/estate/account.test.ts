import { DescribeRegionsCommand, EC2Client } from "@aws-sdk/client-ec2";
import { STSClient } from "@aws-sdk/client-sts";
import { expect } from "chai";
import sinon from "sinon";
import { lookAtAccount } from "../../../automation/estate/account.js";
import { AWAY, HOME, withSandbox } from "../../support/sandbox.js";

describe("a look at an account", function () {
  this.timeout(300_000);
  const s = withSandbox();
  afterEach(() => sinon.restore());

  it("tells who we are, and that regions can be read", async () => {
    const look = await lookAtAccount([HOME, AWAY], s.env);
    expect(look.account).to.equal("000000000000");
    expect(look.who).to.contain("000000000000");
    expect(look.regions).to.deep.equal({ [HOME]: undefined, [AWAY]: undefined });
  });

  it("tells regions that are not enabled, and where rights are missing", async () => {
    sinon
      .stub(STSClient.prototype, "send")
      .resolves({ Account: "111122223333", Arn: "arn:aws:iam::111122223333:user/me" });
    const send = sinon.stub(EC2Client.prototype, "send");
    const denied = Object.assign(new Error("You are not authorized."), { name: "UnauthorizedOperation" });
    send.rejects(denied);
    const optIns = { Regions: [{ RegionName: "me-south-1", OptInStatus: "not-opted-in" }] };
    send.withArgs(sinon.match.instanceOf(DescribeRegionsCommand)).resolves(optIns);
    const { regions } = await lookAtAccount([HOME, "me-south-1"], {});
    expect(regions["me-south-1"]).to.contain("not enabled for this account");
    expect(regions[HOME]).to.contain("You are not authorized.").and.to.contain("lockstep rights");
  });
});
