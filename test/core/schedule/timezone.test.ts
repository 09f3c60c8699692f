import { expect } from "chai";
import fc from "fast-check";
import { isTimezone, newestSlot, parseSchedule, type Schedule } from "../../../core/schedule/schedule.js";
import { runs } from "../../support/chance.js";
import { instance, only, plan, policy, world } from "../worlds.js";

const BERLIN = "Europe/Berlin";

function read(text: string, timezone: string): Schedule {
  const parsed = parseSchedule(text, timezone);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem}`);
  return parsed.schedule;
}

const slotAt = (text: string, timezone: string, now: string): string | undefined => {
  const slot = newestSlot(read(text, timezone), Date.parse(now));
  return slot === undefined ? undefined : new Date(slot).toISOString();
};

/** Every slot that anybody could see who looks each minute. */
function slotsBetween(text: string, timezone: string, from: string, to: string): string[] {
  const schedule = read(text, timezone);
  const seen = new Set<string>();
  for (let now = Date.parse(from); now < Date.parse(to); now += 60_000) {
    const slot = newestSlot(schedule, now);
    if (slot !== undefined && slot >= Date.parse(from)) seen.add(new Date(slot).toISOString());
  }
  return [...seen];
}

describe("schedule in a time zone", () => {
  // In 2026 Berlin goes to summer time on 29 March at 01:00 UTC and back on 25 October at 01:00 UTC.
  it("is due at the local time, in winter and in summer", () => {
    expect(slotAt("cron(0 3 * * ? *)", BERLIN, "2026-01-15T12:00:00Z")).to.equal("2026-01-15T02:00:00.000Z");
    expect(slotAt("cron(0 3 * * ? *)", BERLIN, "2026-07-15T12:00:00Z")).to.equal("2026-07-15T01:00:00.000Z");
    expect(slotAt("cron(30 6 * * ? *)", "Asia/Kolkata", "2026-07-15T12:00:00Z")).to.equal("2026-07-15T01:00:00.000Z");
    // Monday in Auckland while it is still Sunday in UTC.
    expect(slotAt("cron(0 8 ? * MON *)", "Pacific/Auckland", "2026-11-22T20:00:00Z")).to.equal(
      "2026-11-22T19:00:00.000Z",
    );
  });

  it("does not lose the day whose time is skipped: it is due right after the gap", () => {
    expect(slotsBetween("cron(30 2 * * ? *)", BERLIN, "2026-03-28T00:00:00Z", "2026-03-31T00:00:00Z")).to.deep.equal([
      "2026-03-28T01:30:00.000Z",
      "2026-03-29T01:00:00.000Z",
      "2026-03-30T00:30:00.000Z",
    ]);
  });

  it("is due once on the day whose time comes twice", () => {
    expect(slotsBetween("cron(30 2 * * ? *)", BERLIN, "2026-10-24T00:00:00Z", "2026-10-27T00:00:00Z")).to.deep.equal([
      "2026-10-24T00:30:00.000Z",
      "2026-10-25T00:30:00.000Z",
      "2026-10-26T01:30:00.000Z",
    ]);
  });

  it("every 15 minutes leaves no gap on either night", () => {
    for (const night of ["2026-03-29", "2026-10-25"]) {
      const slots = slotsBetween("cron(0/15 * * * ? *)", BERLIN, `${night}T00:00:00Z`, `${night}T04:00:00Z`);
      expect(slots, night).to.have.length(16);
    }
  });

  it("in a zone of half hours too", () => {
    // Lord Howe Island goes from +11 to +10:30 on 5 April 2026 at 15:00 UTC the day before.
    expect(
      slotsBetween("cron(45 1 * * ? *)", "Australia/Lord_Howe", "2026-04-03T00:00:00Z", "2026-04-06T00:00:00Z"),
    ).to.deep.equal(["2026-04-03T14:45:00.000Z", "2026-04-04T14:45:00.000Z", "2026-04-05T15:15:00.000Z"]);
  });

  it("means nothing to a rate, which counts from the epoch", () => {
    fc.assert(
      fc.property(fc.integer({ min: 0, max: 4e12 }), fc.constantFrom("rate(1 minute)", "rate(1 day)"), (now, text) => {
        expect(newestSlot(read(text, BERLIN), now)).to.equal(newestSlot(read(text, "UTC"), now));
      }),
    );
  });

  it("gives the newest slot: due at it, none between it and now, stable until the next, in every zone", () => {
    const zones = [BERLIN, "America/New_York", "Australia/Lord_Howe", "America/St_Johns", "Africa/Casablanca", "UTC"];
    const texts = ["cron(30 2 * * ? *)", "cron(0/20 * * * ? *)", "cron(0 0 1 * ? *)", "cron(15 1,3 ? * SUN *)"];
    // Around the changes of 2026, where mistakes live.
    const instants = ["2026-03-29T01:00Z", "2026-10-25T01:00Z", "2026-03-08T07:00Z", "2026-11-01T06:00Z"].map(
      Date.parse,
    );
    const near = fc.tuple(fc.constantFrom(...instants), fc.integer({ min: -5 * 3_600_000, max: 5 * 3_600_000 }));
    fc.assert(
      fc.property(fc.constantFrom(...zones), fc.constantFrom(...texts), near, (zone, text, [at, off]) => {
        const schedule = read(text, zone);
        const now = at + off;
        const slot = newestSlot(schedule, now);
        if (slot === undefined) return false;
        const before = newestSlot(schedule, slot - 1);
        return slot <= now && newestSlot(schedule, slot) === slot && before !== undefined && before < slot;
      }),
      { numRuns: runs(300) },
    );
  });

  it("knows zones as the IANA database spells them, and nothing else", () => {
    const right = [
      "UTC",
      BERLIN,
      "America/Argentina/Buenos_Aires",
      "Asia/Kolkata",
      "Etc/GMT+5",
      "America/Port-au-Prince",
    ];
    for (const zone of right) expect(isTimezone(zone), zone).to.equal(true);
    const wrong = [
      "",
      "europe/berlin",
      "Europe/Atlantis",
      "Berlin",
      "+01:00",
      "CEST",
      "Europe/Berlin ",
      "local",
      "A/B/C/D",
    ];
    for (const zone of wrong) expect(isTimezone(zone), zone).to.equal(false);
    expect(parseSchedule("rate(1 hour)", "Mars/Olympus")).to.deep.include({ ok: false });
  });
});

describe("planner: a policy in a time zone", () => {
  it("makes the point of the local night, and says in which zone", () => {
    const policies = [policy({ schedule: "cron(0 3 * * ? *)", timezone: "America/New_York", copy: [] })];
    const now = Date.parse("2026-07-15T07:05:00Z");
    const [create] = only(plan(world({ policies, now })), "create");
    expect(create).to.include({
      scheduled: Date.parse("2026-07-15T07:00:00Z"),
      reason: "due by cron(0 3 * * ? *) in America/New_York",
    });
  });

  it("makes a point each minute where a policy wants that", () => {
    const policies = [policy({ schedule: "rate(1 minute)", copy: [] })];
    const slots = [0, 59_999, 60_000].map((ms) => {
      const now = Date.parse("2026-07-15T07:05:00Z") + ms;
      return only(plan(world({ policies, now, resources: [instance("i-1")] })), "create")[0]?.scheduled;
    });
    expect(slots.map((slot) => slot && new Date(slot).toISOString().slice(11, 19))).to.deep.equal([
      "07:05:00",
      "07:05:00",
      "07:06:00",
    ]);
  });
});
