import { expect } from "chai";
import { livingIn } from "../../core/inventory/lineage.js";
import type { Inventory } from "../../core/model/model.js";
import { surveyAll } from "../../functions/lib/survey.js";
import type { Task } from "../../kinds/backend.js";
import { lineagesIn } from "../core/oracle.js";
import { DR, HOME, HOUR, NOW, only } from "../core/worlds.js";
import { mould } from "./toy/moulds.js";
import { WITH_TOY } from "./toy/rules.js";
import { daily, outcomes, settingsIn, setUp } from "./toy/two-stacks.js";
import { type Luck, MAKES_MS, REMOVES_MS } from "./toy/works.js";

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
    expect(seen[1] && livingIn(seen[1])).to.have.length(1);
  });
});
