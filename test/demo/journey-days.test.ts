import { expect } from "chai";
import fc from "fast-check";
import { uninterrupted } from "../../automation/cli/signals.js";
import type { Deps, Estate, RunSeen } from "../../automation/estate/deps.js";
import type { Inventory, Point } from "../../core/model/model.js";
import { newestSlot, parseSchedule } from "../../core/schedule/schedule.js";
import type { Admin } from "../../demo/admin.js";
import { Scribe } from "../../demo/data.js";
import { type Around, day } from "../../demo/day.js";
import { nextDue } from "../../demo/due.js";
import { Exposure } from "../../demo/exposure.js";
import { FileScribe } from "../../demo/file-data.js";
import { report } from "../../demo/report.js";
import { threeDays } from "../../demo/three-days.js";
import { DR, PRIMARY } from "../automation/fakes.js";
import { instance, point, world } from "../automation/worlds.js";
import { plan } from "../core/worlds.js";
import { runs } from "../support/chance.js";

const MINUTE = 60_000;
const DAY = 86_400_000;
const DAILY = "cron(0 3 * * ? *)";
const START = Date.parse("2026-01-01T12:00:00Z");
const FIRST = Date.parse("2026-01-02T03:00:00Z");

interface Ways {
  /** The DR region hears of points whose events were lost. */
  readonly hears?: boolean;
  /** EBS sends no events that could be lost. */
  readonly silent?: boolean;
  /** Runs in the DR region fail. */
  readonly fails?: boolean;
  /** Nothing is ever deleted. */
  readonly hoards?: boolean;
}

/** Two controllers that do at once what their planner says, when the schedule, an event or the tick lets them look. */
class Model {
  readonly resources = [instance("i-1", START), instance("i-2", START)];
  readonly #ways: Ways;
  #now = START;
  #toLose = 0;
  #points: Point[] = [];
  #runs: RunSeen[] = [];

  constructor(ways: Ways = {}) {
    this.#ways = ways;
  }

