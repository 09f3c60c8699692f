import { expect } from "chai";
import fc from "fast-check";
import type { Point, Select } from "../../../core/model/model.js";
import { importOf } from "../../../kinds/ebs/adopt.js";
import type { SnapshotRecord } from "../../../kinds/ebs/snapshots.js";
import { pointsFromSnapshots } from "../../../kinds/ebs/snapshots.js";
import type { Import } from "../../../kinds/importer.js";
import { SYSTEMS, type SystemName } from "../../../kinds/systems.js";
import { DAY, DR, HOME, NOW, only, plan, policy, snapshotRecord, world } from "../../core/worlds.js";

const DEPLOYMENT = "acme";
const VOLUME = "vol-0123456789abcdef0";
const AUTOMATED = { Type: "Automated", CreatedOn: "2026-11-01" };
const snapshot = (n: number, over: Partial<SnapshotRecord> = {}): SnapshotRecord =>
  snapshotRecord(n, 17, { volumeId: VOLUME, startTime: NOW - n * DAY, tags: AUTOMATED, ...over });
const take = (snapshots: readonly SnapshotRecord[], select: Select = SYSTEMS["ebs-snapshots-lambda"]): Import =>
  importOf(snapshots, { deployment: DEPLOYMENT, home: HOME, policy: policy(), select });
const where = { deployment: DEPLOYMENT, region: HOME };
const pointsOf = (snapshots: readonly SnapshotRecord[], select?: Select): readonly Point[] =>
  take(snapshots, select).points;

