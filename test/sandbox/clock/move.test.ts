import { spawnSync } from "node:child_process";
import { mkdtempSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join } from "node:path";
import { expect } from "chai";
import fc from "fast-check";
import { Clock } from "../../../sandbox/clock/clock.js";
import { BadMove, targetOf } from "../../../sandbox/clock/move.js";
import { Mover } from "../../../sandbox/clock/mover.js";
import type { Schedule } from "../../../sandbox/scheduler/model.js";
import { dueAfter, newestDue } from "../../../sandbox/scheduler/timer.js";
import { runs } from "../../support/chance.js";

const NOW = Date.UTC(2027, 0, 31, 3);
const HOUR = 3_600_000;
const DAY = 24 * HOUR;

describe("a move of the clock", () => {
  it("is a span or a time with its zone", () => {
    const ahead = (text: string) => targetOf(text, NOW) - NOW;
    expect(ahead("+3d")).to.equal(3 * DAY);
    expect(ahead("+1w1d12h30m5s")).to.equal(8 * DAY + 12.5 * HOUR + 5000);
    expect(ahead("2027-01-31T05:00:00+01:00")).to.equal(HOUR);
    expect(ahead("2027-01-31T03:00:00Z"), "to where it is").to.equal(0);
  });

  it("is refused where it is anything else, goes back or too far", () => {
    for (const [text, why] of [
      ["3d", "give a span as +3d"],
      ["+3", "give a span as +3d"],
      ["+", "give a span as +3d"],
      ["+1.5d", "give a span as +3d"],
      ["+-1d", "give a span as +3d"],
      ["-1h", "give a span as +3d"],
      ["tomorrow", "give a span as +3d"],
      ["2027-02-01T03:00:00", "a time with its zone"],
      ["2027-02-30T03:00:00Z", "a time with its zone"],
      ["2027-01-31T02:59:59Z", "goes forward only"],
      ["+10000w", "up to the year 2199"],
      ["2200-01-01T00:00:00Z", "up to the year 2199"],
    ] as const) {
      expect(() => targetOf(text, NOW), text).to.throw(BadMove, why);
    }
  });
});

describe("the clock in a worker", () => {
  let folder: string;
  let clock: Clock;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lockstep-clock-"));
    clock = new Clock(join(folder, "clock"));
  });
  afterEach(() => {
    clock.close();
    rmSync(folder, { recursive: true });
  });

  const worker = (script: string): unknown => {
    const shim = join(__dirname, "..", "..", "..", "sandbox", "clock", "worker.cjs");
    const start = `const at = performance.now(); require(${JSON.stringify(shim)})(${JSON.stringify(clock.file)});`;
    const { stdout, stderr } = spawnSync(process.execPath, ["-e", `${start} ${script}`], { encoding: "utf8" });
    if (stderr) throw new Error(stderr);
    return JSON.parse(stdout);
  };

  it("keeps how far it is ahead", () => {
    clock.set(3 * DAY);
    const again = new Clock(clock.file);
    expect(again.offset).to.equal(3 * DAY);
    expect(again.now() - Date.now()).to.be.within(3 * DAY - 1000, 3 * DAY);
    again.close();
  });

  it("moves every way to ask Date for the time, and nothing else of it", () => {
    clock.set(3 * DAY);
    const seen = worker(`
      class Mine extends Date {}
      const date = new Date();
      console.log(JSON.stringify({
        times: [Date.now(), date.getTime(), new Mine().getTime(), Date.parse(Date()), Reflect.construct(Date, []).getTime()],
        same: [
          date instanceof Date, date.constructor === Date, new Mine() instanceof Mine, Date.name === "Date", Date.length === 7,
          Object.prototype.toString.call(date) === "[object Date]",
        ],
        given: [new Date(5).getTime(), new Date(2020, 0).getFullYear(), Date.UTC(1970, 0), Date.parse("1970-01-01T00:00:00Z")],
        nothing: new Date(undefined).getTime(),
      }));
    `) as { times: number[]; same: boolean[]; given: number[]; nothing: unknown };
    for (const time of seen.times) expect(Date.now() + 3 * DAY - time).to.be.within(-1000, 60_000);
    expect(seen.same).to.not.include(false);
    expect(seen.given).to.deep.equal([5, 2020, 0, 0]);
    expect(seen.nothing, "an invalid date").to.equal(null);
  });

  it("leaves timers alone", () => {
    clock.set(365 * DAY);
    const took = worker("setTimeout(() => console.log(performance.now() - at), 30);");
    expect(took).to.be.within(29, 60_000);
  });
});

