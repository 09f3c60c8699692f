import { expect } from "chai";
import { TAG } from "../../../core/names/tags.js";
import { type BackupRecord, managedBy, pointsFromBackups, stateOf } from "../../../kinds/fsx/backups.js";
import { DR, HOME, SLOT } from "../../core/worlds.js";
import { backup, foreign } from "./worlds.js";

const at = SLOT;
const read = (record: BackupRecord, region = HOME) => pointsFromBackups([record], { deployment: "d", region });
const problem = (record: BackupRecord, region = HOME): string | undefined => read(record, region).strays[0]?.problem;

describe("kinds/fsx: backups", () => {
  it("are points, at home and copied", () => {
    const [point] = read(backup({ at })).points;
    expect(point).to.deep.include({
      resource: "fsx:fs-01",
      kind: "fsx",
      home: HOME,
      region: HOME,
      size: 1,
      level: "crash",
    });
    expect(point?.artifacts[0]).to.deep.include({ member: "fs-01", state: "completed", holds: [] });
    const [copy] = read(backup({ at, region: DR }), DR).points;
    expect(copy?.id).to.equal(point?.id);
    expect(copy?.artifacts[0]).to.include({ member: "fs-01", source: backup({ at }).id, takenAt: at + 60_000 });
  });

  it("of nobody, or of another deployment, are none of our business", () => {
    expect(read(foreign(at))).to.deep.equal({ points: [], strays: [] });
    expect(read(backup({ at, tags: { [TAG.deployment]: "other" } }))).to.deep.equal({ points: [], strays: [] });
  });

  it("F-S8: are ours only where tags, identity and what FSx says agree", () => {
    expect(problem(backup({ at, over: { unit: "fs-99" } }))).to.equal(
      'lockstep:resource is "fsx:fs-01", but it is of fs-99',
    );
    expect(problem(backup({ at, tags: { [TAG.point]: "lsp-1" } }))).to.match(
      /^lockstep:point is "lsp-1", but its other tags say lsp-/,
    );
    expect(problem(backup({ at, tags: { [TAG.kind]: "instance" } }))).to.equal(
      'lockstep:kind is "instance", not one of fsx, ontap-volume',
    );
    expect(problem(backup({ at, over: { source: "backup-7", sourceRegion: HOME } }))).to.match(
      /^a copy within the home region/,
    );
    const copy = backup({ at, region: DR });
    expect(problem({ ...copy, sourceRegion: "eu-west-1" }, DR)).to.match(
      /but FSx says that it was copied from .* of eu-west-1$/,
    );
    expect(problem({ ...copy, source: undefined }, DR)).to.match(/copied from nothing of us-east-1$/);
    expect(problem({ ...copy, unit: "fs-99" }, DR)).to.equal(
      'lockstep:volume is "fs-01", but FSx says that it is of fs-99',
    );
  });

  it("of AWS Backup, and automatic ones, are counted and held; KeepForever holds too", () => {
    expect(managedBy({ madeBy: "USER_INITIATED" })).to.equal(undefined);
    const holds = (record: BackupRecord) => read(record).points[0]?.artifacts[0]?.holds;
    expect(holds(backup({ at, over: { madeBy: "AWS_BACKUP" } }))).to.deep.equal(["managed by AWS Backup"]);
    expect(holds(backup({ at, over: { madeBy: "AUTOMATIC" } }))).to.deep.equal(["managed by FSx's automatic backups"]);
    expect(holds(backup({ at, tags: { KeepForever: "" } }))).to.deep.equal(["KeepForever"]);
  });

  it("are in progress in every state that nobody knows", () => {
    expect(["AVAILABLE", "FAILED", "CREATING", "COPYING", "TRANSFERRING", "PENDING", "X"].map(stateOf)).to.deep.equal([
      "completed",
      "error",
      ...["pending", "pending", "pending", "pending", "pending"],
    ]);
  });
});
