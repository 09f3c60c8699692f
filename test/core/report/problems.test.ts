import { expect } from "chai";
import type { Open } from "../../../core/model/causes.js";
import type { LedgerSeen } from "../../../core/report/problems.js";
import { status } from "../../../core/report/status.js";
import { RULES } from "../../../kinds/rules.js";
import { DR, HOME, HOUR, MINUTE, NOW, plan, point, SLOT, world } from "../worlds.js";

const points = [point({ at: SLOT }), point({ at: SLOT, region: DR })];
const problems = (ledgers: readonly LedgerSeen[], input: Parameters<typeof world>[0] = { points }) => {
  const seen = world(input);
  return status([seen], RULES, plan(seen), ledgers).problems;
};
const ledger = (open: readonly Open[] = [], lastRun = NOW - MINUTE): LedgerSeen => {
  return { region: HOME, role: "primary", open, lastRun };
};
const trouble = {
  cause: "create-refused",
  region: HOME,
  policy: "hourly",
  resource: "i-1",
  point: "lsp-1",
  kind: "ebs",
};

describe("what is wrong", () => {
  it("is nothing where the plan and the ledgers know of nothing", () => {
    expect(problems([ledger()])).to.deep.equal([]);
  });

  it("is what a controller has open, since when, and what to do about it", () => {
    const reason = "UnauthorizedOperation: no";
    const [found, ...more] = problems([ledger([{ trouble: { ...trouble, reason }, since: NOW - HOUR }])]);
    expect(more).to.deep.equal([]);
    expect(found).to.include({ ...trouble, reason, since: new Date(NOW - HOUR).toISOString() });
    expect(found?.advice).to.contain("AWS refused to make the snapshots");
  });

  it("is told in the plan's words where the ledger has it too, with the ledger's time", () => {
    const failed = point({ at: SLOT, parts: { "vol-1": "error" } });
    const open = { ...trouble, cause: "point-failed", point: "lsp-0", reason: "as of then" };
    const found = problems([ledger([{ trouble: open, since: NOW - HOUR }])], { points: [failed, ...points.slice(1)] });
    const [about, ...twice] = found.filter(({ cause }) => cause === "point-failed");
    expect(twice).to.deep.equal([]);
    expect(about).to.include({ reason: "vol-1: no such key", since: new Date(NOW - HOUR).toISOString() });
  });

  it("is named however little of an estate it names", () => {
    const none = { policy: "", resource: "", point: "" };
    const open = { ...none, cause: "what a later version tells of", region: HOME, reason: "so" };
    const [found] = problems([ledger([{ trouble: open, since: NOW }])]);
    expect(found).to.include({ cause: "what a later version tells of" });
    expect(found?.advice).to.contain("decisions");
  });

  it("is that a controller does not run, or that nobody knows", () => {
    expect(problems([ledger([], NOW - 30 * MINUTE + 1)])).to.deep.equal([]);
    const [silent] = problems([ledger([], NOW - 30 * MINUTE)]);
    expect(silent).to.include({ cause: "no-run", region: HOME });
    expect(silent?.reason).to.equal(`no run of primary has ended since ${new Date(NOW - 30 * MINUTE).toISOString()}`);
    expect(problems([ledger([], 0)])[0]?.reason).to.equal("no run of primary has ended");
    const [unread] = problems([{ region: DR, role: "dr", problem: "AccessDeniedException: no" }]);
    expect(unread).to.include({ cause: "ledger-unknown", region: DR });
    expect(unread?.reason).to.contain("AccessDeniedException: no");
  });

  it("is a late point with everything that is known of why", () => {
    const old = [HOME, DR].map((region) => point({ at: SLOT - 9 * HOUR, region }));
    const refused = { trouble: { ...trouble, reason: "UnauthorizedOperation: no" }, since: NOW - HOUR };
    const other = { trouble: { ...trouble, resource: "i-2", reason: "of another" }, since: NOW };
    const ledgers = [ledger([refused, other], NOW - 9 * HOUR)];
    const late = problems(ledgers, { points: old }).filter(({ cause }) => cause === "point-overdue");
    const since = new Date(NOW - 9 * HOUR).toISOString();
    expect(late.map(({ region, reason }) => [region, reason.split("; ").slice(1)])).to.deep.equal([
      [
        HOME,
        ["none was made since", `no run of primary has ended since ${since}`, "refused: UnauthorizedOperation: no"],
      ],
      [DR, [`${HOME} has none that is newer`]],
    ]);
  });

  it("is with its resource too, where it concerns one", () => {
    const seen = world({ points });
    const open = { trouble: { ...trouble, reason: "no" }, since: NOW };
    expect(status([seen], RULES, plan(seen), [ledger([open])]).resources[0]?.problems).to.deep.equal([
      `create-refused in ${HOME} (lsp-1): no`,
    ]);
  });
});
