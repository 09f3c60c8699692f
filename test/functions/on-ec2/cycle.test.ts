import { CreateVolumeCommand } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { given } from "../../sandbox/ec2/harness.js";
import { Cycle, EAST, intoWest, MINUTE, NORTH, often, pointsOf, stack, tagsOf, WEST } from "./ec2-cycle.js";

describe("policies on EC2", () => {
  let cycle: Cycle;
  let instance: Awaited<ReturnType<Cycle["launch"]>>;

  beforeEach(async () => {
    cycle = await Cycle.start();
    instance = await cycle.launch(EAST);
  });
  afterEach(() => cycle.stop());

  it("an excluded volume is in neither the set nor its size, and the point is whole", async () => {
    const policies = [{ ...often, ebs: { exclude: { boot: true, devices: ["/dev/sdg"] } } }];
    await cycle.reconcile(stack({ policies }));
    const made = await cycle.snapshotsIn(EAST);
    expect(made.map((one) => one.VolumeId)).to.deep.equal([instance.volumes.get("/dev/sdf")]);
    expect(made.map((one) => tagsOf(one)["lockstep:size"])).to.deep.equal(["1"]);
    const again = await cycle.planOf(stack({ policies }));
    expect(again.map((action) => action.do)).to.deep.equal(["keep"]);
  });

  it("volumes' own tags go onto snapshots and copies, each its own", async () => {
    await cycle.tag(given(instance.volumes.get("/dev/sdf")), { Name: "logs", App: "web" });
    await cycle.tag(given(instance.volumes.get("/dev/sdg")), { App: "db" });
    const policies = [{ ...often, ...intoWest, ebs: { copyTags: true } }];
    const { bucket } = await cycle.reconcile(stack({ policies }));
    await cycle.reconcile(stack({ policies, role: "dr", region: WEST, peers: [EAST] }), bucket);
    for (const region of [EAST, WEST]) {
      const seen = (await cycle.snapshotsIn(region)).map(tagsOf);
      expect(seen.map((tags) => tags["App"]).toSorted(), region).to.deep.equal(["db", "web", undefined]);
      expect(seen.find((tags) => tags["App"] === "web")?.["Name"], region).to.equal("logs");
    }
  });

  it("tags that would fail the whole set leave the set alone, and are on the copies as far as they fit", async () => {
    const many = Object.fromEntries(Array.from({ length: 49 }, (_, i) => [`k${String(i).padStart(2, "0")}`, "v"]));
    await cycle.tag(given(instance.volumes.get("/dev/sdf")), many);
    const policies = [{ ...often, ...intoWest, ebs: { copyTags: true } }];
    const { actions, bucket, done } = await cycle.reconcile(stack({ policies }));
    expect(done).to.equal(1);
    expect(actions.flatMap((action) => (action.do === "alert" ? [action.cause] : []))).to.deep.equal(["tags-left-off"]);
    await cycle.reconcile(stack({ policies, role: "dr", region: WEST, peers: [EAST] }), bucket);
    const counts = (await cycle.snapshotsIn(WEST)).map((one) => one.Tags?.length);
    expect(counts.toSorted()).to.deep.equal([15, 15, 50]);
  });

  it("each DR region has its copy under the key that the policy names there", async () => {
    const id = "1234abcd-12ab-34cd-56ef-1234567890ab";
    const copy = [
      { region: WEST, kmsKey: id, retain: { count: 1 } },
      { region: NORTH, retain: { count: 1 } },
    ];
    const policies = [{ ...often, copy }];
    const { bucket } = await cycle.reconcile(stack({ policies, peers: [WEST, NORTH] }));
    for (const region of [WEST, NORTH]) {
      await cycle.reconcile(stack({ policies, role: "dr", region, peers: [EAST] }), bucket);
    }
    const key = `arn:aws:kms:${WEST}:000000000000:key/${id}`;
    const [east, west, north] = await Promise.all([EAST, WEST, NORTH].map((region) => cycle.snapshotsIn(region)));
    expect(given(west).map((one) => [one.State, one.KmsKeyId])).to.deep.equal(Array(3).fill(["completed", key]));
    expect(given(north).map((one) => [one.State, one.Encrypted])).to.deep.equal(Array(3).fill(["completed", false]));
    expect(pointsOf(given(west)))
      .to.deep.equal(pointsOf(given(east)))
      .and.to.deep.equal(pointsOf(given(north)));
  });

  it("a copy that fails for its key is told of with EBS's cause, and its source stays", async () => {
    const policies = [{ ...often, copy: [{ region: WEST, kmsKey: "alias/gone", retain: { count: 1 } }] }];
    const { bucket } = await cycle.reconcile(stack({ policies }));
    await cycle.reconcile(stack({ policies, role: "dr", region: WEST, peers: [EAST] }), bucket);
    const actions = await cycle.planOf(stack({ policies, role: "dr", region: WEST, peers: [EAST] }));
    const [alert] = actions.flatMap((action) => (action.do === "alert" ? [action] : []));
    expect(alert).to.include({ cause: "copy-failed", region: WEST, resource: instance.id });
    expect(alert?.reason).to.contain("Given key ID is not accessible");
    expect(actions.some((action) => action.do === "delete")).to.equal(false);
  });

  it("single volumes are points of their own, attached or not, beside the instance's", async () => {
    const free = await cycle.ec2
      .client(EAST)
      .send(new CreateVolumeCommand({ AvailabilityZone: "us-east-1a", Size: 1 }));
    const attached = given(instance.volumes.get("/dev/sdf"));
    for (const id of [given(free.VolumeId), attached]) await cycle.tag(id, { Alone: "yes" });
    cycle.ec2.advance(5 * MINUTE);
    const alone = {
      ...often,
      ...intoWest,
      name: "alone",
      select: { key: "Alone" },
      kinds: ["volume"],
      ebs: { copyTags: true },
    };
    const { bucket, done } = await cycle.reconcile(stack({ policies: [often, alone] }));
    expect(done).to.equal(3);
    await cycle.reconcile(stack({ policies: [often, alone], role: "dr", region: WEST, peers: [EAST] }), bucket);
    const west = (await cycle.snapshotsIn(WEST)).map(tagsOf);
    expect(
      west.map((tags) => [tags["lockstep:volume"], tags["lockstep:kind"], tags["Alone"]]).toSorted(),
    ).to.deep.equal([attached, given(free.VolumeId)].toSorted().map((id) => [id, "volume", "yes"]));
    const kinds = (await cycle.snapshotsIn(EAST)).map((one) => tagsOf(one)["lockstep:kind"]);
    expect(kinds.toSorted()).to.deep.equal(["instance", "instance", "instance", "volume", "volume"]);
  });
});
