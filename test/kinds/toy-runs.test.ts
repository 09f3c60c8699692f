import { expect } from "chai";
import fc from "fast-check";
import type { Inventory, Settings } from "../../core/model/model.js";
import { surveyAll } from "../../functions/lib/survey.js";
import type { Task } from "../../kinds/backend.js";
import { afterDeletes, lineagesIn } from "../core/oracle.js";
import { DAY, DR, HOME, HOUR, NOW, only, policy } from "../core/worlds.js";
import { settings as plain } from "../functions/executors.js";
import { Clock } from "../functions/fakes.js";
import { runs } from "../support/chance.js";
import { mould } from "./toy/moulds.js";
import { WITH_TOY } from "./toy/rules.js";
import { ToyStack } from "./toy/stack.js";
import { type Luck, MAKES_MS, REMOVES_MS, Works } from "./toy/works.js";

const daily = policy({
  ...{ name: "daily", kinds: ["mould"], schedule: "rate(4 days)" },
  ...{ retain: { count: 2 }, copy: [{ region: DR, retain: { count: 2 } }] },
});

const settingsIn = (region: string): Settings => ({
  ...plain,
  policies: [daily],
  ...(region === HOME ? { role: "primary", region, peers: [DR] } : { role: "dr", region, peers: [HOME] }),
});

/** Two stacks with Toyworks between them, and a clock. */
function setUp(luck: Luck = {}, ids: readonly string[] = ["toy:m-1"]) {
  const clock = new Clock(NOW);
  const works = new Works(
    ids.map((id) => mould(id)),
    clock.now,
    luck,
  );
  const home: ToyStack = new ToyStack(settingsIn(HOME), works, clock.now, () => dr);
  const dr: ToyStack = new ToyStack(settingsIn(DR), works, clock.now, () => home);
  const later = (ms: number): void => {
    clock.time += ms;
  };
  return { clock, works, home, dr, later };
}

const outcomes = (results: readonly { readonly outcome: string }[]): string[] => results.map(({ outcome }) => outcome);

describe("functions, with a kind whose work takes days", () => {
  it("makes a point, waits for it without a second one, and copies it when it is whole", async () => {
    const { works, home, dr, later } = setUp();
    expect(outcomes((await home.run()).results)).to.deep.equal(["done"]);
    later(HOUR);
    expect(outcomes((await home.run()).results), "it is at work").to.deep.equal([]);
    expect(outcomes((await dr.run()).results), "nothing is whole").to.deep.equal([]);
    later(MAKES_MS);
    expect(outcomes((await dr.run()).results)).to.deep.equal(["done"]);
    later(MAKES_MS);
    const [made, copied] = works.casts;
    expect(copied).to.include({ region: DR, source: made?.id, point: made?.point, takenAt: made?.startedAt });
    const [seen] = (await dr.look()).inventories;
    expect(seen && lineagesIn(seen, DR).flat()).to.have.length(1);
  });

  it("writes down what a point is of before it is made, and brings that to DR before the copy is begun", async () => {
    const maps: Record<string, readonly unknown[]> = {};
    const noted = async (task: Task): Promise<void> => {
      const { bucket } = task.region === HOME ? home : dr;
      const [key, ...others] = await bucket.keys("points/");
      expect(others).to.deep.equal([]);
      maps[task.do] = (await bucket.readLines(key ?? "")) ?? [];
    };
    const { works, home, dr, later } = setUp({ before: noted });
    const [first] = works.moulds[0]?.members ?? [];
    if (first) works.moulds[0] = mould("toy:m-1", { members: [{ ...first, detail: { glaze: "blue" } }] });
    await home.run();
    later(MAKES_MS);
    await dr.run();
    expect(maps["create"]?.[0]).to.deep.nested.include({ resource: "toy:m-1", "members[0].detail": { glaze: "blue" } });
    expect(maps["copy"]).to.deep.equal(maps["create"]);
  });

  it("makes once what two looks planned, and what a lost answer left behind", async () => {
    let isLost = true;
    const { works, home, later } = setUp({ losesAnswer: () => isLost });
    const { own } = await home.look();
    expect(outcomes(await home.carryOut(own)), "no answer").to.deep.equal(["failed"]);
    isLost = false;
    expect(outcomes(await home.carryOut(own)), "who knows").to.deep.equal(["adopted"]);
    later(HOUR);
    expect(outcomes((await home.run()).results), "it is seen").to.deep.equal([]);
    expect(works.casts).to.have.length(1);
  });

  it("tries again what Toyworks refuses, puts off or fails, and what dies without a trace", async () => {
    let answer: ReturnType<NonNullable<Luck["instead"]>> = { is: "failed", why: { code: "Strike", message: "no" } };
    let fate: "well" | "breaks" | "dies" = "dies";
    const { works, home, later } = setUp({ instead: () => answer, fate: () => fate });
    expect((await home.run()).results[0]).to.include({ outcome: "failed", code: "Strike", cause: "no" });
    answer = { is: "later", why: { message: "busy" } };
    expect(outcomes((await home.run()).results)).to.deep.equal(["later"]);
    answer = undefined;
    expect(outcomes((await home.run()).results)).to.deep.equal(["done"]);
    later(MAKES_MS);
    fate = "breaks";
    expect(outcomes((await home.run()).results), "it died").to.deep.equal(["done"]);
    later(MAKES_MS);
    fate = "well";
    const again = await home.run();
    expect(only(again.own, "create")[0]?.reason).to.match(/^try 2: .* is failed$/);
    later(MAKES_MS);
    expect(lineagesIn((await home.look()).inventories[0] as Inventory, HOME).flat()).to.have.length(1);
    expect(works.casts.map((one) => one.fate)).to.deep.equal(["dies", "breaks", "well"]);
  });

  it("copies one at a time into a region, and says why the others wait", async () => {
    const { works, home, dr, later } = setUp({}, ["toy:m-1", "toy:m-2", "toy:m-3"]);
    await home.run();
    later(MAKES_MS);
    const first = await dr.look();
    expect(only(first.own, "copy")).to.have.length(1);
    const others = home.look().then(({ actions }) => only(actions, "copy"));
    await dr.carryOut(first.own);
    expect(only((await dr.look()).own, "copy"), "the slot is taken").to.deep.equal([]);
    // As somebody else's copy may take it after a look.
    const late = (await others).map((one, i) => ({ ...one, artifact: { ...one.artifact, id: `other-${i}` } }));
    expect((await dr.carryOut(late))[0]).to.include({ outcome: "later", cause: "one at a time" });
    expect(works.casts.filter(({ region }) => region === DR)).to.have.length(1);
  });

  it("deletes what expired, once, though it takes a day until that is seen; and keeps what is in use", async () => {
    let isUsed = true;
    const { works, home, dr, later } = setUp({
      instead: (task) =>
        task.do === "delete" && isUsed ? { is: "kept", why: { message: "a child plays" } } : undefined,
    });
    for (let look = 0; look < 40; look++) {
      later(12 * HOUR);
      await home.run();
      await dr.run();
    }
    const expired = only((await home.look()).own, "delete");
    expect(expired.length).to.be.greaterThan(0);
    expect(new Set(outcomes(await home.carryOut(expired)))).to.deep.equal(new Set(["kept"]));
    isUsed = false;
    await home.run();
    later(REMOVES_MS);
    expect(only((await home.look()).own, "delete")).to.deep.equal([]);
    expect(works.in(HOME).length).to.be.lessThan(5);
  });

  it("knows of a kind what it can read, whatever becomes of the others", async () => {
    const { works } = setUp();
    const mixed = { ...daily, kinds: ["instance", "mould"] };
    const broken = { list: () => Promise.reject(new Error("throttled")) };
    const seen = await surveyAll({
      ...{ backends: { ebs: broken, toy: works.backendIn(HOME) }, rules: WITH_TOY },
      ...{ settings: { ...settingsIn(HOME), policies: [mixed] }, requests: [], now: NOW },
    });
    expect(seen.map(({ kind, limits, regions }) => [kind, limits.copySlots, regions[HOME]?.complete])).to.deep.equal([
      ["ebs", 20, false],
      ["toy", 1, true],
    ]);
    expect(seen[1]?.resources).to.have.length(1);
  });
});

