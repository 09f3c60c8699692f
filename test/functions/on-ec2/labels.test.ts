import { DeleteTagsCommand } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { Cycle, EAST, intoWest, MINUTE, often, stack, tagsOf, WEST } from "./ec2-cycle.js";

const pointTags = {
  Made: "{instance-id} {policy} {region} {iso-datetime}",
  Disk: "{volume-id} {device}",
  Name: "{name} of {home}",
};

describe("tags by templates, on EC2", () => {
  let cycle: Cycle;
  let instance: Awaited<ReturnType<Cycle["launch"]>>;

  beforeEach(async () => {
    cycle = await Cycle.start();
    instance = await cycle.launch(EAST);
  });
  afterEach(() => cycle.stop());

  const policies = [{ ...often, ...intoWest, pointTags, ebs: { copyTags: { except: ["Disk"] } } }];
  const primary = stack({ policies });
  const dr = stack({ role: "dr", region: WEST, peers: [EAST], policies });
  const disks = async (region: string) =>
    (await cycle.snapshotsIn(region)).map((one) => tagsOf(one)["Disk"]).toSorted();
  const wanted = () => [...instance.volumes].map(([device, volume]) => `${volume} ${device}`).toSorted();

  it("D2-F24 D2-F28: are on points from the call on, of volumes by the next run, and on copies at once", async () => {
    await cycle.tag(instance.id, { Name: "{policy} $(id)" });
    const { bucket } = await cycle.reconcile(primary);
    for (const one of await cycle.snapshotsIn(EAST)) {
      const tags = tagsOf(one);
      const slot = tags["lockstep:scheduled"]?.replace(".000Z", "Z");
      expect(tags["Made"]).to.equal(`${instance.id} often ${EAST} ${slot}`);
      expect(tags["Name"], "what is filled in is no template").to.equal(`{policy} $(id) of ${EAST}`);
      expect(tags).to.not.have.property("Disk");
    }
    await cycle.tidy(primary);
    expect(await disks(EAST)).to.deep.equal(wanted());
    await cycle.reconcile(dr, bucket);
    expect(await disks(WEST)).to.deep.equal(wanted());
    for (const one of await cycle.snapshotsIn(WEST)) {
      expect(tagsOf(one)["Made"]).to.contain(`${instance.id} often ${WEST} `);
    }
    const rest = (await cycle.planOf(primary)).filter((action) => action.do === "finalize");
    expect(rest, "each is written once").to.deep.equal([]);
  });

  it("a step that was lost is made up for, and what people took off a day later stays off", async () => {
    await cycle.reconcile(primary);
    await cycle.tidy(primary);
    const [first] = await cycle.snapshotsIn(EAST);
    const take = async (): Promise<void> => {
      const Resources = [first?.SnapshotId ?? ""];
      await cycle.ec2.client(EAST).send(new DeleteTagsCommand({ Resources, Tags: [{ Key: "Disk" }] }));
    };
    await take();
    await cycle.tidy(primary);
    expect(await disks(EAST)).to.deep.equal(wanted());
    await take();
    cycle.ec2.advance(25 * 60 * MINUTE);
    const late = (await cycle.planOf(primary)).filter((action) => action.do === "finalize");
    expect(late).to.deep.equal([]);
  });
});
