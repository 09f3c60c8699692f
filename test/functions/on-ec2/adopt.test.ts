import { CreateSnapshotCommand } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import { makeAdopt } from "../../../functions/adopt/adopt.js";
import { ebsImporter } from "../../../kinds/ebs/aws/import.js";
import type { Importer } from "../../../kinds/importer.js";
import { given } from "../../sandbox/ec2/harness.js";
import { awsError, failure, memoryLog } from "../fakes.js";
import { Cycle, EAST, intoWest, MINUTE, often, stack, tagsOf, WEST } from "./ec2-cycle.js";

const adopting = (importer: Importer) =>
  makeAdopt({ deployment: "acme", importers: new Map([["ebs", importer]]), log: memoryLog() });

describe("adopted snapshots on EC2", () => {
  let cycle: Cycle;
  let volume: string;
  beforeEach(async () => {
    cycle = await Cycle.start();
    const { volumes } = await cycle.launch(EAST);
    volume = given(volumes.get("/dev/sdf"));
  });
  afterEach(() => cycle.stop());

  const others = async (count: number) => {
    for (let i = 0; i < count; i++) {
      const Tags = [
        { Key: "Type", Value: "Automated" },
        { Key: "CreatedOn", Value: "2026-11-21" },
      ];
      const TagSpecifications = [{ ResourceType: "snapshot" as const, Tags }];
      await cycle.ec2.client(EAST).send(new CreateSnapshotCommand({ VolumeId: volume, TagSpecifications }));
      cycle.ec2.advance(MINUTE);
    }
  };
  const settings = stack({ policies: [{ ...often, ...intoWest, select: { key: "Elsewhere" } }] });

  it("are points from the next survey on: copied, and expired by the policy once that is approved", async () => {
    await others(5);
    const importer = ebsImporter(cycle.ec2.client(EAST));
    expect((await cycle.planOf(settings)).some((action) => action.do === "copy")).to.equal(false);
    const select = { key: "Type", value: "Automated" };
    const asked = { deployment: "acme", home: EAST, policy: { name: "often" }, select };
    const { imported } = await importer.look(asked);
    const artifacts = imported.map((one) => ({ id: one.artifact, tags: one.tags }));
    const written = await adopting(importer)({ kind: "ebs", artifacts });
    expect(written.artifacts).to.deep.equal(artifacts.map(({ id }) => ({ id })));
    const newest = artifacts.at(-1)?.id;
    const { bucket } = await cycle.reconcile(settings);
    const dr = stack({
      policies: [{ ...often, ...intoWest, select: { key: "Elsewhere" } }],
      role: "dr",
      region: WEST,
      peers: [EAST],
    });
    await cycle.reconcile(dr, bucket);
    expect((await cycle.snapshotsIn(WEST)).map((one) => tagsOf(one)["lockstep:source"])).to.deep.equal([newest]);
    const actions = await cycle.tidy(settings);
    const holds = actions.filter((action) => action.do === "pending-approval");
    expect(holds).to.have.length(4);
    expect(await cycle.snapshotsIn(EAST)).to.have.length(5);
    const approval = {
      region: EAST,
      artifacts: holds.flatMap((hold) => hold.artifacts),
      until: cycle.ec2.now() + MINUTE,
    };
    cycle.memory = { announced: [], approved: [approval] };
    await cycle.tidy(settings);
    expect((await cycle.snapshotsIn(EAST)).map((one) => one.SnapshotId)).to.deep.equal([newest]);
  });

  it("one that AWS refuses leaves the others alone; what is not ours to write is refused before", async () => {
    const tags = { "lockstep:deployment": "acme" };
    const done: string[] = [];
    const mark = async (id: string): Promise<void> => {
      if (id === "snap-0b") throw awsError("InvalidSnapshot.NotFound", 400);
      done.push(id);
    };
    const run = adopting({ ...ebsImporter(cycle.ec2.client(EAST)), mark });
    const ours = ["snap-0a", "snap-0b", "snap-0c"].map((id) => ({ id, tags }));
    const theirs = { id: "snap-0d", tags: { "lockstep:deployment": "blue" } };
    const answer = await run({ kind: "ebs", artifacts: [...ours, theirs] });
    expect(done).to.deep.equal(["snap-0a", "snap-0c"]);
    expect(answer.artifacts.map(({ id, cause }) => [id, cause === undefined])).to.deep.equal([
      ["snap-0a", true],
      ["snap-0b", false],
      ["snap-0c", true],
      ["snap-0d", false],
    ]);
    for (const wrong of [
      { id: "vol-1", tags },
      { id: "snap-0a", tags: { ...tags, Name: "x" } },
    ]) {
      expect((await failure(run({ kind: "ebs", artifacts: [wrong] }))).name).to.equal("InvalidInput");
    }
    const other = await failure(run({ kind: "constructor", artifacts: ours }));
    expect(other.name, "a kind that is none").to.equal("InvalidInput");
  });
});
