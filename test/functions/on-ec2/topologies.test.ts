import { expect } from "chai";
import { Cycle, EAST, intoWest, MINUTE, often, pointsOf, stack, tagsOf, WEST } from "./ec2-cycle.js";

describe("stacks beside each other on EC2", () => {
  let cycle: Cycle;
  let instance: Awaited<ReturnType<Cycle["launch"]>>;

  beforeEach(async () => {
    cycle = await Cycle.start();
    instance = await cycle.launch(EAST);
  });
  afterEach(() => cycle.stop());

  it("several policies keep points of their own of one resource", async () => {
    const weekly = { ...often, name: "weekly", select: { everything: true }, retain: { count: 9 } };
    for (let round = 0; round < 2; round++) {
      await cycle.reconcile(stack({ policies: [often, weekly] }));
      cycle.ec2.advance(MINUTE);
    }
    const actions = await cycle.planOf(stack({ policies: [often, weekly] }));
    const deletes = actions.flatMap((action) => (action.do === "delete" ? [action.policy] : []));
    expect(pointsOf(await cycle.snapshotsIn(EAST)).size).to.equal(4);
    expect(deletes).to.deep.equal(["often"]);
  });

  it("two regions that are each other's DR copy both ways, and neither touches what lives in the other", async () => {
    const other = await cycle.launch(WEST);
    cycle.ec2.advance(10 * MINUTE);
    const eastward = [{ ...often, copy: [{ region: EAST, retain: { count: 1 } }] }];
    const westward = [{ ...often, ...intoWest }];
    const stacks = [
      { primary: stack({ policies: westward }), dr: { region: WEST, peers: [EAST], policies: westward } },
      {
        primary: stack({ policies: eastward, region: WEST, peers: [EAST] }),
        dr: { region: EAST, peers: [WEST], policies: eastward },
      },
    ];
    for (let round = 0; round < 3; round++) {
      for (const { primary, dr } of stacks) {
        const { bucket } = await cycle.reconcile(primary);
        await cycle.reconcile(stack({ ...dr, role: "dr" }), bucket);
      }
      cycle.ec2.advance(MINUTE);
    }
    for (const { primary, dr } of stacks) {
      const actions = await cycle.planOf(primary);
      const touched = actions.filter((action) => action.do === "delete" || action.do === "create");
      expect(touched, "its own old points go").to.not.deep.equal([]);
      const [own, foreign] = primary.region === EAST ? [instance.id, other.id] : [other.id, instance.id];
      expect(new Set(touched.map(({ resource }) => resource))).to.deep.equal(new Set([own]));
      const copies = await cycle.planOf(stack({ ...dr, role: "dr" }));
      expect(copies.map(({ resource }) => resource)).to.not.include(foreign);
      const copied = (await cycle.snapshotsIn(dr.region))
        .map(tagsOf)
        .filter((tags) => tags["lockstep:home"] === primary.region);
      expect(copied).to.have.length(9);
    }
  });

  it("two deployments in one account protect the same instance, and neither sees the other's points", async () => {
    const policies = [often];
    for (let round = 0; round < 2; round++) {
      for (const deployment of ["acme", "umbrella"]) await cycle.reconcile(stack({ deployment, policies }));
      cycle.ec2.advance(MINUTE);
    }
    const all = await cycle.snapshotsIn(EAST);
    for (const deployment of ["acme", "umbrella"]) {
      const own = all.filter((one) => tagsOf(one)["lockstep:deployment"] === deployment).map((one) => one.SnapshotId);
      expect(own).to.have.length(6);
      const deletes = (await cycle.planOf(stack({ deployment, policies }))).filter((action) => action.do === "delete");
      expect(deletes).to.have.length(1);
      expect(own).to.include.members(deletes.flatMap(({ artifacts: snapshots }) => snapshots));
    }
  });
});
