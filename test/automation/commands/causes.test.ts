import { expect } from "chai";
import { dispatch } from "../../../automation/cli/dispatch.js";
import { ledgerSeen } from "../../../automation/estate/ledger-seen.js";
import type { Finding } from "../../../automation/tools.js";
import { ADVICE, type Cause, MET, type MetCause, type PlannedCause } from "../../../core/model/causes.js";
import type { Inventory } from "../../../core/model/model.js";
import type { LedgerSeen, Problem } from "../../../core/report/problems.js";
import { memberDetail } from "../../../kinds/ebs/details.js";
import { DAY, HOUR, instance, NOW, point, policy, SLOT, type WorldInput, withParts, world } from "../../core/worlds.js";
import { HOME } from "../../functions/executors.js";
import { result, setUp } from "../../functions/record/recording.js";
import { fileSystem } from "../../kinds/fsx/worlds.js";
import { commandOf } from "../../support/command.js";
import { ebs } from "../../support/ebs.js";
import { DR, type Fakes, fakes, PRIMARY } from "../fakes.js";

const AWAY = "us-west-2";
const home = point({ at: SLOT });
const copy = point({ at: SLOT, region: AWAY });
const both = [home, copy];
const days = (n: number) => point({ at: SLOT - n * DAY });
const alone = policy({ copy: [] });
const ofFsx = { kind: "fsx", policies: [policy({ kinds: ["fsx"] })] };
/** Of every cause that the planner finds a world that has it. A cause without one does not compile. */
const WORLDS: Readonly<Record<PlannedCause, WorldInput>> = {
  "point-failed": { points: [point({ at: SLOT, parts: { "vol-1": "error" } }), copy] },
  "copy-failed": { points: [home, point({ at: SLOT, region: AWAY, parts: { "vol-1": "error" } })] },
  "point-overdue": { points: [point({ at: SLOT - 5 * HOUR }), point({ at: SLOT - 5 * HOUR, region: AWAY })] },
  "point-hangs": { points: [point({ at: SLOT - 2 * DAY, parts: { "vol-1": "pending" } }), ...both] },
  "copy-hangs": {
    points: [days(2), point({ at: SLOT - 2 * DAY, region: AWAY, parts: { "vol-1": "pending" } }), ...both],
  },
  "copy-overdue": { points: [point({ at: SLOT - 26 * HOUR }), home] },
  "region-unknown": { points: [home], unknown: { [AWAY]: "AccessDenied" } },
  "nothing-selected": { resources: [] },
  "nearly-selected": {
    points: both,
    resources: [instance(), instance("i-2", ["vol-2"], { tags: { backup: "Hourly " } })],
  },
  "excludes-nothing": { points: both, policies: [policy(ebs({ exclude: { devices: ["/dev/xvdz"] } }))] },
  "selection-dropped": {
    points: both,
    memory: { announced: [], selected: [{ region: "us-east-1", policy: "hourly", count: 9 }] },
  },
  "members-left-out": {
    points: both,
    resources: [
      instance(),
      instance("i-2", ["vol-2"], { tags: { Backup: "hourly", "aws:autoscaling:groupName": "web" } }),
    ],
    policies: [policy({ select: { everything: true } })],
  },
  "everything-excluded": { points: both, policies: [policy(ebs({ exclude: { boot: true } }))] },
  "too-many-excluded": {
    points: both,
    policies: [policy(ebs({ exclude: { volumeTags: { Scratch: "yes" } } }))],
    resources: [manyDisks()],
  },
  "cannot-protect": { ...ofFsx, resources: [fileSystem("fs-01", { problem: "it is Lustre of the type SCRATCH_2" })] },
  "cannot-copy": { ...ofFsx, resources: [fileSystem("fs-01", { storage: "INTELLIGENT_TIERING" })] },
  "quota-near": { ...ofFsx, resources: [fileSystem()], usage: { openzfs: 499 } },
  "tags-left-off": { points: both, policies: [policy(ebs({ copyTags: true }))], resources: [manyTags()] },
  "bad-tag": {
    points: both,
    tagNames: { keepForever: "KeepForever", retention: "Retention" },
    resources: [instance("i-1", ["vol-1"], { tags: { Backup: "hourly", Retention: "long" } })],
  },
  "resource-gone": { points: both, resources: [instance("i-2", ["vol-2"])] },
  "policy-gone": { points: [...both, point({ at: SLOT, policy: "old" })] },
  "duplicate-point": { points: [withParts(home, { id: "snap-b", startedAt: SLOT + HOUR }), copy] },
  "approval-needed": {
    policies: [{ ...alone, retain: { count: 1 } }],
    points: [0, 1, 2, 3].map((n) => ({ ...days(n), recorded: "count=9" })),
  },
};

function manyDisks() {
  const disks = Array.from({ length: 50 }, (_, i) => `vol-${i}`);
  const one = instance("i-1", disks);
  return {
    ...one,
    members: one.members.map((disk) => ({ ...disk, tags: memberDetail(disk).boot ? {} : { Scratch: "yes" } })),
  };
}

function manyTags() {
  const tags = Object.fromEntries(Array.from({ length: 50 }, (_, i) => [`key-${i}`, "value"]));
  const one = instance();
  return { ...one, members: one.members.map((disk) => ({ ...disk, tags })) };
}

