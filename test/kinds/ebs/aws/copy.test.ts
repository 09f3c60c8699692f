import { expect } from "chai";
import type { Copy } from "../../../../core/model/model.js";
import { mapFolder, mapKey } from "../../../../core/names/names.js";
import { runIdOf } from "../../../../functions/execute/run.js";
import { makeMake } from "../../../../functions/make/make.js";
import type { Given } from "../../../cloud/account.js";
import { othersInFlight } from "../../../functions/ec2-shapes.js";
import { copy, create, DR, HOME, LONG, RUN, setUpExecutor, snapshotWith, T0 } from "../../../functions/executors.js";
import { awsError, failure, MemoryBucket } from "../../../functions/fakes.js";

const event = { runId: RUN, offset: 0, do: "copy" };
const slot = { home: HOME, policy: "daily", scheduled: T0 };
/** Of a run that began at a time. */
const mapsAt = (ms: number) => mapKey(slot, runIdOf(ms, "e"));
const maps = mapsAt(T0 - 1000);

const POINT = create(0).point;

async function setUp(actions: readonly Copy[], more: Given = {}) {
  const sources = actions.map(({ artifact }) => snapshotWith(artifact.id, {}, { VolumeId: artifact.member }));
  const parts = await setUpExecutor("copy", DR, actions, { [HOME]: { snapshots: sources }, [DR]: more });
  const peer = new MemoryBucket();
  await peer.writeLines(maps, [{ point: POINT, members: create(0).members }]);
  const asked: string[] = [];
  const hand = makeMake({
    ...parts.base,
    peerBucket: (region) => {
      asked.push(region);
      return peer;
    },
  });
  /** The tags of the copies that calls made. */
  const made = () => parts.made().map(({ tags }) => tags);
  return { ...parts, copies: parts.made, made, peer, refuse: parts.faults.refuse, asked, hand };
}

