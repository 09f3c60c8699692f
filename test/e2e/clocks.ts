import { CloudWatchClient, DescribeAlarmsCommand } from "@aws-sdk/client-cloudwatch";
import { expect } from "chai";
import { names } from "../../core/names/names.js";
import { changesOf, dueTimes } from "../support/due-times.js";
import { DEPLOYMENT, type Harness, PRIMARY, until } from "./harness.js";
import { launch, snapshotsWith } from "./snapshots.js";

const MINUTE = 60_000;
const HOUR = 60 * MINUTE;
const DAY = 24 * HOUR;
const BERLIN = "Europe/Berlin";
const OFFICE = "cron(0/15 8-18 ? * MON-FRI *)";

const policy = (name: string, schedule: string, timezone?: string) => ({
  name,
  select: { key: "Clock", value: name },
  schedule,
  ...(timezone === undefined ? {} : { timezone }),
  retain: { count: 300 },
});

/** Each selects one instance, which these tests launch. */
export const CLOCK_POLICIES = [
  policy("once", "cron(30 2 * * ? *)", BERLIN),
  policy("twice", "cron(30 2,14 * * ? *)", BERLIN),
  policy("pair", "cron(0,30 2 * * ? *)", BERLIN),
  policy("office", OFFICE),
];

const iso = (time: number) => new Date(time).toISOString();

/** The night in which Berlin's clocks are put forward next, at 01:00 UTC. */
const nextGap = (after: number): number => {
  const isGap = (change: number) => dueTimes("cron(30 2 * * ? *)", BERLIN, change, change + 1).length > 0;
  return changesOf(BERLIN, after, after + 400 * DAY).find(isGap) ?? Number.NaN;
};

/** Tests of slots and alarms over pauses and changes of clocks, in an environment that is deployed with CLOCK_POLICIES too. */
export function whatClocksDo(harness: () => Harness): void {
  /** Moves the clock, and waits for what is due by then: a run that looked, and nobody at work. */
  const stopAt = async (time: number): Promise<void> => {
    const t = harness();
    const estate = await t.estate();
    await t.admin.moveClock(time);
    await until(`a run at ${iso(time)}`, 60_000, async () => {
      const busy = await estate.busy();
      const runs = (await estate.runs(time)).filter(({ region }) => region === PRIMARY);
      const { inFlight } = await t.ledger("primary").state();
      const isBusy = Object.values(inFlight).some((count) => count > 0);
      if (isBusy) await t.tick("primary");
      return [...busy, ...(runs.length === 0 ? ["no run"] : []), ...(isBusy ? ["in flight"] : [])];
    });
  };
  /** The slots that a policy made points of since then. */
  const slots = async (name: string, since: number): Promise<string[]> => {
    const made = await snapshotsWith(harness(), PRIMARY, "lockstep:policy", name);
    const times = made.map(({ tags }) => Date.parse(tags["lockstep:scheduled"] ?? ""));
    return [...new Set(times)]
      .filter((time) => time >= since)
      .toSorted((a, b) => a - b)
      .map(iso);
  };
  const alarm = async (name: string): Promise<string | undefined> => {
    const AlarmNames = [`${names(DEPLOYMENT, "primary").prefix}-rpo-${name}`];
    const cloudwatch = harness().client(CloudWatchClient, PRIMARY);
    return (await cloudwatch.send(new DescribeAlarmsCommand({ AlarmNames }))).MetricAlarms?.[0]?.StateValue;
  };
  const becomes = (name: string, wanted: string) =>
    until(`the alarm of ${name} to be ${wanted}`, 30_000, async () => {
      const state = await alarm(name);
      return state === wanted ? [] : [String(state)];
    });

  it("makes no alarm of a weekend that the schedule leaves out, and one of Monday's slots that are missed", async () => {
    const t = harness();
    for (const { select } of CLOCK_POLICIES) await launch(t, { [select.key]: select.value });
    const { ending, text } = await t.command("run --wait");
    expect(ending, text).to.equal("done");
    const now = await t.admin.now();
    const [friday = Number.NaN] = dueTimes("cron(45 18 ? * FRI *)", "UTC", now + HOUR, now + 8 * DAY);
    const monday = friday + 2 * DAY + 13 * HOUR + 15 * MINUTE;
    await stopAt(friday + MINUTE);
    await stopAt(friday + 17 * MINUTE);
    await becomes("office", "OK");
    for (const later of [25.25 * HOUR, 26.6 * HOUR, 26.85 * HOUR]) await stopAt(friday + later);
    await t.goesWrong({ calls: [{ mode: "error", action: "CreateSnapshots", code: "IncorrectState" }] });
    await stopAt(monday + MINUTE);
    expect(await slots("office", friday)).to.deep.equal([iso(friday)]);
    expect(await alarm("office")).to.equal("OK");
    await stopAt(monday + 46 * MINUTE);
    await stopAt(monday + 62 * MINUTE);
    await becomes("office", "ALARM");
    await t.goesWrong(undefined);
    await stopAt(monday + 77 * MINUTE);
    await stopAt(monday + 94 * MINUTE);
    await becomes("office", "OK");
    expect(await slots("office", friday)).to.deep.equal([friday, monday + 75 * MINUTE, monday + 90 * MINUTE].map(iso));
  });

  it("loses no slot to a night in which the clocks are put forward", async () => {
    const t = harness();
    const gap = nextGap((await t.admin.now()) + 2 * DAY);
    const before = gap - 24 * HOUR;
    await stopAt(before - 29 * MINUTE);
    await stopAt(before + 32 * MINUTE);
    await stopAt(gap - 12 * HOUR + 32 * MINUTE);
    await stopAt(gap - MINUTE);
    // The last run was two minutes ago: the next look is a quarter of an hour after it.
    await t.admin.moveClock(gap + MINUTE);
    await stopAt(gap + 31 * MINUTE);
    await stopAt(gap + 11.5 * HOUR + 2 * MINUTE);
    await stopAt(gap + 23 * HOUR + 2 * MINUTE);
    await stopAt(gap + 23.5 * HOUR + 2 * MINUTE);
    const half = 30 * MINUTE;
    const nights = [before + half, gap, gap + 23 * HOUR + half];
    expect(await slots("once", before)).to.deep.equal(nights.map(iso));
    expect(await slots("twice", before)).to.deep.equal(
      [...nights, gap - 12 * HOUR + half, gap + 11 * HOUR + half].toSorted((a, b) => a - b).map(iso),
    );
    expect(await slots("pair", before)).to.deep.equal(
      [before + half, gap, gap + 23 * HOUR, gap + 23.5 * HOUR].map(iso),
    );
  });
}