type Run = NonNullable<Parameters<ReturnType<typeof setUp>["run"]>[0]> & {
  /** What the ledger remembers from before. */
  readonly points?: Readonly<Record<string, number>>;
};
const refused = result({ outcome: "failed", code: "UnauthorizedOperation", cause: "no" });

/** Of every cause that a run meets with what its functions tell; undefined where it does not come to its end. */
const RUNS: Readonly<Record<MetCause, Run | undefined>> = {
  "create-refused": { creates: [refused] },
  "copy-refused": { copies: [refused] },
  "finalize-refused": { finishes: [refused] },
  "delete-refused": { deletes: [refused] },
  "adopt-refused": { refused: { ebs: "snap-1 (UnauthorizedOperation: no)" } },
  "quota-reached": {
    creates: [result({ outcome: "later", code: "SnapshotLimitExceeded", cause: "100000", lasting: true })],
  },
  "stray-artifact": { strays: [{ kind: "ebs", region: HOME, artifact: "snap-1", problem: "without a policy" }] },
  "kind-gone": { points: { fsx: 3 } },
  "only-plans": { world: { ...world(), mode: "plan" } },
  "run-failed": undefined,
};

const healthy = (region: string, role: string): LedgerSeen => ({ region, role, open: [], lastRun: NOW });

async function ledgerOf(round: Run | undefined): Promise<LedgerSeen> {
  const { ledger, record, run, table } = setUp();
  await ledger.writeState({ inFlight: {}, dueAt: {}, lastRun: NOW, ...(round?.points && { points: round.points }) });
  if (round === undefined) await record({ execution: "execution-1", error: { Error: "LeaseLost" } });
  else await run(round);
  await ledger.writeState({ inFlight: {}, dueAt: {}, lastRun: NOW });
  return ledgerSeen({ region: PRIMARY.region, role: "primary" }, table);
}

describe("every cause of trouble", () => {
  let deps: Fakes | undefined;
  afterEach(async () => {
    await deps?.cleanUp();
    deps = undefined;
  });

  interface Seen {
    readonly world?: WorldInput;
    readonly ledgers?: readonly LedgerSeen[];
  }

  /** `status` and `doctor` where nothing else is wrong. */
  async function look({ world: input = { points: both }, ledgers }: Seen) {
    const seen: Inventory = world(input);
    await deps?.cleanUp();
    const own = await fakes({
      world: () => seen,
      ledgers: () => ledgers ?? [healthy(PRIMARY.region, "primary"), healthy(DR.region, "dr")],
    });
    deps = own;
    const run = async (name: string) => dispatch(commandOf(name), own);
    await run("up");
    const status = await run("status");
    const { problems } = status.data as { problems: readonly Problem[] };
    const doctor = await run("doctor");
    const { findings } = doctor.data as { findings: readonly Finding[] };
    return { status, problems, doctor, points: findings.find(({ what }) => what === "recovery points") };
  }

  async function expectTold(cause: Cause, seen: Seen): Promise<void> {
    const { status, problems, doctor, points } = await look(seen);
    const found = problems.find((one) => one.cause === cause);
    expect(found, `${cause}, not only ${problems.map((one) => one.cause).join(", ")}`).to.not.equal(undefined);
    expect(status.ending).to.equal("failed");
    expect(status.text.split("\n")[0]).to.match(/^\d+ problems?:$/);
    expect(status.text).to.contain(`${cause}: `).and.to.contain(`What to do: ${found?.advice}`);
    expect(doctor.ending).to.equal("failed");
    expect(points).to.include({ ok: false });
    expect(points?.text).to.contain(cause).and.to.contain("lockstep status");
  }

  it("where there is none, status and doctor are content", async () => {
    const { status, problems, points } = await look({});
    expect(problems).to.deep.equal([]);
    expect(status.ending, status.text).to.equal("done");
    expect(status.text.split("\n")[0]).to.equal("No problems.");
    expect(points).to.include({ ok: true });
  });

  for (const [cause, input] of Object.entries(WORLDS)) {
    // Object.entries forgets the keys' type.
    it(`${cause} is in status and doctor`, () => expectTold(cause as PlannedCause, { world: input }));
  }

  for (const [cause, round] of Object.entries(RUNS)) {
    it(`${cause} is in status and doctor`, async () => {
      // Object.entries forgets the keys' type.
      await expectTold(cause as MetCause, { ledgers: [await ledgerOf(round), healthy(DR.region, "dr")] });
    });
  }

  it("no-run, ledger-unknown and no-point are in status and doctor", async () => {
    const silent = { ...healthy(PRIMARY.region, "primary"), lastRun: NOW - HOUR };
    await expectTold("no-run", { ledgers: [silent, healthy(DR.region, "dr")] });
    const away = async (): Promise<never> => {
      throw new Error("AccessDenied");
    };
    const unread = await ledgerSeen({ region: DR.region, role: "dr" }, { list: away });
    await expectTold("ledger-unknown", { ledgers: [unread] });
    await expectTold("no-point", { world: { points: [home] } });
  });

  it("has a case above", () => {
    const cases = [...Object.keys(WORLDS), ...Object.keys(RUNS), "no-run", "ledger-unknown", "no-point"];
    expect(cases).to.have.members(Object.keys(ADVICE));
    expect(Object.keys(RUNS)).to.have.members(Object.keys(MET));
  });
});
