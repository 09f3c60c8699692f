import { expect } from "chai";
import { runKeys } from "../../core/names.js";
import { makeLease } from "../../functions/lib/lease.js";
import { makeLedger } from "../../functions/lib/ledger.js";
import { holderOf } from "../../functions/lib/run.js";
import { makeSurvey, type SurveyDeps } from "../../functions/survey/survey.js";
import { Clock, failure, MemoryBucket, MemoryTable, memoryLog } from "./fakes.js";
import { HOME, settings, T0 } from "./hands.js";

function setUp(look: SurveyDeps["look"] = async () => []) {
  const table = new MemoryTable();
  const bucket = new MemoryBucket();
  const clock = new Clock(T0);
  const lease = makeLease(table);
  const ledger = makeLedger(table);
  const log = memoryLog();
  const survey = makeSurvey({ lease, ledger, bucket, log, now: clock.now, settings: async () => settings, look });
  return { bucket, clock, lease, ledger, log, survey };
}

describe("survey", () => {
  it("takes the lease, names the run after its holder, and writes what it saw", async () => {
    const { bucket, lease, survey } = setUp(async ({ requests, onStray, now }) => {
      onStray(HOME, { snapshot: "snap-1", problem: "odd" });
      return [
        {
          now,
          home: HOME,
          policies: [],
          resources: [],
          regions: {},
          requests,
          limits: { copySlots: 20, copyReserve: 2 },
        },
      ];
    });
    const answer = await survey({ execution: "execution-1" });
    expect(answer).to.deep.equal({ held: false, runId: "20261121T030000000Z-execution-1" });
    expect(holderOf(answer.runId)).to.equal("execution-1");
    expect((await lease.read(T0)).held).to.equal(true);
    expect(await bucket.read(runKeys(answer.runId).world)).to.deep.include({
      strays: [{ region: HOME, snapshot: "snap-1", problem: "odd" }],
    });
  });

  it("reads nothing while another execution has the lease", async () => {
    let looks = 0;
    const { bucket, lease, survey } = setUp(async () => {
      looks++;
      return [];
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
      return [];
    });
    await ledger.ask({ at: T0, policy: "gone" });
    await survey({ execution: "execution-1" });
    expect(asked).to.deep.equal([{ at: T0, policy: "gone" }]);
    expect(log.lines.map(({ message }) => message)).to.include("request for an unknown policy");
  });

  it("sees a mark that comes while it reads", async () => {
    const { lease, survey } = setUp(async () => {
      await lease.mark(T0);
      return [];
    });
    await survey({ execution: "execution-1" });
    expect(await lease.release("execution-1", T0)).to.equal("again");
  });

  it("refuses an execution whose name cannot be part of a key", async () => {
    expect((await failure(setUp().survey({ execution: "a/b" }))).name).to.equal("InvalidInput");
    expect((await failure(setUp().survey({}))).message).to.contain("execution");
  });
});