describe("a kind whose work takes days, for months", () => {
  /** What goes wrong at each look. */
  const trouble = fc.record({
    fate: fc.constantFrom("well", "well", "well", "breaks", "dies"),
    answer: fc.constantFrom("right", "right", "right", "right", "lost", "failed", "later"),
    unreadable: fc.constantFrom(undefined, undefined, undefined, undefined, undefined, HOME, DR),
  } as const);

  it("never deletes the newest point, makes nothing twice, keeps to its one slot, and is well when its luck is", function () {
    this.timeout(120_000);
    return fc.assert(
      fc.asyncProperty(fc.array(trouble, { minLength: 60, maxLength: 60 }), async (troubles) => {
        let now = troubles[0];
        const { works, clock, home, dr, later } = setUp(
          {
            fate: () => now?.fate ?? "well",
            losesAnswer: () => now?.answer === "lost",
            instead: () =>
              now?.answer === "failed" || now?.answer === "later"
                ? { is: now.answer, why: { message: "bad luck" } }
                : undefined,
            unreadable: (region) => now?.unreadable === region,
          },
          ["toy:m-1", "toy:m-2"],
        );
        const calm = Array.from({ length: 40 }, () => undefined);
        for (const one of [...troubles, ...calm]) {
          now = one;
          later(12 * HOUR);
          for (const stack of [home, dr]) {
            const { region } = stack.settings;
            const { own, inventories } = await stack.run();
            for (const seen of inventories) {
              const left = new Set(
                lineagesIn(afterDeletes(seen, own), region)
                  .flat()
                  .map(({ id }) => id),
              );
              for (const [newest] of lineagesIn(seen, region)) if (newest) expect(left).to.include(newest.id);
            }
            const copying = works
              .in(region)
              .filter((cast) => cast.source !== undefined && cast.startedAt > clock.time - MAKES_MS);
            expect(copying.length, "copies at a time").to.be.at.most(1);
            const alive = works.in(region).filter((cast) => cast.fate === "well");
            expect(new Set(alive.map(({ point }) => point)).size, "made twice").to.equal(alive.length);
          }
        }
        const [end] = (await home.look()).inventories;
        if (end === undefined) throw new Error("nothing was seen");
        for (const region of [HOME, DR]) {
          const points = lineagesIn(end, region);
          expect(points, region).to.have.length(2);
          for (const [newest] of points) expect(newest?.scheduled, region).to.be.greaterThan(clock.time - 16 * DAY);
        }
      }),
      { numRuns: runs(6) },
    );
  });
});
