import { expect } from "chai";
import { dispatch } from "../../../automation/cli/dispatch.js";
import type { SnapshotRecord } from "../../../kinds/ebs/snapshots.js";
import { commandOf } from "../../support/command.js";
import { type FakeOptions, type Fakes, fakes } from "../fakes.js";
import { instance, world } from "../worlds.js";

const NOW = Date.parse("2026-01-01T00:00:00Z");
const snapshots = [1, 2, 3, 4, 5, 6].map(
  (n): SnapshotRecord => ({
    snapshotId: `snap-0${n}`,
    volumeId: "vol-0a",
    state: n === 6 ? "error" : "completed",
    startTime: NOW - n * 3_600_000,
    progress: 100,
    sizeGiB: 1,
    tags: n === 5 ? { "aws:backup:source-resource": "x" } : { Type: "Automated", CreatedOn: "x" },
  }),
);

describe("adopt", () => {
  let deps: Fakes;
  const run = (...argv: string[]) => dispatch(commandOf(...argv), deps);
  const given = async (options: FakeOptions = {}) => {
    deps = await fakes({ world: () => world(NOW, [instance("i-1", NOW)], []), snapshots, ...options });
    await run("up");
  };
  afterEach(() => deps.cleanUp());
  const both = ["--policy", "gold", "--from", "ebs-snapshots-lambda", "--from", "aws-backup"];

  it("says what would become of each snapshot, and writes nothing", async () => {
    await given();
    const outcome = await run("adopt", ...both);
    expect(outcome.ending, outcome.text).to.equal("done");
    expect(outcome.data).to.include({ policy: "gold", written: 0 });
    const { adopted, skipped } = outcome.data as {
      adopted: { managedBy: string | null; next: string[] }[];
      skipped: unknown[];
    };
    expect(adopted.map((one) => one.managedBy)).to.deep.equal(["AWS Backup", null, null, null, null]);
    expect(adopted.at(-1)?.next).to.include.members(["keep", "copy"]);
    expect(skipped).to.deep.equal([
      { snapshot: "snap-06", kind: "ebs", artifact: "snap-06", why: 'it is "error", not completed' },
    ]);
    expect(outcome.text)
      .to.contain("Nothing was written")
      .and.contain("lockstep adopt --policy gold")
      .and.contain("--yes");
    expect(deps.seen.imported).to.deep.equal([]);
  });

  it("writes with --yes, and says what AWS refused", async () => {
    await given();
    const outcome = await run("adopt", ...both, "--yes");
    expect(outcome.data).to.include({ written: 5 });
    expect(deps.seen.imported.map((one) => one.artifact)).to.deep.equal([
      "snap-05",
      "snap-04",
      "snap-03",
      "snap-02",
      "snap-01",
    ]);
    await deps.cleanUp();
    await given({ refused: new Map([["snap-01", "UnauthorizedOperation: no"]]) });
    const refused = await run("adopt", ...both, "--yes");
    expect(refused.ending).to.equal("failed");
    expect(refused.data).to.include({ written: 4 });
    expect(refused.text).to.contain("snap-01 was refused: UnauthorizedOperation: no");
  });

  it("takes any expression over tags", async () => {
    await given();
    const select = JSON.stringify({ all: [{ key: "Type" }, { not: { key: "CreatedOn", value: "y" } }] });
    const { adopted } = (await run("adopt", "--policy", "gold", "--select", select)).data as { adopted: unknown[] };
    expect(adopted).to.have.length(4);
    const none = await run("adopt", "--policy", "gold", "--select", '{"key":"Nobody"}', "--yes");
    expect(none).to.include({ ending: "done", text: "No snapshot has such tags." });
    expect(deps.seen.imported).to.deep.equal([]);
  });

  it("refuses what it does not understand, and a stack that only plans", async () => {
    await given();
    for (const [why, ...more] of [
      ["silver", "--policy", "silver", "--from", "dlm"],
      ["whose snapshots", "--policy", "gold"],
      ["whose snapshots", "--policy", "gold", "--select", '{"everything":true}'],
      ["JSON", "--policy", "gold", "--select", "Type=Automated"],
      ["kye", "--policy", "gold", "--select", '{"kye":"Type"}'],
    ]) {
      const outcome = await run("adopt", ...more, "--yes");
      expect(outcome.ending, outcome.text).to.equal("usage");
      expect(outcome.text).to.contain(why);
    }
    await deps.cleanUp();
    await given({ world: () => ({ ...world(NOW, [instance("i-1", NOW)], []), mode: "plan" as const }) });
    expect((await run("adopt", ...both, "--yes")).ending).to.equal("refused");
    expect(deps.seen.imported).to.deep.equal([]);
  });
});