describe("adopting snapshots", () => {
  it("makes each a point of its volume, with the time that it was made at", () => {
    const { imported, skipped } = take([snapshot(1)]);
    expect(skipped).to.deep.equal([]);
    expect(imported).to.have.length(1);
    expect(imported[0]).to.include({ artifact: snapshot(1).snapshotId, member: VOLUME });
    const [point, ...more] = pointsOf([snapshot(1)]);
    expect(more).to.deep.equal([]);
    expect(point).to.include({ policy: "hourly", resource: VOLUME, kind: "volume", scheduled: NOW - DAY, size: 1 });
    expect(point?.recorded, "it goes by the policy as it is").to.equal(undefined);
  });

  const TAGS: Readonly<Record<SystemName, Readonly<Record<string, string>>>> = {
    "fsx-ebs-snapshot-mgmt": { CreatedBy: "Snapshot-Automation-Sample", Ec2InstanceId: "i-1" },
    "step-functions-ebs-snapshot-mgmt": { AutomatedSnapName: `${VOLUME}_1`, OriginalVolumeId: VOLUME },
    "ops-automator": { "OpsAutomator:prod-Snapshot-SourceVolume": VOLUME },
    "ebs-snapshots-lambda": { Type: "Automated", CreatedOn: "2026-11-01", DeleteOn: "2026-11-08" },
    "aws-backup": { "aws:backup:source-resource": "arn:aws:ec2:us-east-1:111122223333:volume/vol-1" },
    dlm: { "aws:dlm:lifecycle-policy-id": "policy-1", "dlm:managed": "true" },
  };

  it("knows the snapshots of each published system, and of no other", () => {
    const all = Object.entries(TAGS).map(([, tags], n) => snapshot(n, { tags }));
    const names = Object.keys(TAGS) as SystemName[];
    names.forEach((name, n) => {
      expect(
        take(all, SYSTEMS[name]).imported.map((one) => one.artifact),
        name,
      ).to.deep.equal([all[n]?.snapshotId]);
    });
  });

  it("C-X5 F-S8: those of AWS Backup and DLM are counted and copied, and never pruned", () => {
    const tags = [TAGS["aws-backup"], TAGS.dlm];
    const snapshots = tags.flatMap((one, i) => [3, 4, 5].map((n) => snapshot(n + 3 * i, { tags: one })));
    const points = pointsOf(snapshots, { any: [SYSTEMS["aws-backup"], SYSTEMS.dlm] });
    expect(points).to.have.length(6);
    const seen = world({ policies: [policy({ retain: { count: 1 } })], points, otherMembers: [VOLUME] });
    const actions = plan(seen);
    expect(only(actions, "delete")).to.deep.equal([]);
    expect(only(actions, "pending-approval")).to.deep.equal([]);
    const reasons = only(actions, "keep").map(({ reason }) => reason);
    expect(reasons.filter((reason) => reason.includes("hold managed by AWS Backup"))).to.have.length(3);
    expect(reasons.filter((reason) => reason.includes("hold managed by Amazon DLM"))).to.have.length(3);
    expect(reasons.some((reason) => reason.includes("count 1 of 1"))).to.equal(true);
    expect(only(actions, "copy").map(({ region, resource }) => [region, resource])).to.deep.equal([[DR, VOLUME]]);
    // The copy has none of their tags: it is ours, and goes by the rule of its region.
    expect(pointsOf([snapshot(1)])[0]?.artifacts[0]?.holds).to.deep.equal([]);
  });

  it("what a small retention would delete at once waits for approval", () => {
    const snapshots = Array.from({ length: 30 }, (_, n) => snapshot(n));
    const seen = world({
      policies: [policy({ copy: [], retain: { count: 3 } })],
      points: pointsOf(snapshots),
      otherMembers: [VOLUME],
    });
    expect(only(plan(seen), "delete")).to.deep.equal([]);
    expect(only(plan(seen), "pending-approval")).to.have.length(27);
  });

  it("leaves out what cannot be a point, and says why", () => {
    const wrong = [
      snapshot(1, { state: "error" }),
      snapshot(2, { state: "pending" }),
      snapshot(3, { transferType: "standard" }),
      snapshot(4, { volumeId: "vol-ffffffff" }),
      snapshot(5, { tags: { ...snapshot(5).tags, "lockstep:deployment": "other" } }),
      snapshot(6, {
        tags: Object.fromEntries(
          Array.from({ length: 43 }, (_, n) => [
            n < 2 ? ["Type", "CreatedOn"][n] : `k${n}`,
            n === 0 ? "Automated" : "",
          ]),
        ),
      }),
    ];
    const { imported, skipped } = take(wrong);
    expect(imported).to.deep.equal([]);
    expect(skipped).to.have.length(wrong.length);
    const why = skipped.map((one) => one.why).join("\n");
    for (const text of ["error", "pending", "a copy", "of which volume", '"other" already', "no room"])
      expect(why).to.contain(text);
  });

  it("takes nothing that was not selected, twice nothing, and keeps two of one moment apart", () => {
    expect(take([snapshot(1, { tags: { Type: "Manual" } })]).imported).to.deep.equal([]);
    const twins = [snapshot(1), snapshot(2, { startTime: NOW - DAY })];
    expect(pointsOf(twins)).to.have.length(2);
    const marked = twins.map((one, i) => ({ ...one, tags: { ...one.tags, ...take(twins).imported[i]?.tags } }));
    expect(take(marked).imported).to.deep.equal([]);
  });

  it("whatever there is: what is adopted is read back as one point each, and its identity adds up", () => {
    const record = fc.record({
      n: fc.nat({ max: 30 }),
      state: fc.constantFrom("completed", "completed", "pending", "error"),
      volume: fc.constantFrom("vol-0a", "vol-0b", "vol-ffffffff", ""),
      ours: fc.boolean(),
      copied: fc.boolean(),
      minute: fc.nat({ max: 3 }),
    });
    fc.assert(
      fc.property(fc.uniqueArray(record, { selector: ({ n }) => n }), (drawn) => {
        const records = drawn.map(({ n, state, volume, ours, copied, minute }) =>
          snapshot(n, {
            state,
            volumeId: volume,
            startTime: NOW - minute * 60_000,
            tags: { Type: "Automated", CreatedOn: "x", ...(ours ? { "lockstep:deployment": "acme" } : {}) },
            ...(copied ? { transferType: "standard" } : {}),
          }),
        );
        const { imported, skipped } = take(records);
        expect(imported.length + skipped.length).to.equal(records.length);
        const tags = new Map(imported.map((one) => [one.artifact, one.tags]));
        const tagged = records
          .filter((one) => tags.has(one.snapshotId))
          .map((one) => ({ ...one, tags: { ...one.tags, ...tags.get(one.snapshotId) } }));
        const { points, strays } = pointsFromSnapshots(tagged, where);
        expect(strays).to.deep.equal([]);
        expect(points).to.have.length(imported.length);
        for (const { artifacts: parts } of points) expect(parts).to.have.length(1);
      }),
    );
  });
});