describe("copy", () => {
  it("gives each copy its own volume's tags, with the device from the point's map", async () => {
    const { hand, made } = await setUp([copy(0), copy(0, "vol-0-data")]);
    expect(await hand(event, LONG)).to.include({ done: 2, failed: 0 });
    expect(
      made().map((tags) => [tags["lockstep:volume"], tags["lockstep:device"], tags["lockstep:source"]]),
    ).to.deep.equal([
      ["vol-0", "/dev/sda1", "snap-of-vol-0"],
      ["vol-0-data", "/dev/sdb", "snap-of-vol-0-data"],
    ]);
    expect(made()[0]).to.include({
      "lockstep:point": POINT,
      "lockstep:size": "2",
      "lockstep:home": HOME,
      owner: "ops",
    });
  });

  it("gives each copy its own volume's tags where the policy wants them, from the map even if the device is known", async () => {
    const own = { App: "x", Name: "db", owner: "app", "aws:y": "z", "lockstep:point": "other" };
    const artifact = { ...copy(0).artifact, detail: { device: "/dev/sda1" } };
    const known = { ...copy(0), detail: { copyTags: true }, artifact };
    const { hand, log, made, peer } = await setUp([known, { ...copy(0, "vol-0-data"), detail: { copyTags: ["App"] } }]);
    const volumes = create(0).members.map((volume) => ({ ...volume, tags: own }));
    await peer.writeLines(maps, [{ point: POINT, members: volumes }]);
    await hand(event, LONG);
    expect(made().map((tags) => [tags["App"], tags["Name"], tags["owner"], tags["lockstep:point"]])).to.deep.equal([
      ["x", "db", "ops", POINT],
      ["x", "daily i-0 /dev/sdb", "ops", POINT],
    ]);
    expect(
      made()
        .flatMap((tags) => Object.keys(tags))
        .filter((key) => key.startsWith("aws:")),
    ).to.deep.equal([]);
    const [line, ...more] = log.lines.filter(({ message }) => message === "tags are left off a copy");
    expect(more).to.deep.equal([]);
    expect(JSON.stringify(line?.fields)).to.contain("aws:y").and.contain("lockstep:point").and.contain("owner");
  });

  it("brings the map into the own bucket, and needs the peer's no more", async () => {
    const { asked, bucket, hand, made, peer } = await setUp([copy(0), copy(0, "vol-0-data")]);
    await hand(event, LONG);
    expect(asked).to.deep.equal([HOME]);
    expect(await bucket.keys(mapFolder(slot))).to.deep.equal([maps]);
    expect(await bucket.readLines(maps)).to.deep.equal(await peer.readLines(maps));
    const { bucket: later, hand: again, made: more, peer: away } = await setUp([copy(0)]);
    await later.writeLines(maps, (await bucket.readLines(maps)) ?? []);
    away.keys = () => Promise.reject(awsError("TimeoutError", 0));
    await again(event, LONG);
    expect(more()[0]?.["lockstep:device"]).to.equal(made()[0]?.["lockstep:device"]);
  });

  it("goes by the last run that was to make the point before its snapshot was begun", async () => {
    const { hand, made, peer } = await setUp([copy(0)]);
    const moved = (device: string) => [{ point: POINT, members: [{ id: "vol-0", detail: { device }, tags: {} }] }];
    await peer.writeLines(mapsAt(T0 - 5000), moved("/dev/sdx"));
    await peer.writeLines(mapsAt(T0), moved("/dev/sdy"));
    await peer.writeLines(mapsAt(T0 + 1), moved("/dev/sdz"));
    await hand(event, LONG);
    expect(made()[0]?.["lockstep:device"]).to.equal("/dev/sdy");
  });

  it("goes by the first run that knew of what others made before", async () => {
    const { hand, made, peer } = await setUp([copy(0)]);
    peer.objects.clear();
    for (const [at, device] of [
      [T0 + 1, "/dev/sdb"],
      [T0 + 2, "/dev/sdc"],
    ] as const)
      await peer.writeLines(mapsAt(at), [{ point: POINT, members: [{ id: "vol-0", detail: { device }, tags: {} }] }]);
    await hand(event, LONG);
    expect(made()[0]?.["lockstep:device"]).to.equal("/dev/sdb");
  });

  it("calls a resource as the point's own snapshots do, whatever the copying region makes of it", async () => {
    const labels = { templates: { Disk: "{name} {device}" }, values: { name: "i-0" } };
    const { hand, made, peer } = await setUp([{ ...copy(0), detail: { labels } }]);
    const volumes = [{ id: "vol-0", detail: { device: "/dev/sdx" }, tags: {} }];
    await peer.writeLines(mapsAt(T0), [{ point: POINT, name: "scratch-4", members: volumes }]);
    await hand(event, LONG);
    expect(made()[0]?.["Disk"]).to.equal("scratch-4 /dev/sdx");
  });

  it("copies all the same when the map cannot be read, and says so", async () => {
    const { hand, log, made, peer } = await setUp([copy(0), copy(7)]);
    peer.keys = () => Promise.reject(awsError("AccessDenied", 403));
    expect(await hand(event, LONG)).to.include({ done: 2, failed: 0 });
    expect(made()[0]).to.include({ "lockstep:volume": "vol-0", "lockstep:device": "" });
    expect(log.lines.filter(({ message }) => message === "point maps were not brought")).to.have.length(1);
    expect(log.lines.filter(({ message }) => message === "point map is missing")).to.have.length(2);
  });

  it("without a slot puts the rest off and fails nothing", async () => {
    const many = Array.from({ length: 120 }, (_, n) => copy(n));
    const { account, faults, hand, made, results } = await setUp(many, { snapshots: othersInFlight(10) });
    account.isQuick = false;
    const answer = await hand(event, LONG);
    expect(answer).to.deep.equal({ runId: RUN, offset: 120, more: false, done: 10, failed: 0, later: 110 });
    expect(made()).to.have.length(10);
    expect((await results())?.at(-1)).to.include({
      outcome: "later",
      cause: "no copy slot is free: 20 copies are in progress",
    });
    account.isQuick = true;
    account.endAll(DR);
    faults.isLagging = true;
    expect(await hand(event, LONG), "their claims were given back").to.include({ done: 110, later: 10 });
  });

  it("makes one copy of a source, and a new one only of a copy that failed", async () => {
    const { account, copies, faults, hand, made } = await setUp([copy(0)]);
    account.isQuick = false;
    faults.isLagging = true;
    await hand(event, LONG);
    expect(await hand(event, LONG)).to.include({ later: 1 });
    const [first] = copies();
    if (first !== undefined) account.model.end(first, "the key is not accessible");
    faults.isLagging = false;
    expect(await hand(event, LONG)).to.include({ done: 1 });
    faults.isLagging = true;
    expect(await hand(event, LONG)).to.include({ later: 1 });
    expect(made()).to.have.length(2);
  });

  it("keeps one source's error to itself", async () => {
    const { account, hand, results } = await setUp([copy(0), copy(1)]);
    account.model.deleteSnapshot(HOME, "snap-of-vol-0");
    expect(await hand(event, LONG)).to.include({ done: 1, failed: 1 });
    expect((await results())?.[0]).to.include({ resource: "i-0", code: "InvalidSnapshot.NotFound" });
  });

  it("keeps a claim's error to its source", async () => {
    const { claims, hand, made, results } = await setUp([copy(0), copy(1)]);
    const take = claims.take.bind(claims);
    claims.takeAll = () => Promise.reject(awsError("ValidationException", 400));
    claims.take = (claim, ...rest) =>
      claim.what === "snap-of-vol-0"
        ? Promise.reject(awsError("ValidationException", 400, "Expression size has exceeded 4096"))
        : take(claim, ...rest);
    expect(await hand(event, LONG)).to.include({ done: 1, failed: 1 });
    expect((await results())?.[0]).to.include({ resource: "i-0", code: "ValidationException" });
    expect(made()).to.have.length(1);
  });

  it("needs the list of the plan", async () => {
    const { bucket, hand } = await setUp([]);
    bucket.objects.clear();
    expect((await failure(hand(event, LONG))).message).to.contain("copy.jsonl");
  });
});
