import { expect } from "chai";
import type { RunRequest, Settings, World } from "../../core/model.js";
import { runKeys } from "../../core/names.js";
import { makeLease, type Told } from "../../functions/lib/lease.js";
import { makeLedger } from "../../functions/lib/ledger.js";
import { holderOf } from "../../functions/lib/run.js";
import { readSurvey } from "../../functions/lib/worldfile.js";
import { type LookArgs, makeSurvey, type SurveyDeps } from "../../functions/survey/survey.js";
import { NOTHING } from "./cloud.js";
import { Clock, failure, MemoryBucket, MemoryTable, memoryLog } from "./fakes.js";
import { DR, HOME, settings, T0 } from "./hands.js";

const KNOWN = { ...NOTHING, volumes: true, images: true };
const SAW_NOTHING = { worlds: [], known: KNOWN, isFollowUp: false, isLeaning: false };
const worldAt = (now: number, requests: readonly RunRequest[] = []): World => ({
  ...{ now, requests, home: HOME, policies: [], resources: [], regions: {} },
  limits: { copySlots: 20, copyReserve: 2 },
});

function setUp(look: SurveyDeps["look"] = async () => SAW_NOTHING, own: Settings = settings) {
  const table = new MemoryTable();
  const bucket = new MemoryBucket();
  const clock = new Clock(T0);
  const lease = makeLease(table);
  const ledger = makeLedger(table);
  const log = memoryLog();
  const deps: SurveyDeps = { lease, ledger, bucket, log, now: clock.now, settings: async () => own, look };
  return { bucket, clock, deps, lease, ledger, log, survey: makeSurvey(deps) };
}

