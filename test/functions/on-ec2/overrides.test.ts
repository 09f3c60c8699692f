import { TerminateInstancesCommand } from "@aws-sdk/client-ec2";
import { expect } from "chai";
import type { Alert } from "../../../core/model/model.js";
import { Cycle, EAST, intoWest, MINUTE, NORTH, often, pointsOf, stack, tagsOf, WEST } from "./ec2-cycle.js";

const DAY = 24 * 60 * MINUTE;
const local = { ...often, name: "local" };
const north = { ...often, name: "far", select: { key: "Far" }, copy: [{ region: NORTH, retain: { count: 1 } }] };
const policies = [{ ...local, ...intoWest }, north];
const peers = [WEST, NORTH];
/** What a shell, an expression, a template or a terminal would act on, in the order in which they were thought of. */
// biome-ignore lint/suspicious/noTemplateCurlyInString: it is what a template would take for its own.
const HOSTILE = "x'; Stop-Computer -Force; $(reboot) `id` {{ Name }} ${AWS::Region} {policy} %s \u001b[2J";

describe("tags of resources that override their policies, on EC2", () => {
  let cycle: Cycle;
  let instance: Awaited<ReturnType<Cycle["launch"]>>;

  beforeEach(async () => {
    cycle = await Cycle.start();
    instance = await cycle.launch(EAST);
  });
  afterEach(() => cycle.stop());

  const primary = stack({ policies, peers });
  const dr = (region: string) => stack({ role: "dr", region, peers: [EAST], policies });
  const told = (actions: readonly { readonly do: string }[]) =>
    actions.filter(
      (action): action is Alert => action.do === "alert" && "cause" in action && action.cause === "bad-tag",
    );

  it("E-F1 E-F2 E-F3: days and regions by tags, on points, on copies, and after the instance is no more", async () => {
    await cycle.tag(instance.id, { Retention: "2", BackupCrossRegion: `${WEST}, ${NORTH}` });
    const { bucket, actions } = await cycle.reconcile(primary);
    expect(told(actions)).to.deep.equal([]);
    for (const region of [WEST, NORTH]) await cycle.reconcile(dr(region), bucket);
    const recorded = async (region: string) =>
      new Set((await cycle.snapshotsIn(region)).map((one) => tagsOf(one)["lockstep:retain"]));
    expect(await recorded(EAST)).to.deep.equal(new Set([`age=2d copies=${NORTH}+${WEST} by=retain+copy`]));
    for (const region of [WEST, NORTH])
      expect(await recorded(region)).to.deep.equal(new Set(["age=2d by=retain+copy"]));

    cycle.ec2.advance(DAY);
    await cycle.reconcile(primary);
    await cycle.ec2.client(EAST).send(new TerminateInstancesCommand({ InstanceIds: [instance.id] }));
    cycle.ec2.advance(10 * MINUTE);
    const after = await cycle.planOf(primary);
    const verdicts = after.filter((action) => action.do === "keep" && action.region === EAST);
    expect(verdicts, "the policy would keep one").to.have.length(2);
    for (const { reason } of verdicts) expect(reason).to.contain("within 2d");
    expect(after.filter((action) => action.do === "delete")).to.deep.equal([]);
    expect(
      new Set((await cycle.planOf(dr(NORTH))).flatMap((action) => (action.do === "copy" ? [action.region] : []))),
      "the newest one is still to be copied where the tag said",
    ).to.deep.equal(new Set([NORTH]));
  });

  it("F-S6 E-X1: a bad value hits its own resource alone, which has its policy's value, and a person hears of it", async () => {
    const other = await cycle.launch(EAST);
    await cycle.tag(instance.id, { Retention: "forever", BackupCrossRegion: "us-west-2, mars-1" });
    const { actions, done } = await cycle.reconcile(primary);
    expect(done).to.equal(2);
    expect(pointsOf(await cycle.snapshotsIn(EAST)).size).to.equal(2);
    const all = (await cycle.snapshotsIn(EAST)).map((one) => tagsOf(one)["lockstep:retain"]);
    expect(new Set(all)).to.deep.equal(new Set([`count=1 copies=${WEST}`]));
    const alerts = told(actions);
    expect(alerts.map(({ resource }) => resource)).to.deep.equal([instance.id]);
    expect(alerts[0]?.reason).to.contain('Retention is "forever"').and.contain('"us-west-2, mars-1"');
    expect(other.id).to.not.equal(instance.id);
  });

  it("F-S10 A-X6 B-X20: text of tags goes nowhere but into fields of calls, and is quoted where people read it", async () => {
    await cycle.tag(instance.id, { Name: HOSTILE, Retention: HOSTILE, BackupCrossRegion: HOSTILE });
    const { bucket, actions } = await cycle.reconcile(primary);
    await cycle.reconcile(dr(WEST), bucket);
    for (const region of [EAST, WEST]) {
      const snapshots = await cycle.snapshotsIn(region);
      expect(snapshots).to.have.length(3);
      for (const one of snapshots) {
        expect(Object.values(tagsOf(one)).join(" ")).to.not.contain("Stop-Computer");
        expect(one.Description).to.not.contain("Stop-Computer");
      }
    }
    const [alert] = told(actions);
    expect(alert?.reason).to.match(/^[\x20-\x7e]+$/);
    expect(alert?.reason).to.contain(`"x'; Stop-Computer`);
  });
});