describe("schedules under a jump", () => {
  const schedule = (ScheduleExpression: string, more: Partial<Schedule> = {}): Schedule => ({
    ScheduleExpression,
    ScheduleExpressionTimezone: "Europe/Berlin",
    State: "ENABLED",
    ActionAfterCompletion: "NONE",
    FlexibleTimeWindow: { Mode: "OFF" },
    Target: { Arn: "", RoleArn: "", RetryPolicy: { MaximumEventAgeInSeconds: 60, MaximumRetryAttempts: 0 } },
    region: "eu-central-1",
    group: "default",
    name: "one",
    createdAt: NOW,
    changedAt: NOW,
    ...more,
  });
  /** By looking at every one. */
  const oneByOne = (one: Schedule, due: number, now: number) => {
    let newest = due;
    let next = dueAfter(one, due);
    for (; next !== undefined && next <= now; next = dueAfter(one, newest)) newest = next;
    return { newest, next };
  };

  it("are due for their latest time", () => {
    const expressions = [
      "rate(7 minutes)",
      "rate(1 day)",
      "cron(0 3 * * ? *)",
      "cron(0/20 2-4 ? * SUN *)",
      "cron(15 10 L * ? *)",
      "at(2027-02-03T10:00:00)",
    ];
    fc.assert(
      fc.property(
        fc.constantFrom(...expressions),
        fc.integer({ min: 0, max: 90 * DAY }),
        fc.option(fc.integer({ min: 1, max: 60 * DAY }), { nil: undefined }),
        (expression, jump, ends) => {
          const one = schedule(expression, ends === undefined ? {} : { EndDate: NOW + ends });
          const due = dueAfter(one, NOW - 1);
          if (due === undefined || due > NOW + jump) return;
          expect(newestDue(one, due, NOW + jump)).to.deep.equal(oneByOne(one, due, NOW + jump));
        },
      ),
      { numRuns: runs(60) },
    );
  });

  it("are found after years of minutes without counting them", () => {
    const one = schedule("cron(* * * * ? *)");
    const now = NOW + 20 * 365 * DAY;
    expect(newestDue(one, NOW, now + 30_000)).to.deep.equal({ newest: now, next: now + 60_000 });
  });
});

describe("the mover", () => {
  let folder: string;
  let clock: Clock;
  beforeEach(() => {
    folder = mkdtempSync(join(tmpdir(), "lockstep-clock-"));
    clock = new Clock(join(folder, "clock"));
  });
  afterEach(() => {
    clock.close();
    rmSync(folder, { recursive: true });
  });

  /** A world with one schedule that is due each hour. */
  const world = () => {
    const steps: string[] = [];
    const began = Date.now();
    let due = began + HOUR;
    const hours = (time: number) => Math.floor((time - began) / HOUR);
    const mover = new Mover(clock, {
      tellEmulator: async (offset) => void steps.push(`emulator ${Math.round(offset / HOUR)}`),
      invocations: async () => 0,
      settle: () => void steps.push(`settle ${hours(clock.now())}`),
      nextDue: () => due,
      countUntil: (time, most) => Math.min(most, Math.max(0, hours(time) - hours(due) + 1)),
      fireDue: async () => {
        if (due > clock.now()) return [];
        const at = began + hours(clock.now()) * HOUR;
        due = at + HOUR;
        steps.push(`fire ${hours(at)}`);
        return [{ schedule: "hourly", at }];
      },
    });
    return { mover, steps, began };
  };

  it("tells the emulator, ends what is due, then fires each schedule once", async () => {
    const { mover, steps, began } = world();
    const { fired, offsetMs } = await mover.move("+3h", false);
    expect(steps).to.deep.equal(["emulator 3", "settle 3", "fire 3"]);
    expect(fired).to.deep.equal([{ schedule: "hourly", at: new Date(began + 3 * HOUR).toISOString() }]);
    expect(offsetMs).to.be.within(3 * HOUR - 1000, 3 * HOUR);
  });

  it("stops at each time that is due in a replay", async () => {
    const { mover, steps } = world();
    const { fired } = await mover.move("+3h30m", true);
    expect(fired).to.have.length(3);
    expect(steps.filter((step) => step.startsWith("fire"))).to.deep.equal(["fire 1", "fire 2", "fire 3"]);
    expect(clock.now() - Date.now()).to.be.within(3.5 * HOUR - 1000, 3.5 * HOUR);
  });

  it("makes one move after the other", async () => {
    const { mover, steps } = world();
    await Promise.all([mover.move("+1h", false), mover.move("+1h", false)]);
    expect(steps.filter((step) => step.startsWith("emulator"))).to.deep.equal(["emulator 1", "emulator 2"]);
  });

  it("moves nothing where it refuses, and goes on afterwards", async () => {
    const { mover, steps } = world();
    const why = (move: Promise<unknown>) => move.then(String, (error: Error) => error.message);
    expect(await why(mover.move("+2w1s", false).then(() => mover.move("2020-01-01T00:00:00Z", false)))).to.contain(
      "forward only",
    );
    const before = steps.length;
    expect(await why(mover.move("+10001h", true))).to.contain("more than 10000 times");
    expect(steps).to.have.length(before);
    expect((await mover.move("+1h", false)).fired).to.have.length(1);
  });
});
