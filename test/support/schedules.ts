import { expect } from "chai";
import { newestSlot, nextSlot, parseSchedule, type Schedule } from "../../core/schedule/schedule.js";
import { changesOf, dueTimes } from "./due-times.js";

const HOUR = 3_600_000;

/**
 * Zones whose clocks do all that clocks do: gaps and repeats of an hour and of half an hour, at night, at midnight (Asuncion,
 * Beirut, Cairo, Havana, Santiago, Tehran) and up to midnight (Nuuk); winter time that is an exception (Dublin), months of it in
 * summer (Casablanca), a day that is left out (Apia, 30 December 2011), zones that gave it all up, and none.
 */
export const ZONES = [
  "UTC",
  "Africa/Cairo",
  "Africa/Casablanca",
  "America/Asuncion",
  "America/Havana",
  "America/New_York",
  "America/Nuuk",
  "America/Santiago",
  "Asia/Beirut",
  "Asia/Tehran",
  "Australia/Lord_Howe",
  "Europe/Berlin",
  "Europe/Dublin",
  "Pacific/Apia",
] as const;

/** What clocks may skip or show twice: at any hour of the night, once, in lists, ranges and steps, on certain days. */
export const SCHEDULES = [
  "cron(30 2 * * ? *)",
  "cron(30 2,14 * * ? *)",
  "cron(0,30 2 * * ? *)",
  "cron(0,30 0,23 * * ? *)",
  "cron(15/15 0-3 * * ? *)",
  "cron(* 1 ? * 7,SUN *)",
  "cron(45 0/2 * * ? *)",
  "cron(5 23 ? * SAT *)",
  "cron(10 0 30,31 * ? *)",
  "cron(0 * * * ? *)",
  "cron(7/20 0-23 * * ? *)",
  "cron(0/15 0/1 * * ? *)",
  "cron(30 * ? * SUN *)",
] as const;

/** Reads a schedule that is right. */
export function read(text: string, timezone?: string): Schedule {
  const parsed = parseSchedule(text, timezone);
  if (!parsed.ok) throw new Error(`${text}: ${parsed.problem}`);
  return parsed.schedule;
}

const says = (times: readonly number[]): string[] => times.map((time) => new Date(time).toISOString());

/** Holds the slots of a span against those that the zone's clocks show, walked forwards and backwards, and asked for between. */
export function judge(text: string, zone: string, from: number, to: number): void {
  const schedule = read(text, zone);
  const where = `${text} in ${zone}`;
  const due = dueTimes(text, zone, from, to);
  const forwards: number[] = [];
  for (let slot = nextSlot(schedule, from - 1); slot !== undefined && slot < to; slot = nextSlot(schedule, slot)) {
    forwards.push(slot);
  }
  expect(says(forwards), where).to.deep.equal(says(due));
  const backwards: number[] = [];
  for (let slot = newestSlot(schedule, to - 1); slot !== undefined && slot >= from; ) {
    backwards.push(slot);
    slot = newestSlot(schedule, slot - 1);
  }
  expect(says(backwards.toReversed()), `${where}, backwards`).to.deep.equal(says(due));
  for (const change of changesOf(zone, from, to)) {
    for (const at of [-HOUR, -1, 0, 1, HOUR / 3, HOUR / 2, HOUR - 1, HOUR].map((ms) => change + ms)) {
      if (at < from || at >= to) continue;
      const [newest, next] = [due.findLast((time) => time <= at), due.find((time) => time > at)];
      if (newest !== undefined) expect(newestSlot(schedule, at), `${where} at ${at}`).to.equal(newest);
      if (next !== undefined) expect(nextSlot(schedule, at), `${where} after ${at}`).to.equal(next);
    }
  }
}

/** Holds two days around each change of a zone's clocks against what they show. */
export function judgeChanges(text: string, zone: string, from: number, to: number): void {
  const changes = changesOf(zone, from, to);
  for (const change of changes) judge(text, zone, change - 24 * HOUR, change + 28 * HOUR);
}
