import { expect } from "chai";
import type { Inventory, RunRequest } from "../../core/model/model.js";
import { runKeys } from "../../core/names/names.js";
import { holderOf } from "../../functions/execute/run.js";
import { makeLease } from "../../functions/store/lease.js";
import { makeLedger } from "../../functions/store/ledger.js";
import { makeWorkflows } from "../../functions/store/workflows.js";
import { type LookArgs, makeSurvey, type SurveyDeps } from "../../functions/survey/survey.js";
import { HOME, settings, T0 } from "./executors.js";
import { Clock, failure, MemoryBucket, MemoryTable, memoryLog, NO_EXECUTIONS } from "./fakes.js";

const SAW_NOTHING: readonly Inventory[] = [];
const worldAt = (now: number, requests: readonly RunRequest[] = []): Inventory => ({
  ...{ now, requests, kind: "ebs", home: HOME, policies: [], resources: [], regions: {} },
  limits: { copySlots: 20, copyReserve: 2 },
});

function setUp(look: SurveyDeps["look"] = async () => SAW_NOTHING, kinds: readonly string[] = ["ebs"]) {
  const table = new MemoryTable();
  const bucket = new MemoryBucket();
  const clock = new Clock(T0);
  const lease = makeLease(table);
  const ledger = makeLedger(table);
  const log = memoryLog();
  const common = {
    workflows: makeWorkflows(table, clock.now),
    executions: NO_EXECUTIONS,
    lease,
    ledger,
    bucket,
    log,
    now: clock.now,
    settings: async () => settings,
  };
  const deps: SurveyDeps = { ...common, kinds: () => kinds, look, peerBuckets: () => [] };
  return { bucket, clock, deps, lease, ledger, log, survey: makeSurvey(deps) };
}

describe("survey", () => {
  it("takes the lease, names the run after its holder, and writes what it saw", async () => {
    const { bucket, lease, survey } = setUp(async ({ requests, onStray, now }) => {
      onStray?.({ kind: "ebs", region: HOME, artifact: "snap-1", problem: "odd" });
      return [worldAt(now, requests)];
    });
    const answer = await survey({ execution: "execution-1" });
    expect(answer).to.deep.equal({ held: false, runId: "20261121T030000000Z-execution-1" });
    expect(holderOf(answer.runId)).to.equal("execution-1");
    expect((await lease.read(T0)).held).to.equal(true);
    expect(await bucket.read(runKeys(answer.runId).survey)).to.deep.equal({
      inventories: [worldAt(T0)],
      strays: [{ kind: "ebs", region: HOME, artifact: "snap-1", problem: "odd" }],
      ...{ kinds: ["ebs"], isAll: true, tidings: {} },
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
});
