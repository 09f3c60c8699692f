import { expect } from "chai";
import type { Action } from "../../../core/model/model.js";
import { pendingIn } from "../../../core/report/summary.js";
import { createDetail } from "../../../kinds/fsx/details.js";
import { RULES } from "../../../kinds/rules.js";
import { DAY, DR, HOME, HOUR, NOW, only, SLOT } from "../../core/worlds.js";
import { backup, backupId, type FsxInput, fileSystem, fsxWorld, plan, policy, volume } from "./worlds.js";

const T = (hours: number): number => SLOT - hours * HOUR;
const deleted = (actions: readonly Action[]): string[] => only(actions, "delete").flatMap(({ artifacts }) => artifacts);
const told = (input: FsxInput): string[] =>
  only(plan(input), "alert").map(({ cause, resource, reason }) => `${cause} ${resource}: ${reason}`);
const causes = (input: FsxInput): string[] => only(plan(input), "alert").map(({ cause }) => cause);
const ALL = { retain: { count: 1 }, copy: [{ region: DR, retain: { count: 1 } }] };

describe("kinds/fsx: plan", () => {
  it("A-F9 A-X20: backs up file systems of each type by themselves, and ONTAP by volume", () => {
    const types = ["WINDOWS", "LUSTRE", "OPENZFS"].map((type, i) => fileSystem(`fs-0${i}`, { type }));
    const creates = only(plan({ resources: [...types, volume()] }), "create");
    expect(creates.map(({ resource, kind, members }) => [resource, kind, members.map(({ id }) => id)])).to.deep.equal([
      ["fsx:fs-00", "fsx", ["fs-00"]],
      ["fsx:fs-01", "fsx", ["fs-01"]],
      ["fsx:fs-02", "fsx", ["fs-02"]],
      ["fsx:fsvol-01", "ontap-volume", ["fsvol-01"]],
    ]);
  });

  it("A-X18: what cannot be backed up is told with the way out, and never tried", () => {
    const scratch = fileSystem("fs-09", { type: "LUSTRE", problem: "it is Lustre of the type SCRATCH_2" });
    const input = { resources: [scratch, fileSystem()] };
    expect(only(plan(input), "create").map(({ resource }) => resource)).to.deep.equal(["fsx:fs-01"]);
    expect(told(input)).to.deep.equal(["cannot-protect fsx:fs-09: it is Lustre of the type SCRATCH_2"]);
  });

  it("an ONTAP file system is a mistake unless its volumes are meant too", () => {
    const resources = [fileSystem("fs-07", { type: "ONTAP", problem: "it is ONTAP" })];
    expect(causes({ resources, policies: [policy({ kinds: ["fsx"] })] })).to.deep.equal(["cannot-protect"]);
    expect(causes({ resources: [...resources, volume()], policies: [policy({ copy: [] })] })).to.deep.equal([]);
  });

  it("a file system that is being updated is waited for", () => {
    const [create] = only(plan({ resources: [fileSystem("fs-01", { lifecycle: "UPDATING" })] }), "create");
    expect(create && createDetail(create).waits).to.equal("it is UPDATING: a backup is made when it is AVAILABLE");
    const [ready] = only(plan({}), "create");
    expect(ready && createDetail(ready).waits).to.equal(undefined);
  });

  it("F-S1 A-X1: nothing goes while the newer one is being made, whatever AWS calls that", () => {
    for (const lifecycle of ["CREATING", "PENDING", "TRANSFERRING", "NOBODY_KNOWS"]) {
      const backups = [T(2), T(1)].map((at) => backup({ at }));
      const running = backup({ at: T(0), over: { lifecycle, progress: 10 } });
      const found = plan({ policies: [policy({ ...ALL, copy: [] })], backups: [...backups, running] });
      expect(deleted(found), lifecycle).to.deep.equal([backupId(T(2))]);
      expect(only(found, "create"), `${lifecycle} meets the slot`).to.deep.equal([]);
    }
  });

  it("F-S2: one that failed never counts, is told with AWS's reason, and spoils nothing else", () => {
    const over = { lifecycle: "FAILED", failure: "the disk is full" };
    const input = {
      policies: [policy({ ...ALL, copy: [] })],
      resources: [fileSystem(), fileSystem("fs-02")],
      backups: [backup({ at: T(1) }), backup({ at: T(0), over }), backup({ at: T(1), unit: "fs-02" })],
    };
    const found = plan(input);
    expect(deleted(found)).to.deep.equal([]);
    expect(only(found, "create").map(({ resource }) => resource)).to.deep.equal(["fsx:fs-01", "fsx:fs-02"]);
    expect(told(input)).to.deep.equal(["point-failed fsx:fs-01: fs-01: the disk is full"]);
  });

  it("F-S3 A-X2: the last good one stays, however old it is", () => {
    const at = NOW - 400 * DAY;
    const input = { policies: [policy({ retain: { ageMs: DAY }, copy: [] })], backups: [backup({ at })] };
    expect(deleted(plan(input))).to.deep.equal([]);
  });

  it("F-S4: the source of a copy waits for it, also while FSx is at it", () => {
    const backups = [T(1), T(0)].map((at) => backup({ at }));
    expect(deleted(plan({ policies: [policy(ALL)], backups }))).to.deep.equal([]);
    const copying = backup({ at: T(1), region: DR, over: { lifecycle: "COPYING" } });
    expect(deleted(plan({ policies: [policy(ALL)], backups: [...backups, copying] }))).to.deep.equal([]);
    const copied = [backup({ at: T(1), region: DR }), backup({ at: T(0), region: DR })];
    expect(deleted(plan({ policies: [policy(ALL)], backups: [...backups, ...copied] }))).to.deep.equal([
      backupId(T(1)),
      backupId(T(1), DR),
    ]);
  });

  it("F-S5: a copy that failed is tried again with a token of its own", () => {
    const failed = backup({ at: T(0), region: DR, over: { lifecycle: "FAILED", createdAt: NOW - 10 * HOUR } });
    const backups = [backup({ at: T(0), over: { createdAt: NOW - 11 * HOUR } })];
    const [first] = only(plan({ backups }), "copy");
    expect(first).to.include({ reason: `not in ${DR} yet` });
    expect(first).not.to.have.property("after");
    const [second] = only(plan({ backups: [...backups, failed] }), "copy");
    expect(second).to.include({ reason: "try 2: FSx gave no cause", after: failed.id });
  });

  it("F-S12: copies are capped by what is in progress there, all origins counted", () => {
    const resources = Array.from({ length: 9 }, (_, i) => fileSystem(`fs-0${i}`));
    const backups = resources.map(({ members }) => backup({ at: T(0), unit: members[0]?.id ?? "" }));
    const copies = (inFlight: number) => only(plan({ resources, backups, inFlight }), "copy").length;
    expect([0, 1, 3, 4, 5].map(copies)).to.deep.equal([4, 3, 1, 0, 0]);
  });

  it("what cannot be copied is backed up at home, not waited for, and told with the way out", () => {
    const tiered = { storage: "INTELLIGENT_TIERING" };
    const policies = [policy(ALL)];
    const input = {
      policies,
      resources: [volume(), fileSystem("fs-08", tiered)],
      backups: [
        ...[T(1), T(0)].map((at) => backup({ at, unit: "fsvol-01" })),
        ...[T(1), T(0)].map((at) => backup({ at, unit: "fs-08", over: tiered })),
      ],
    };
    const found = plan(input);
    expect(only(found, "copy")).to.deep.equal([]);
    expect(deleted(found)).to.deep.equal([backupId(T(1), HOME, "fs-08"), backupId(T(1), HOME, "fsvol-01")]);
    expect(told(input)).to.deep.equal([
      `cannot-copy fsx:fs-08: FSx copies no backups of OpenZFS with Intelligent-Tiering storage to ${DR}: use OpenZFS on-demand replication`,
      `cannot-copy fsx:fsvol-01: backups of ONTAP volumes can be restored in ${HOME} only, FSx copies none to ${DR}: replicate the volumes with SnapMirror`,
    ]);
    // Nobody waits for such copies, so that a run that made the backups is complete.
    expect(pendingIn(fsxWorld(input), found, RULES.fsx)).to.deep.equal({
      artifacts: 0,
      creates: 0,
      copies: 0,
      held: 0,
      unknown: [],
    });
    // Also when they are gone, and only their backups tell what they were.
    const gone = plan({ ...input, resources: [] });
    expect(only(gone, "copy")).to.deep.equal([]);
    expect(deleted(gone)).to.deep.equal([backupId(T(1), HOME, "fs-08"), backupId(T(1), HOME, "fsvol-01")]);
  });

  it("what AWS said that it never does is not tried, not waited for, and told at home, until it may have changed", () => {
    const refused = (verb: "create" | "copy", region: string, until = NOW + 1) => ({
      memory: { announced: [], refused: [{ do: verb, region, resource: "fsx:fs-01", reason: "it said no", until }] },
    });
    const input = { policies: [policy(ALL)], backups: [T(1), T(0)].map((at) => backup({ at })) };
    const found = plan({ ...input, ...refused("copy", DR) });
    expect(only(found, "copy")).to.deep.equal([]);
    expect(deleted(found)).to.deep.equal([backupId(T(1))]);
    expect(told({ ...input, ...refused("copy", DR) })).to.deep.equal(["cannot-copy fsx:fs-01: it said no"]);
    expect(told(refused("create", HOME))).to.deep.equal(["cannot-protect fsx:fs-01: it said no"]);
    expect(only(plan(refused("create", HOME)), "create")).to.deep.equal([]);
    // Of another region, or long ago.
    for (const none of [refused("copy", HOME), refused("copy", DR, NOW)]) {
      expect(only(plan({ ...input, ...none }), "copy")).to.have.length(1);
      expect(deleted(plan({ ...input, ...none }))).to.deep.equal([]);
    }
  });

  it("F-S17: backups of a file system that is gone, or was untagged, still expire", () => {
    const backups = [T(3), T(2)].map((at) => backup({ at }));
    const untagged = [fileSystem("fs-01", {}, { tags: {} })];
    for (const resources of [[], untagged]) {
      const policies = [policy({ retain: { count: 1 }, copy: [] })];
      const tags = { "lockstep:retain": "count=1" };
      const found = plan({
        policies,
        resources,
        backups: backups.map((one) => ({ ...one, tags: { ...one.tags, ...tags } })),
      });
      expect(deleted(found)).to.deep.equal([backupId(T(3))]);
    }
  });
});
