import { expect } from "chai";
import { knownView } from "../../../../core/inventory/lineage.js";
import type { Inventory } from "../../../../core/model/model.js";
import { planAll } from "../../../../core/planner/planner.js";
import { RULES } from "../../../../kinds/rules.js";
import { NOW, othersInFlight } from "../../../functions/ec2-shapes.js";
import { cloud, DR, failing, HOME, look, settings } from "./cloud.js";
import { endings, estate, point, pointsOfVolume } from "./estate.js";

const OF_EACH = ["Images", "LockedSnapshots", "Pending", "Snapshots"];
const WHOLE = [...OF_EACH.flatMap((list) => [`dr ${list}`, `home ${list}`]), "home Instances", "home Volumes"];

describe("what a survey reads", () => {
  for (const role of ["primary", "dr"] as const) {
    it(`of a ${role} stack is each list of each region once, whatever is there`, async () => {
      const copied = { copies: [point("copy-1", 0, "snap-1")] };
      for (const seen of [{}, { home: [] }, copied, pointsOfVolume()]) {
        const { ec2, asked } = estate(seen);
        await look(ec2, settings(role));
        expect(asked().toSorted()).to.deep.equal(WHOLE.toSorted());
      }
    });

    it(`of a ${role} stack tells a volume that is there from one that is no more, also where no policy has such`, async () => {
      const [world] = await look(estate(pointsOfVolume()).ec2, settings(role));
      expect(world && knownView(world, world.home)?.otherMembers).to.deep.equal(["vol-9"]);
      expect(endings(world ? [world] : []))
        .to.include("policy-gone ")
        .and.not.include("resource-gone vol-9");
    });
  }

  it("is not relied on where one list fails: nothing is deleted", async () => {
    const home = [0, 1, 2, 3].map((hours) => point(`snap-${hours}`, hours));
    const lists = ["DescribeImages", "DescribeLockedSnapshots", "DescribeInstances", "DescribeVolumes"];
    const deletes = (worlds: readonly Inventory[]) => planAll(worlds, RULES).filter((action) => action.do === "delete");
    const worldsOf = (broken: string) => {
      const fault = failing(broken, () => new Error("no"));
      const copies = { snapshots: [point("copy-0", 0, "snap-0")] };
      return look(cloud({ [HOME]: { snapshots: home, fault }, [DR]: copies }).ec2, settings("primary"));
    };
    expect(deletes(await worldsOf("nothing"))).to.not.deep.equal([]);
    for (const action of lists) {
      const worlds = await worldsOf(action);
      expect(worlds[0]?.regions[HOME], action).to.deep.equal({ complete: false, reason: "Error: no" });
      expect(deletes(worlds), action).to.deep.equal([]);
    }
  });

  it("does not tell that a resource is no more which is newer than the list, and tells it later", async () => {
    // A point was made of an instance that was made after the instances were listed, or is not listed yet.
    const { ec2 } = cloud({ [HOME]: { snapshots: [point("snap-0", 0)] } });
    for (const role of ["primary", "dr"] as const) {
      const told = async (after: number) => endings(await look(ec2, settings(role), { now: NOW + after }));
      expect(await told(0), role).to.not.include("resource-gone i-1");
      expect(await told(-1000), "a clock that is behind").to.not.include("resource-gone i-1");
      expect(await told(15 * 60_000), role).to.include("resource-gone i-1");
    }
  });

  it("is enough for a plan without slots: a failed try stays only while a copy of its volume is to be started", async () => {
    const failed = { ...point("copy-2", 2, "snap-2"), State: "error" };
    const slotless = othersInFlight(20);
    const { ec2 } = estate({ copies: [point("copy-1", 1, "snap-1"), failed], pending: slotless });
    const worlds = await look(ec2, settings("dr"));
    expect(worlds[0]?.regions[DR]).to.include({ complete: true, copiesInFlight: 20 });
    const deletes = planAll(worlds, RULES).filter((action) => action.do === "delete");
    expect(deletes.flatMap(({ artifacts: snapshots }) => snapshots)).to.deep.equal(["copy-2"]);
  });
});
