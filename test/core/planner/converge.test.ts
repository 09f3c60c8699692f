import { expect } from "chai";
import fc from "fast-check";
import type { Action, Announced, Artifact, Copy, Inventory, Point } from "../../../core/model/model.js";
import { actionsFor } from "../../../core/planner/planner.js";
import { runs } from "../../support/chance.js";
import { afterDeletes, lineagesIn, pointsIn } from "../oracle.js";
import { DAY, DR, HOME, instance, NOW, only, plan, point, policy, verdict, world } from "../worlds.js";
import { announced, daysAgo, gone, KEPT, verdicts } from "./alerts/ended.js";

const ORPHAN_AFTER = 4 * DAY;
/** Long enough for everything to end after the last region was away. */
const DAYS = 55;

/** A region that a controller cannot see for some days; its own among them, when it does not look at all. */
interface Away {
  readonly who: string;
  readonly region: string;
  readonly from: number;
  readonly days: number;
}

interface Setting {
  /** Ages of points in days. */
  readonly home: readonly number[];
  readonly copies: readonly number[];
  readonly retain: { readonly count?: number; readonly ageMs?: number };
  readonly away: readonly Away[];
  readonly drFirst: boolean;
  readonly isHeld: boolean;
}

const ages = fc.uniqueArray(fc.nat({ max: 6 }), { maxLength: 5 });

const setting: fc.Arbitrary<Setting> = fc.record({
  home: ages,
  copies: ages,
  retain: fc.constantFrom({ count: 1 }, { count: 3 }, { ageMs: 2 * DAY }, { ageMs: 9 * DAY }),
  away: fc.array(
    fc.record({
      who: fc.constantFrom(HOME, DR),
      region: fc.constantFrom(HOME, DR),
      from: fc.nat({ max: 25 }),
      days: fc.integer({ min: 1, max: 12 }),
    }),
    { maxLength: 4 },
  ),
  drFirst: fc.boolean(),
  isHeld: fc.nat({ max: 4 }).map((n) => n === 0),
});

/** Two controllers, each with its own eyes and its own memory, and a resource that is no more. */
class Regions {
  /** What DR ever had a copy of. */
  readonly copied: string[] = [];
  /** Last points that went, with how long people had known. */
  readonly ends: { readonly region: string; readonly toldFor: number }[] = [];
  #points: readonly Point[];
  readonly #setting: Setting;
  readonly #memory = new Map<string, ReadonlyMap<string, Announced>>();

  constructor(setting: Setting) {
    this.#setting = setting;
    const made = (days: number, region: string): Point =>
      point({ at: NOW - days * DAY, region, holds: setting.isHeld && region === HOME ? ["KeepForever"] : [] });
    this.#points = [...setting.home.map((days) => made(days, HOME)), ...setting.copies.map((days) => made(days, DR))];
  }

  left(region: string): readonly Point[] {
    return this.#points.filter((one) => one.region === region);
  }

  pass(day: number): void {
    for (const who of this.#setting.drFirst ? [DR, HOME] : [HOME, DR]) {
      const away = this.#setting.away.filter((one) => one.who === who && one.from <= day && day < one.from + one.days);
      if (away.every(({ region }) => region !== who)) this.#look(who, day, away);
    }
  }