describe("survey", () => {
  it("takes the lease, names the run after its holder, and writes what it saw", async () => {
    const { bucket, lease, survey } = setUp(async ({ requests, onStray, now }) => {
      onStray(HOME, { snapshot: "snap-1", problem: "odd" });
      return { worlds: [worldAt(now, requests)], known: KNOWN, isFollowUp: false, isLeaning: false };
    });
    const answer = await survey({ execution: "execution-1" });
    expect(answer).to.deep.equal({ held: false, runId: "20261121T030000000Z-execution-1" });
    expect(holderOf(answer.runId)).to.equal("execution-1");
    expect((await lease.read(T0)).held).to.equal(true);
    expect(await bucket.read(runKeys(answer.runId).world)).to.deep.include({
      strays: [{ region: HOME, snapshot: "snap-1", problem: "odd" }],
      known: KNOWN,
    });
  });

  it("reads nothing while another execution has the lease", async () => {
    let looks = 0;
    const { bucket, lease, survey } = setUp(async () => {
      looks++;
      return SAW_NOTHING;
    });
    await lease.acquire("execution-2", T0);
    expect(await survey({ execution: "execution-1" })).to.include({ held: true });
    expect(looks).to.equal(0);
    expect(bucket.objects.size).to.equal(0);
  });

  it("hands on what people asked for, and says when a policy is unknown", async () => {
    const asked: unknown[] = [];
    const { ledger, log, survey } = setUp(async ({ requests }) => {
      asked.push(...requests);
      return SAW_NOTHING;
    });
    await ledger.ask({ at: T0, policy: "gone" });
    await survey({ execution: "execution-1" });
    expect(asked).to.deep.equal([{ at: T0, policy: "gone" }]);
    expect(log.lines.map(({ message }) => message)).to.include("request for an unknown policy");
  });

  it("looks for locks when the last run says so", async () => {
    const asked: unknown[] = [];
    const { ledger, survey } = setUp(async ({ locked }) => {
      asked.push(locked);
      return SAW_NOTHING;
    });
    await survey({ execution: "execution-1" });
    await ledger.writeState({ inFlight: 0, lastRun: T0, locked: true });
    await survey({ execution: "execution-1" });
    expect(asked).to.deep.equal([false, true]);
  });

  it("sees a mark that comes while it reads", async () => {
    const { lease, survey } = setUp(async () => {
      await lease.mark(T0);
      return SAW_NOTHING;
    });
    await survey({ execution: "execution-1" });
    expect(await lease.release("execution-1", T0)).to.equal("again");
  });

  it("is late enough for all that was told of before it had the lease, which it forgets", async () => {
    const seen: LookArgs[] = [];
    const { clock, deps, lease, ledger } = setUp(async (args) => {
      seen.push(args);
      return SAW_NOTHING;
    });
    const acquire: typeof lease.acquire = async (holder, now) => {
      clock.time += 300;
      await ledger.ask({ at: clock.time });
      expect(await lease.mark(clock.time)).to.include({ held: false });
      return lease.acquire(holder, now);
    };
    await makeSurvey({ ...deps, lease: { ...lease, acquire } })({ execution: "execution-1" });
    expect(seen.map(({ now, requests }) => ({ now, requests }))).to.deep.equal([
      { now: T0 + 300, requests: [{ at: T0 + 300 }] },
    ]);
    expect(await lease.release("execution-1", clock.time)).to.equal("released");
  });

  it("refuses an execution whose name cannot be part of a key", async () => {
    expect((await failure(setUp().survey({ execution: "a/b" }))).name).to.equal("InvalidInput");
    expect((await failure(setUp().survey({}))).message).to.contain("execution");
  });

  describe("of a DR stack", () => {
    const dr: Settings = { ...settings, role: "dr", region: DR, peers: [HOME] };
    const before: World = { ...worldAt(T0), resources: [] };
    const EARLIER = "20261121T025900000Z-execution-1";
    const part = { snapshot: "snap-1", volume: "vol-1", device: "/dev/sda1", state: "completed", startedAt: T0 - 1 };
    const done = { outcome: "done", snapshots: ["copy-1"] };
    const copy = { do: "copy", point: "lsp-1", region: DR, home: HOME, part };

    /** A survey after a run that saw everything at T0, and what it may lean on. */
    async function surveyAfter(ms: number, more: { told?: Told; homes?: object; results?: object[] } = {}) {
      const given: LookArgs[] = [];
      const look: SurveyDeps["look"] = async (args) => {
        given.push(args);
        return {
          worlds: [worldAt(args.now)],
          known: KNOWN,
          isFollowUp: args.recent !== undefined,
          isLeaning: args.recent !== undefined,
        };
      };
      const t = setUp(look, dr);
      await t.bucket.write(runKeys(EARLIER).world, { worlds: [before], strays: [], known: KNOWN });
      await t.bucket.writeLines(runKeys(EARLIER).actions("copy"), [copy]);
      await t.bucket.writeLines(runKeys(EARLIER).results("copy", 0), more.results ?? [done]);
      await t.ledger.writeState({
        inFlight: 1,
        lastRun: T0,
        homes: { run: EARLIER, at: T0, news: 0, points: 0, ...more.homes },
      });
      if (more.told) await t.lease.mark(T0, more.told);
      t.clock.time += ms;
      const { runId } = await t.survey({ execution: "execution-2" });
      return { given, runId, file: await readSurvey(t.bucket, runId) };
    }

    it("leans on what the last run knew and began when only slots became free", async () => {
      const { given, runId, file } = await surveyAfter(60_000, { told: "slots" });
      expect(given[0]?.recent).to.deep.include({ worlds: [before], newPoints: false });
      const [begun] = given[0]?.recent?.begun ?? [];
      expect(begun).to.include({ id: "lsp-1", region: DR, home: HOME });
      expect(begun?.parts[0]).to.include({ snapshot: "copy-1", source: "snap-1", state: "pending", takenAt: T0 - 1 });
      expect(file.homes, "the next leans on this run").to.deep.equal({ run: runId, at: T0, news: 0, points: 0 });
      expect(file.followUp).to.equal(true);
    });

    it("leans on it too when there are new points, and tells so", async () => {
      const { given, runId, file } = await surveyAfter(60_000, { told: "points" });
      expect(given[0]?.recent).to.include({ newPoints: true });
      expect(file.homes).to.deep.equal({ run: runId, at: T0, news: 0, points: 1 });
    });

    it("looks at everything when it is not known what the last run began", async () => {
      const { given } = await surveyAfter(60_000, { told: "slots", results: [] });
      expect(given[0]).to.not.have.property("recent");
    });

    it("looks at everything when there is news, and when the last look is old", async () => {
      const fresh = [await surveyAfter(60_000, { told: "news" }), await surveyAfter(5 * 60_000 + 1, { told: "slots" })];
      for (const { given, runId, file } of fresh) {
        expect(given[0]).to.not.have.property("recent");
        expect(file.homes).to.include({ run: runId });
        expect(file).to.not.have.property("followUp");
      }
      expect(fresh[0]?.file.homes).to.include({ news: 1, at: T0 + 60_000 });
    });

    it("looks at everything when no run left a look to lean on", async () => {
      const given: LookArgs[] = [];
      const { survey } = setUp(async (args) => {
        given.push(args);
        return SAW_NOTHING;
      }, dr);
      await survey({ execution: "execution-1" });
      expect(given[0]).to.not.have.property("recent");
    });

    it("takes for news what came while it took the lease", async () => {
      const { file } = await surveyAfter(0, { told: "news", homes: { news: 1 } });
      expect(file.followUp, "that was seen").to.equal(true);
    });
  });

  it("of a primary leaves nothing to lean on", async () => {
    const { bucket, survey } = setUp();
    const { runId } = await survey({ execution: "execution-1" });
    expect(await readSurvey(bucket, runId)).to.not.have.property("homes");
  });
});
