import { paginateDescribeBackups, UpdateFileSystemCommand } from "@aws-sdk/client-fsx";
import { expect } from "chai";
import fc from "fast-check";
import type { Inventory } from "../../core/model/model.js";
import { TAG } from "../../core/names/tags.js";
import { RULES } from "../../kinds/rules.js";
import { afterDeletes, lineagesIn } from "../core/oracle.js";
import { HOUR } from "../core/worlds.js";
import { awsError, NO_EXECUTIONS } from "../functions/fakes.js";
import { runs } from "../support/chance.js";
import { DR, type Estate, HOME, settings, startEstate, TAGS } from "./fsx/aws/estate.js";
import { KindStack } from "./kind-stack.js";

/** A look every four hours; a backup takes three, a copy five. */
const STEP_MS = 4 * HOUR;
const PACE = { backupMillis: 3 * HOUR, copyMillis: 5 * HOUR, updateMillis: 6 * HOUR, releaseMillis: HOUR / 2 };
/** Of the five that AWS allows one is left to others. */
const COPIES_MAX = 4;

const MAKES = ["CreateBackup", "CopyBackup", "DeleteBackup"] as const;

/** What goes wrong at each look. */
const trouble = fc.record({
  ending: fc.constantFrom("well", "well", "well", "fails"),
  answer: fc.constantFrom("right", "right", "right", "lost", "throttled", "refused"),
  unreadable: fc.constantFrom(undefined, undefined, undefined, "DescribeBackups", "DescribeFileSystems"),
  other: fc.constantFrom(undefined, undefined, undefined, "updates", "AWS Backup"),
} as const);
type Trouble = typeof trouble extends fc.Arbitrary<infer T> ? T : never;

/** It is so until the next look. */
async function befall(estate: Estate, ids: readonly string[], { ending, answer, unreadable, other }: Trouble) {
  const { endings, faults, losing, plane, now } = estate;
  if (ending === "fails") endings.push({ failure: "the disk is full" });
  for (const action of MAKES) {
    if (answer === "lost") losing.add(action);
    if (answer === "throttled") faults.set(action, awsError("ThrottlingException", 400));
    if (answer === "refused") faults.set(action, awsError("BadRequest", 400));
  }
  if (unreadable !== undefined) faults.set(unreadable, awsError("InternalServerError", 500));
  const [id = ""] = ids;
  if (other === "updates")
    await estate
      .client()
      .send(new UpdateFileSystemCommand({ FileSystemId: id, StorageCapacity: 128 }))
      .catch(() => 0);
  if (other === "AWS Backup") {
    const creationTime = new Date(now() - HOUR).toISOString();
    await plane.plantBackups(HOME, [{ of: id, creationTime, type: "AWS_BACKUP", tags: {} }]);
  }
}

function calm({ faults, losing, endings }: Estate): void {
  faults.clear();
  losing.clear();
  endings.length = 0;
}

async function runOne(stack: KindStack): Promise<void> {
  const { region } = stack.settings;
  const { own, inventories } = await stack.run();
  for (const seen of inventories) {
    const left = new Set(lineagesIn(afterDeletes(seen, own), region).flatMap((points) => points.map(({ id }) => id)));
    for (const [newest] of lineagesIn(seen, region)) if (newest) expect(left).to.include(newest.id);
  }
}

/** The file systems of which Lockstep has a backup in a region that can be restored, as FSx itself says it. */
async function restorable(estate: Estate, region: string): Promise<Set<string>> {
  const found = new Set<string>();
  for await (const { Backups = [] } of paginateDescribeBackups({ client: estate.client(region) }, {})) {
    for (const { FileSystem, Lifecycle, Tags = [] } of Backups)
      if (Lifecycle === "AVAILABLE" && Tags.some(({ Key }) => Key === TAG.deployment))
        found.add(`${FileSystem?.FileSystemId} in ${region}`);
  }
  return found;
}

/** What could be restored can be; nothing is there twice, and copies keep to their slots. */
async function expectSound(estate: Estate, had: Set<string>): Promise<void> {
  for (const region of [HOME, DR]) {
    const now = await restorable(estate, region);
    const lost = [...had].filter((one) => one.endsWith(region) && !now.has(one));
    expect(lost, "cannot be restored any more").to.deep.equal([]);
    for (const one of now) had.add(one);
    const points = await estate.pointsIn(region);
    const alive = points.map(({ artifacts }) => artifacts.filter(({ state }) => state !== "error").length);
    expect(Math.max(0, ...alive), `made twice in ${region}`).to.be.at.most(1);
  }
  const copying = (await estate.pointsIn(DR))
    .flatMap(({ artifacts }) => artifacts)
    .filter((one) => one.state === "pending");
  expect(copying.length, "copies at a time").to.be.at.most(COPIES_MAX);
}

function expectWell(end: Inventory | undefined, count: number, now: number): void {
  if (end === undefined) throw new Error("nothing was seen");
  for (const region of [HOME, DR]) {
    const points = lineagesIn(end, region);
    expect(points, region).to.have.length(count);
    for (const [newest] of points) expect(newest?.scheduled, region).to.be.greaterThan(now - 48 * HOUR);
  }
}

async function months(troubles: readonly Trouble[]): Promise<void> {
  const estate = await startEstate(PACE);
  const ids: string[] = [];
  const had = new Set<string>();
  for (let i = 0; i < 6; i++) ids.push(await estate.fileSystem(i % 2 === 0 ? "OPENZFS" : "LUSTRE", { Tags: TAGS }));
  const having = { kind: "fsx", rules: RULES, workshop: NO_EXECUTIONS, backendIn: estate.backendIn };
  const stackOf = (role: "primary" | "dr", peer: () => KindStack): KindStack =>
    new KindStack(settings(role, "rate(12 hours)"), having, estate.now, peer);
  const home: KindStack = stackOf("primary", () => dr);
  const dr: KindStack = stackOf("dr", () => home);
  try {
    for (const one of [...troubles, ...Array.from({ length: 16 }, () => undefined)]) {
      estate.advance(STEP_MS);
      if (one !== undefined) await befall(estate, ids, one);
      for (const stack of [home, dr]) await runOne(stack);
      calm(estate);
      await expectSound(estate, had);
    }
    expectWell((await home.look()).inventories[0], ids.length, estate.now());
  } finally {
    await estate.stop();
  }
}

describe("FSx with the functions as they are, for weeks in a faulty world", () => {
  it("never deletes the newest point, makes nothing twice, keeps to its slots, and is well when nothing goes wrong", function () {
    this.timeout(300_000);
    const some = fc.array(trouble, { minLength: 24, maxLength: 24 });
    return fc.assert(fc.asyncProperty(some, months), { numRuns: runs(1) });
  });
});