  #look(who: string, day: number, away: readonly Away[]): void {
    const memory = this.#memory.get(who) ?? new Map<string, Announced>();
    const now = NOW + day * DAY;
    const { retain } = this.#setting;
    const seen = world({
      now,
      points: this.#points,
      policies: [policy({ retain, copy: [{ region: DR, retain }] })],
      resources: away.some(({ region }) => region === HOME) ? [] : [instance("i-9", ["vol-9"])],
      unknown: Object.fromEntries(away.map(({ region }) => [region, "away"])),
      orphanAfterMs: ORPHAN_AFTER,
      memory: { announced: [...memory.values()] },
    });
    const actions = actionsFor(who, plan(seen));
    this.#tell(who, actions, now, away.length === 0);
    const after = afterDeletes(seen, actions);
    if (lineagesIn(seen, who).length > 0 && lineagesIn(after, who).length === 0)
      this.ends.push({ region: who, toldFor: now - (memory.get(who)?.since ?? now) });
    this.#carryOut(who, after, only(actions, "copy"));
  }

  /** As alerts are: what is still so keeps the time when it was told first. */
  #tell(who: string, actions: readonly Action[], since: number, sawAll: boolean): void {
    const before = this.#memory.get(who);
    const told = only(actions, "alert").filter(({ cause }) => cause === "resource-gone");
    const now = told.map(({ region, policy: name, resource }): [string, Announced] => [
      region,
      before?.get(region) ?? { region, policy: name, resource, since },
    ]);
    this.#memory.set(who, new Map([...(sawAll ? [] : (before ?? [])), ...now]));
  }

  #carryOut(who: string, after: Inventory, copies: readonly Copy[]): void {
    const others = this.#points.filter(({ region }) => region !== who);
    const made = copies.flatMap(({ point: id, artifact: part, region }): Point[] => {
      const source = this.#points.find((one) => one.id === id && one.region === HOME);
      this.copied.push(id);
      const copy: Artifact = {
        ...part,
        id: `copy of ${part.id}`,
        source: part.id,
        takenAt: part.startedAt,
        holds: [],
      };
      return source === undefined ? [] : [{ ...source, region, artifacts: [copy] }];
    });
    this.#points = [...others, ...pointsIn(after, who), ...made];
  }
}

describe("a resource that is no more, in two regions", () => {
  it("leaves nothing behind, whichever ends first, ends nowhere before people knew for long, and is never copied anew", function () {
    this.timeout(300_000);
    fc.assert(
      fc.property(setting, (one) => {
        const regions = new Regions(one);
        for (let day = 0; day < DAYS; day++) regions.pass(day);
        expect(
          regions.left(DR).map(({ id }) => id),
          "left in DR",
        ).to.deep.equal([]);
        expect(regions.left(HOME).length > 0, "left at home").to.equal(one.isHeld && one.home.length > 0);
        for (const { region, toldFor } of regions.ends) expect(toldFor, region).to.be.at.least(ORPHAN_AFTER);
        expect(regions.copied, "copied twice").to.deep.equal([...new Set(regions.copied)]);
      }),
      { numRuns: runs(30) },
    );
  });

  it("of two regions neither waits for the other any more, nor begins anew; and the one that is done remembers it", () => {
    const points = [daysAgo(200), daysAgo(201)];
    const over = { memory: { announced: [HOME, DR].flatMap((region) => announced(90, region).memory.announced) } };
    expect(verdicts(points, { ...gone, ...over }), "no copies").to.deep.equal([`delete: ${KEPT}`, `delete: ${KEPT}`]);
    const doneThere = plan(world({ points, ...gone, ...announced(90, DR) }));
    expect(points.map((one) => verdict(doneThere, one))).to.deep.equal(["keep: newest completed", `delete: ${KEPT}`]);
    expect(only(doneThere, "copy")).to.deep.equal([]);
    expect(only(doneThere, "alert").map(({ cause, region }) => [cause, region])).to.deep.equal([
      ["resource-gone", HOME],
      ["resource-gone", DR],
    ]);
    const notYet = plan(world({ points, ...gone, ...announced(89, DR) }));
    expect(only(notYet, "copy").map(({ point: id }) => id)).to.deep.equal([points[0]?.id]);
    expect(verdict(notYet, points[1] ?? daysAgo(0))).to.equal("keep: copy to us-west-2 not seen completed");
  });

  it("a copy that failed stays as long as it is tried again, and goes with its source", () => {
    const source = daysAgo(200);
    const failed = daysAgo(200, { region: DR, parts: { "vol-1": "error" } });
    expect(verdicts([source, failed], gone)[1]).to.contain("no newer one is complete");
    expect(only(plan(world({ points: [source, failed], ...gone })), "copy")[0]?.reason).to.equal("try 2: no such key");
    const why = "delete: failed, and nobody tries again";
    expect(verdicts([source, failed], { ...gone, ...announced(90) })[1]).to.equal(why);
    expect(verdicts([failed], gone)).to.deep.equal([why]);
  });
});
