import { DeregisterImageCommand, DisableImageCommand, RegisterImageCommand } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { given } from "../../sandbox/ec2/harness.js";
import { Cycle, EAST, MINUTE, often, stack } from "./ec2-cycle.js";

describe("AMIs of our snapshots on EC2", () => {
  let cycle: Cycle;
  beforeEach(async () => {
    cycle = await Cycle.start();
    await cycle.launch(EAST);
  });
  afterEach(() => cycle.stop());

  it("F-S6 C-X11: hold the whole point, disabled ones too, and it expires when they are deregistered", async () => {
    const settings = stack({ policies: [often] });
    const another = async () => {
      await cycle.reconcile(settings);
      const actions = await cycle.tidy(settings);
      cycle.ec2.advance(MINUTE);
      return actions.filter((action) => action.do === "delete").length;
    };
    await another();
    const [first] = await cycle.snapshotsIn(EAST);
    const east = cycle.ec2.client(EAST);
    const Mappings = [{ DeviceName: "/dev/xvda", Ebs: { SnapshotId: given(first?.SnapshotId) } }];
    const image = { Name: "somebody's", RootDeviceName: "/dev/xvda", BlockDeviceMappings: Mappings };
    const ImageId = given((await east.send(new RegisterImageCommand(image))).ImageId);
    expect(await another(), "nothing is even tried").to.equal(0);
    expect(await cycle.snapshotsIn(EAST)).to.have.length(6);
    await east.send(new DisableImageCommand({ ImageId }));
    expect(await another(), "the point in between").to.equal(1);
    expect(await cycle.snapshotsIn(EAST)).to.have.length(6);
    await east.send(new DeregisterImageCommand({ ImageId }));
    expect(await another()).to.equal(2);
    expect(await cycle.snapshotsIn(EAST)).to.have.length(3);
  });
});
