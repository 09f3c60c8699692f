import { expect } from "chai";
import { pointId } from "../../../../core/names/identity.js";
import { surveyAll } from "../../../../functions/lib/survey.js";
import { makePlan } from "../../../../functions/plan/plan.js";
import { makeLease } from "../../../../functions/store/lease.js";
import { makeLedger } from "../../../../functions/store/ledger.js";
import { makeWorkflows } from "../../../../functions/store/workflows.js";
import { makeSurvey } from "../../../../functions/survey/survey.js";
import { RULES } from "../../../../kinds/rules.js";
import { disk, NOW, snapshot, tags } from "../../../functions/ec2-shapes.js";
import { Clock, MemoryBucket, MemoryTable, memoryLog, NO_EXECUTIONS } from "../../../functions/fakes.js";
import { backendOn, cloud, HOME, policy, settings } from "./cloud.js";

const INSTANCES = 1000;
const POINTS = 30;
const HOUR = 3_600_000;
/** Pages of 1,000 of 60,000 snapshots, and one of the instances: what a plan cannot do without. */
const FLOOR = 61;
const PAYLOAD = 64 * 1024;

const device = (i: number): string => `/dev/sd${"ab"[i]}`;
const volumesOf = (instance: string): string[] => [0, 1].map((i) => `vol-of-${instance}-${i}`);

function instanceOf(id: string) {
  const attached = { Status: "attached", AttachTime: new Date(NOW - 999 * HOUR) };
  const disks = volumesOf(id).map((VolumeId, i) => ({ DeviceName: device(i), Ebs: { ...attached, VolumeId } }));
  return { InstanceId: id, RootDeviceName: device(0), Tags: tags({ backup: "daily" }), BlockDeviceMappings: disks };
}

/** The set that was made of an instance so many hours ago, that of the newest slot not yet. */
function setOf(resource: string, hours: number) {
  const scheduled = NOW - (hours + 1) * HOUR;
  const point = pointId({ policy: "daily", home: HOME, resource, scheduled });
  const more = { "lockstep:resource": resource, "lockstep:point": point, "lockstep:size": "2" };
  const identity = { ...more, "lockstep:scheduled": new Date(scheduled).toISOString() };
  return volumesOf(resource).map((VolumeId, i) =>
    snapshot(`snap-${resource}-${hours}-${i}`, HOME, { VolumeId, StartTime: new Date(scheduled) }, identity),
  );
}

describe("1,000 instances with 2,000 volumes and 60,000 snapshots", function () {
  this.timeout(300_000);

  it("cost hardly more list calls than pages, and no state's payload grows with them", async () => {
    const ids = Array.from({ length: INSTANCES }, (_, i) => `i-${String(i).padStart(4, "0")}`);
    const sets = ids.flatMap((id) => Array.from({ length: POINTS }, (_, hours) => setOf(id, hours)).flat());
    const volumes = ids.flatMap((id) => volumesOf(id).map((volume, i) => disk(volume, id, device(i))));
    const { ec2, calls } = cloud({
      [HOME]: { snapshots: sets, instances: ids.map(instanceOf), volumes },
    });
    // Each instance is due, and of each a point is to go.
    const own = settings("primary", { peers: [], policies: [{ ...policy, retain: { count: POINTS - 1 }, copy: [] }] });
    const table = new MemoryTable();
    const [bucket, clock, lease] = [new MemoryBucket(), new Clock(NOW), makeLease(table)];
    const common = { bucket, lease, now: clock.now, log: memoryLog() };
    const survey = makeSurvey({
      ...common,
      ledger: makeLedger(table),
      settings: async () => own,
      kinds: () => ["ebs"],
      peerBuckets: () => [],
      workflows: makeWorkflows(table, () => NOW),
      executions: NO_EXECUTIONS,
      look: (args) => surveyAll({ ...args, backends: { ebs: backendOn(ec2) }, rules: RULES }),
    });
    const surveyed = await survey({ execution: "execution-1" });
    const planned = await makePlan({ ...common, region: HOME, rules: RULES })({ runId: surveyed.runId });
    expect(planned).to.include({ creates: INSTANCES, deletes: INSTANCES });
    expect(calls.length).to.be.within(FLOOR, Math.floor(FLOOR * 1.2));
    for (const state of [surveyed, planned]) expect(JSON.stringify(state).length).to.be.below(PAYLOAD);
  });
});
