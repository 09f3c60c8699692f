import { expect } from "chai";
import type { Mode, Settings } from "../../core/model/model.js";
import { mapKey } from "../../core/names/names.js";
import { TAG } from "../../core/names/tags.js";
import { isStep, makeTakeIn } from "../../functions/adopt/take-in.js";
import { runIdOf } from "../../functions/execute/run.js";
import { ebsImporter } from "../../kinds/ebs/aws/import.js";
import { Account, type Given } from "../cloud/account.js";
import type { Input } from "../cloud/client.js";
import { ec2Tags } from "../cloud/shown.js";
import { failing } from "../kinds/ebs/aws/cloud.js";
import { ebs } from "../support/ebs.js";
import { aboutOf, HOME, LONG, settings as plain, snapshotWith, T0 } from "./executors.js";
import { awsError, Clock, failure, MemoryBucket, memoryLog } from "./fakes.js";

const VOLUME = "vol-0a";
const theirs = {
  name: "theirs",
  select: { key: "Backup" },
  kinds: ["volume"],
  ...ebs({ source: "any" }),
  retain: { count: 2 },
  copy: [],
} as const;
const settings: Settings = { ...plain, policies: [theirs] };
const tags = { Backup: "yes" };
const disk = { id: VOLUME, detail: { device: "/dev/sdf", boot: false }, sizeGiB: 8, createdAt: 0, tags };
/** The volume as EC2 has it, on an instance, and what others made of it. */
const has = (count: number): Given => ({
  instances: [{ InstanceId: "i-1", RootDeviceName: "/dev/sda1" }],
  volumes: [
    {
      ...{ VolumeId: VOLUME, Size: 8, CreateTime: new Date(0), Tags: ec2Tags(tags) },
      Attachments: [{ InstanceId: "i-1", Device: "/dev/sdf", State: "attached" }],
    },
  ],
  snapshots: Array.from({ length: count }, (_, n) =>
    snapshotWith(`snap-${n}`, {}, { VolumeId: VOLUME, StartTime: new Date(T0 - 1000 + n) }),
  ),
});
const step = { execution: "execution-1" };

interface Options {
  readonly count?: number;
  readonly fault?: Given["fault"];
  readonly mode?: Mode;
}

describe("taking in, before a survey", () => {
  const setUp = ({ count = 3, fault, mode = "act" }: Options = {}) => {
    const bucket = new MemoryBucket();
    const clock = new Clock(T0);
    const log = memoryLog();
    const { ec2, model } = new Account({ [HOME]: { ...has(count), ...(fault && { fault }) } }, { now: clock.now });
    const run = makeTakeIn({
      importers: new Map([["ebs", ebsImporter(ec2(HOME))]]),
      bucket,
      log,
      now: clock.now,
      settings: async () => ({ ...settings, mode }),
    });
    /** What is a point now. */
    const done = () => [...model.in(HOME).values()].flatMap(({ id, tags }) => (TAG.point in tags ? [id] : []));
    return { bucket, clock, done, log, run };
  };

  it("writes the map of each point, and its tags", async () => {
    const { bucket, run } = setUp({ count: 1 });
    expect(await run(step, LONG)).to.deep.equal({ taken: 1, more: false, refused: {} });
    const [key = ""] = [...bucket.objects.keys()];
    expect(key).to.equal(mapKey({ home: HOME, policy: "theirs", scheduled: T0 - 1000 }, runIdOf(T0, "execution-1")));
    const maps = await bucket.readLines(key);
    expect(maps).to.have.length(1);
    expect(maps?.[0]).to.deep.include({
      policy: "theirs",
      resource: VOLUME,
      home: HOME,
      scheduled: T0 - 1000,
      members: [disk],
    });
  });

  it("one that AWS refuses leaves the others alone and is told; one that is gone is no trouble", async () => {
    const fault = (action: string, input: Input): void => {
      if (action !== "CreateTags") return;
      if (aboutOf(input) === "snap-0") throw awsError("UnauthorizedOperation", 403);
      if (aboutOf(input) === "snap-1") throw awsError("InvalidSnapshot.NotFound", 400);
    };
    const { done, log, run } = setUp({ fault });
    const { refused } = await run(step, LONG);
    expect(refused).to.deep.equal({ ebs: "snap-0 (UnauthorizedOperation: UnauthorizedOperation from AWS)" });
    expect(done()).to.deep.equal(["snap-2"]);
    expect(log.lines.filter(({ level }) => level === "error").map(({ fields }) => fields["artifact"])).to.deep.equal([
      "snap-0",
    ]);
  });

  it("asks to be called again when its time is up, and ends, even where AWS refuses everything", async () => {
    const slow = (action: string): void => {
      if (action === "CreateTags") clock.time += 1000;
    };
    const { clock, done, run } = setUp({ count: 120, fault: slow });
    const calls: number[] = [];
    for (let more = true; more; ) {
      const answer = await run(step, { remainingMs: 31_000 });
      calls.push(answer.taken);
      more = answer.more;
    }
    expect(calls).to.deep.equal([50, 50, 20]);
    expect(done()).to.have.length(120);
    const refuse = failing("CreateTags", () => awsError("UnauthorizedOperation", 403));
    const hopeless = await setUp({ count: 120, fault: refuse }).run(step, { remainingMs: 0 });
    expect(hopeless).to.include({ taken: 0, more: false });
    expect(hopeless.refused["ebs"]).to.contain("and 40 more");
  });

  it("writes nothing where the stack only plans", async () => {
    const { bucket, done, log, run } = setUp({ mode: "plan" });
    expect(await run(step, LONG)).to.deep.equal({ taken: 0, more: false, refused: {} });
    expect([done(), bucket.objects.size]).to.deep.equal([[], 0]);
    expect(log.lines[0]?.fields).to.include({ wanted: 3, watched: 1 });
  });

  it("stops the run when nothing can be read, and refuses what is not its event", async () => {
    const { run } = setUp({ fault: failing("DescribeSnapshots", () => awsError("RequestLimitExceeded", 503)) });
    expect((await failure(run(step, LONG))).name).to.equal("RequestLimitExceeded");
    expect((await failure(run({ execution: "" }, LONG))).name).to.equal("InvalidInput");
    expect([isStep(step), isStep({ snapshots: [] }), isStep(null)]).to.deep.equal([true, false, false]);
  });
});