  world(): Inventory {
    return world(this.#now, this.resources, this.#points);
  }

  around(): Around {
    const estate: Pick<Estate, "worlds" | "busy" | "runs"> = {
      worlds: async () => [this.world()],
      busy: async () => [],
      runs: async (since) => this.#runs.filter((run) => run.endedAt >= since),
    };
    const admin: Pick<Admin, "now" | "moveClock" | "loseEvents" | "eventsToLose" | "write"> = {
      now: async () => this.#now,
      moveClock: async (to) => this.#moveTo(to),
      loseEvents: async (times) => {
        this.#toLose += times;
      },
      eventsToLose: async () => this.#toLose,
      write: async () => undefined,
    };
    const deps: Pick<Deps, "now" | "sleep" | "interruption"> = {
      now: () => this.#now,
      sleep: async (ms) => {
        this.#now += ms;
      },
      interruption: uninterrupted(),
    };
    // Only these parts of them are used.
    const parts = { estate, admin, deps } as Pick<Around, "estate" | "admin" | "deps">;
    const files = new FileScribe({ filesOf: async () => "" });
    return { ...parts, scribe: new Scribe(admin), files, exposure: new Exposure() };
  }

  #moveTo(to: number): void {
    this.#now = to;
    const last = Math.max(START, ...this.#runs.map((run) => run.endedAt));
    if (to - last >= 15 * MINUTE)
      for (const { region } of [PRIMARY, DR]) this.#look(region, "tick: idle for long enough");
    if ((to - FIRST) % DAY !== 0) return;
    for (const { id } of this.resources) this.#points.push(point({ resource: id, region: PRIMARY.region, at: to }));
    this.#look(PRIMARY.region, "schedule", this.resources.length);
    const lost = this.#toLose > 0;
    if (!this.#ways.silent) this.#toLose = 0;
    if (lost && !this.#ways.hears) return;
    this.#look(DR.region, "events: 2");
    this.#look(PRIMARY.region, "events: 2");
  }

  #look(region: string, reason: string, created = 0): void {
    const outcome = this.#ways.fails && region === DR.region ? "failed" : "done";
    const todo = plan(this.world()).filter((action) => action.region === region);
    const copies = todo.filter((action) => action.do === "copy");
    const deletes = this.#ways.hoards ? [] : todo.filter((action) => action.do === "delete");
    for (const { resource, scheduled } of copies) this.#points.push(point({ resource, region, at: scheduled }));
    const gone = new Set(deletes.map((action) => action.point));
    this.#points = this.#points.filter((p) => p.region !== region || !gone.has(p.id));
    const counts = { created, copied: copies.length, deleted: deletes.length };
    this.#runs.push({ region, reason, endedAt: this.#now, outcome, ...counts });
    // Another round: what is copied lets older points go.
    if (copies.length > 0) this.#look(region, reason);
  }
}

const quiet = () => undefined;

describe("the main job's days", () => {
  it("go from due time to due time; the tick repairs what the lost events left", async () => {
    const around = new Model().around();
    const told: string[] = [];
    const days = await threeDays(DAILY, around, (title, run) => {
      told.push(title);
      return run(quiet);
    });
    expect(told).to.deep.equal(["day 1", "day 2", "day 3", "the rest of day 3"]);
    expect(days.map((d) => d.due)).to.deep.equal([FIRST, FIRST + DAY, FIRST + 2 * DAY]);
    expect(days.map((d) => d.copiedBecause)).to.deep.equal([
      ["events: 2"],
      ["tick: idle for long enough"],
      ["events: 2"],
    ]);
    expect(days.map((d) => d.seconds)).to.deep.equal([{ ebs: 0 }, { ebs: 15 * 60 }, { ebs: 0 }]);
    // The primary keeps two points and the DR region one.
    expect(days.map((d) => d.expired)).to.deep.equal([
      { [PRIMARY.region]: 0, [DR.region]: 0 },
      { [PRIMARY.region]: 0, [DR.region]: 2 },
      { [PRIMARY.region]: 2, [DR.region]: 2 },
    ]);
    expect(days.flatMap((d) => d.problems)).to.deep.equal([]);
    expect(await around.admin.now()).to.equal(START + 3 * DAY);
    // At home a minute before each point is made, away until the tick had looked.
    expect(around.exposure.worst("i-1", "gold", PRIMARY.region)).to.equal((DAY - MINUTE) / 1000);
    expect(around.exposure.worst("i-1", "gold", DR.region)).to.equal(DAY / 1000);
    expect(around.exposure.worst("i-9", "gold", DR.region)).to.equal(null);
  });

  it("tell when the lost day proves nothing, or something went wrong", async () => {
    const problems = async (ways: Ways) => {
      const around = new Model(ways).around();
      await day({ number: 1, due: FIRST, lost: false }, around, quiet);
      return (await day({ number: 2, due: FIRST + DAY, lost: true }, around, quiet)).problems.join("\n");
    };
    expect(await problems({})).to.equal("");
    expect(await problems({ hears: true }))
      .to.contain("day 2: 2 copies were made although all events were lost")
      .and.to.contain("day 2: nothing was left to repair")
      .and.to.contain("was not started by the tick: events: 2");
    expect(await problems({ silent: true })).to.contain("day 2: 2 events that were to be lost never came");
    expect(await problems({ fails: true })).to.contain(`a run in ${DR.region} failed: tick`);
  });

  it("end with an error where the work is never done", async () => {
    const around = new Model({ hoards: true }).around();
    await day({ number: 1, due: FIRST, lost: false }, around, quiet);
    const error = await day({ number: 2, due: FIRST + DAY, lost: false }, around, quiet).catch(
      (thrown: Error) => thrown,
    );
    expect(error)
      .to.be.instanceOf(Error)
      .with.property("message")
      .that.contains("delete of")
      .and.contains("still to be done");
  });

  it("are shown with what came of them", async () => {
    const around = new Model().around();
    const days = await threeDays(DAILY, around, (_, run) => run(quiet));
    const proof = {
      resource: "i-1",
      name: "i-1-name",
      policy: "gold",
      points: { [PRIMARY.region]: 2, [DR.region]: 1 },
      rpoSeconds: { [PRIMARY.region]: 32_400, [DR.region]: null },
      verified: 1,
      members: 1,
      words: { members: "volumes" },
      problems: [],
    };
    const calls = {
      program: new Map([
        ["sns", 4],
        ["ec2", 3],
      ]),
      driver: new Map([["s3", 1]]),
    };
    const result = { days, proofs: [proof], exposure: around.exposure, calls, seconds: { deploy: 1.5 } };
    const text = report({ ...result, problems: [] }, 7);
    for (const part of [
      "2026-01-03 03:00 UTC",
      "tick: idle for long enough",
      "15 min",
      "The events that told of day 2's 2 points were lost",
      "9 h",
      "23 h 59 min",
      "1 of 1 volumes, byte for byte",
      "7 API calls by what is deployed: sns 4, ec2 3",
      "1 API calls to deploy it and to look at it: s3 1",
      "7 s: deploy 1.5 s",
      "Everything is as it should be.",
    ])
      expect(text).to.contain(part);
    const bad = report({ ...result, problems: ["bytes differ"] }, 7);
    expect(bad).to.contain("Not as it should be:\n  bytes differ").and.not.to.contain("Everything");
  });
});

describe("the next due time", () => {
  it("is the first slot after a time", () => {
    const schedules = ["cron(0 3 * * ? *)", "cron(*/20 1-3 ? * SUN *)", "rate(7 minutes)", "cron(0 12 31 DEC ? *)"];
    const times = fc.integer({ min: START, max: START + 400 * DAY });
    fc.assert(
      fc.property(
        fc.constantFrom(...schedules),
        fc.constantFrom("UTC", "Europe/Berlin"),
        times,
        (text, timezone, after) => {
          const due = nextDue({ schedule: text, timezone }, after) ?? Number.NaN;
          const parsed = parseSchedule(text, timezone);
          if (!parsed.ok) throw new Error(text);
          expect(due).to.be.greaterThan(after);
          expect(newestSlot(parsed.schedule, due), "a slot").to.equal(due);
          expect(newestSlot(parsed.schedule, due - 1) ?? 0, "no slot between").to.be.at.most(after);
        },
      ),
      { numRuns: runs(50) },
    );
  });

  it("is none where the last year of a schedule is over, or it cannot be read", () => {
    expect(nextDue({ schedule: "cron(0 3 1 1 ? 2025)" }, START)).to.equal(undefined);
    expect(nextDue({ schedule: "every day" }, START)).to.equal(undefined);
  });
});
