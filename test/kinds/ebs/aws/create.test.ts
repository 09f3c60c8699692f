import { expect } from "chai";
import type { Create } from "../../../../core/model/model.js";
import { pointTags } from "../../../../core/model/point-tags.js";
import { mapKey } from "../../../../core/names/names.js";
import { TAG } from "../../../../core/names/tags.js";
import { makeMake } from "../../../../functions/make/make.js";
import { CLAIM_MS, SURVEY_MS } from "../../../../functions/store/claims.js";
import { memberDetail } from "../../../../kinds/ebs/details.js";
import type { Given } from "../../../cloud/account.js";
import {
  aboutOf,
  create,
  HOME,
  instancesOf,
  LONG,
  RUN,
  settings,
  setUpExecutor,
  snapshotWith,
  T0,
} from "../../../functions/executors.js";
import { awsError, failure } from "../../../functions/fakes.js";

const event = { runId: RUN, offset: 0, do: "create" };
const maps = mapKey({ home: HOME, policy: "daily", scheduled: T0 }, RUN);

async function setUp(actions: number | readonly Create[], more: Given = {}) {
  const planned = typeof actions === "number" ? Array.from({ length: actions }, (_, n) => create(n)) : actions;
  const parts = await setUpExecutor("create", HOME, planned, { [HOME]: { ...instancesOf(planned), ...more } });
  parts.faults.before = (action, input) => {
    // The map must be there before AWS is called.
    if (action === "CreateSnapshots") expect(parts.bucket.objects.get(maps)).to.contain(`"${aboutOf(input)}"`);
  };
  /** The resources that calls made snapshots of, each as often as that. */
  const made = () =>
    [...Map.groupBy(parts.made(), ({ call }) => call).values()].map(([one]) => one?.tags[TAG.resource]);
  return { ...parts, snaps: parts.made, made, refuse: parts.faults.refuse, hand: makeMake(parts.base) };
}

/** A snapshot of a planned point that an earlier call made. */
const earlier = (id: string, action: Create) => snapshotWith(id, pointTags(settings, action));

describe("create", () => {
  it("makes each point with its tags, and writes the maps of their volumes first", async () => {
    const { bucket, hand, made, results, snaps } = await setUp(1);
    expect(await hand(event, LONG)).to.deep.equal({ runId: RUN, offset: 1, more: false, done: 1, failed: 0, later: 0 });
    const { point } = create(0);
    const tags = {
      Name: "daily i-0",
      owner: "ops",
      "lockstep:deployment": "prod",
      "lockstep:policy": "daily",
      "lockstep:resource": "i-0",
      "lockstep:kind": "instance",
      "lockstep:home": HOME,
      "lockstep:point": point,
      "lockstep:scheduled": "2026-11-21T03:00:00.000Z",
      ...{ "lockstep:size": "2", "lockstep:level": "crash" },
    };
    expect(made()).to.deep.equal(["i-0"]);
    expect(snaps().map((snap) => [snap.volume, snap.tags])).to.deep.equal([
      ["vol-0", tags],
      ["vol-0-data", tags],
    ]);
    expect(await bucket.readLines(maps)).to.deep.equal([
      {
        ...{ point, policy: "daily", resource: "i-0", name: "i-0" },
        ...{ home: HOME, scheduled: T0, members: create(0).members },
      },
    ]);
    expect(await results()).to.deep.equal([
      {
        outcome: "done",
        kind: "instance",
        region: HOME,
        policy: "daily",
        resource: "i-0",
        point,
        artifacts: snaps().map(({ id }) => id),
      },
    ]);
  });

  it("gives the tags that volumes share under ours, and leaves the name to AWS where it copies one", async () => {
    const fromSource = { fromSource: true, tags: {} };
    const volumes = create(1).members.map((volume) =>
      memberDetail(volume).boot ? { ...volume, tags: { Name: "root" } } : volume,
    );
    const { hand, snaps } = await setUp([
      create(0, { detail: { carried: { fromSource: false, tags: { App: "x", owner: "app", Name: "web" } } } }),
      create(1, { members: volumes, detail: { carried: fromSource } }),
      create(2, { detail: { carried: fromSource } }),
    ]);
    await hand(event, LONG);
    expect(snaps().map(({ volume, tags }) => [volume, tags["Name"], tags["App"], tags["owner"]])).to.deep.equal([
      ["vol-0", "web", "x", "ops"],
      ["vol-0-data", "web", "x", "ops"],
      ["vol-1", "root", undefined, "ops"],
      ["vol-1-data", undefined, undefined, "ops"],
      ["vol-2", "daily i-2", undefined, "ops"],
      ["vol-2-data", "daily i-2", undefined, "ops"],
    ]);
  });

  it("adopts what is already there", async () => {
    const { clock, hand, made, results } = await setUp(2, { snapshots: [earlier("snap-x", create(1))] });
    clock.time += SURVEY_MS + 1;
    expect(await hand(event, LONG)).to.include({ done: 2 });
    expect(made()).to.deep.equal(["i-0"]);
    expect((await results())?.[1]).to.deep.include({ outcome: "adopted", artifacts: ["snap-x"] });
  });

  it("run twice makes nothing twice, even if the look-up does not show it yet", async () => {
    const { faults, hand, made } = await setUp(3);
    faults.isLagging = true;
    await hand(event, LONG);
    expect(await hand(event, LONG)).to.include({ done: 0, later: 3 });
    expect(made()).to.have.length(3);
  });

  it("keeps one resource's error to itself", async () => {
    const { hand, made, refuse, log, results } = await setUp(3);
    refuse.set("i-1", awsError("InvalidParameterValue", 400, "no volumes"));
    expect(await hand(event, LONG)).to.include({ done: 2, failed: 1, later: 0 });
    expect(made()).to.have.members(["i-0", "i-2"]);
    const [, failed] = (await results()) ?? [];
    expect(failed).to.include({ outcome: "failed", code: "InvalidParameterValue", cause: "no volumes" });
    const line = log.lines.find(({ level }) => level === "error");
    expect(line?.fields).to.include({ runId: RUN, resource: "i-1", policy: "daily" });
  });

  it("gives the claim back when AWS refused, and keeps it when the end of the call is not known", async () => {
    const { clock, hand, made, refuse } = await setUp(2);
    refuse.set("i-0", awsError("RequestLimitExceeded", 503));
    refuse.set("i-1", awsError("InternalError", 500));
    expect(await hand(event, LONG)).to.include({ done: 0, failed: 1, later: 1 });
    refuse.clear();
    clock.time += 60_000;
    expect(await hand(event, LONG)).to.include({ done: 1, later: 1 });
    expect(made()).to.deep.equal(["i-0"]);
    clock.time += CLAIM_MS;
    await hand(event, LONG);
    expect(made()).to.include("i-1");
  });

  for (const code of [
    "ResourceLimitExceeded",
    "SnapshotLimitExceeded",
    "SnapshotCreationPerVolumeRateExceeded",
    "Throttling",
  ]) {
    it(`puts off what meets ${code}`, async () => {
      const { hand, refuse } = await setUp(1);
      refuse.set("i-0", awsError(code, 400));
      expect(await hand(event, LONG)).to.include({ failed: 0, later: 1 });
    });
  }

  it("has made what it made, though nobody can note that in its claim", async () => {
    const { claims, faults, hand, log, made } = await setUp(2);
    faults.isLagging = true;
    claims.settle = () => Promise.reject(awsError("ProvisionedThroughputExceededException", 400));
    expect(await hand(event, LONG)).to.include({ done: 2, failed: 0, later: 0 });
    expect(log.lines.filter(({ level }) => level === "warn")).to.have.length(1);
    expect(await hand(event, LONG), "the claims are kept").to.include({ done: 0, later: 2 });
    expect(made()).to.have.length(2);
  });

  it("writes all maps before the first call, also those of a later one", async () => {
    const { bucket, hand } = await setUp(60);
    await hand(event, { remainingMs: 1_000 });
    expect(await bucket.readLines(maps)).to.have.length(60);
    bucket.objects.delete(maps);
    await hand({ ...event, offset: 50 }, LONG);
    expect(bucket.objects.has(maps), "once in a run").to.equal(false);
  });

  it("claims what is free though another has one of them", async () => {
    const { claims, clock, hand, made } = await setUp(3);
    await claims.take({ what: create(1).point, region: HOME, holder: "another run" }, clock.time);
    expect(await hand(event, LONG)).to.include({ done: 2, later: 1 });
    expect(made()).to.have.members(["i-0", "i-2"]);
  });

  it("stops before its time is over and goes on where it stopped", async () => {
    const { clock, faults, hand, lookups, made, results } = await setUp(120);
    clock.time += SURVEY_MS + 1;
    // Each batch takes a minute; 30 s are kept in reserve.
    faults.before = (action) => {
      if (action === "DescribeSnapshots") clock.time += 60_000;
    };
    const first = await hand(event, { remainingMs: 100_000 });
    expect(first).to.deep.equal({ runId: RUN, offset: 100, more: true, done: 100, failed: 0, later: 0 });
    expect(lookups()).to.have.length(2);
    const second = await hand({ ...event, offset: first.offset }, { remainingMs: 100_000 });
    expect(second).to.include({ offset: 120, more: false, done: 20 });
    expect(new Set(made()).size).to.equal(120);
    expect(await results(0)).to.have.length(100);
    expect(await results(100)).to.have.length(20);
  });

  it("does one batch however short the time, so that it always ends", async () => {
    const { hand } = await setUp(60);
    expect(await hand(event, { remainingMs: 1_000 })).to.include({ offset: 50, more: true });
  });

  it("looks up a batch in one call, once the survey is no longer young", async () => {
    const { clock, hand, lookups } = await setUp(50);
    clock.time += SURVEY_MS + 1;
    await hand(event, LONG);
    expect(lookups().map((values) => values.length)).to.deep.equal([50]);
  });

  it("takes a young survey for the look-up, unless somebody else's claim is in the way", async () => {
    const { claims, clock, hand, lookups, made } = await setUp(3);
    clock.time += SURVEY_MS;
    await hand(event, LONG);
    expect(lookups()).to.deep.equal([]);
    expect(made()).to.have.length(3);
    // Another call claims and makes it; what it made is seen before its claim is over.
    const other = await setUp(2, { snapshots: [earlier("snap-x", create(1))] });
    await other.claims.take({ what: create(1).point, region: HOME, holder: "another run" }, other.clock.time);
    expect(await other.hand(event, LONG)).to.include({ done: 2 });
    expect(other.lookups()).to.have.length(1);
    expect(other.made()).to.deep.equal(["i-0"]);
    expect(await claims.take({ what: create(0).point, region: HOME, holder: "later" }, clock.time + CLAIM_MS)).to.equal(
      false,
    );
  });

  it("asks for what a call of an unknown end made, however young the survey", async () => {
    const { hand, lookups, made, results } = await setUp(1, { loses: (action) => action === "CreateSnapshots" });
    expect(await hand(event, LONG)).to.include({ done: 0, failed: 1 });
    expect(await hand(event, LONG), "the same call again, after a lost answer").to.include({ done: 1 });
    expect(lookups()).to.have.length(1);
    expect(made()).to.have.length(1);
    expect((await results())?.[0]).to.include({ outcome: "adopted" });
  });

  it("stops at once when another execution has the lease", async () => {
    const { hand, lease, made, table } = await setUp(1);
    await table.delete({ pk: "lease", sk: "lease" });
    await lease.acquire("execution-2", 0);
    expect((await failure(hand(event, LONG))).name).to.equal("LeaseLost");
    expect(made()).to.deep.equal([]);
  });

  it("gives its claims back when the look-up fails, and says so when it was throttled", async () => {
    const { clock, hand, refuse } = await setUp(1);
    refuse.set("DescribeSnapshots", awsError("RequestLimitExceeded", 503));
    clock.time += SURVEY_MS + 1;
    expect((await failure(hand(event, LONG))).name).to.equal("Throttled");
    refuse.clear();
    expect(await hand(event, LONG)).to.include({ done: 1 });
  });

  it("refuses an event or a list that it does not understand", async () => {
    const { bucket, hand } = await setUp(1);
    expect((await failure(hand({ ...event, offset: -1 }, LONG))).name).to.equal("InvalidInput");
    expect((await failure(hand({ ...event, runId: "../x" }, LONG))).name).to.equal("InvalidInput");
    expect((await failure(hand({ ...event, region: HOME }, LONG))).message).to.contain("region");
    await bucket.writeLines(`runs/${RUN}/create.jsonl`, [{ do: "delete" }]);
    expect((await failure(hand(event, LONG))).message).to.contain('not a "create" action');
  });
});
