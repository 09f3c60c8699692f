import { mkdirSync, readFileSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { join } from "node:path";
import type { Group, Schedule } from "./model.js";

interface Saved {
  readonly schedules: readonly Schedule[];
  readonly groups: readonly Group[];
}

const keyOf = (region: string, ...names: readonly string[]) => [region, ...names].join("/");

/** Schedules and groups of all regions, written to disk at each change. */
export class Store {
  readonly #file: string;
  readonly #schedules = new Map<string, Schedule>();
  readonly #groups = new Map<string, Group>();

  constructor(stateDir: string) {
    mkdirSync(stateDir, { recursive: true });
    this.#file = join(stateDir, "schedules.json");
    const saved = read(this.#file);
    for (const schedule of saved.schedules)
      this.#schedules.set(keyOf(schedule.region, schedule.group, schedule.name), schedule);
    for (const group of saved.groups) this.#groups.set(keyOf(group.region, group.name), group);
  }

  schedule(region: string, group: string, name: string): Schedule | undefined {
    return this.#schedules.get(keyOf(region, group, name));
  }

  /** All of a region by name, or all. */
  schedules(region?: string): Schedule[] {
    const all = [...this.#schedules.values()].filter((schedule) => region === undefined || schedule.region === region);
    return all.sort((a, b) => (a.group === b.group ? compare(a.name, b.name) : compare(a.group, b.group)));
  }

  putSchedule(schedule: Schedule): void {
    this.#schedules.set(keyOf(schedule.region, schedule.group, schedule.name), schedule);
    this.#save();
  }

  deleteSchedule({ region, group, name }: Schedule): void {
    this.#schedules.delete(keyOf(region, group, name));
    this.#save();
  }

  group(region: string, name: string): Group | undefined {
    return this.#groups.get(keyOf(region, name));
  }

  groups(region: string): Group[] {
    return [...this.#groups.values()]
      .filter((group) => group.region === region)
      .sort((a, b) => compare(a.name, b.name));
  }

  putGroup(group: Group): void {
    this.#groups.set(keyOf(group.region, group.name), group);
    this.#save();
  }

  /** Deletes the group and its schedules. */
  deleteGroup({ region, name }: Group): void {
    for (const schedule of this.schedules(region)) {
      if (schedule.group === name) this.#schedules.delete(keyOf(region, name, schedule.name));
    }
    this.#groups.delete(keyOf(region, name));
    this.#save();
  }

  clear(): void {
    this.#schedules.clear();
    this.#groups.clear();
    rmSync(this.#file, { force: true });
  }

  #save(): void {
    const saved: Saved = { schedules: [...this.#schedules.values()], groups: [...this.#groups.values()] };
    writeFileSync(`${this.#file}.new`, JSON.stringify(saved));
    renameSync(`${this.#file}.new`, this.#file);
  }
}

function compare(a: string, b: string): number {
  return a < b ? -1 : a > b ? 1 : 0;
}

function read(file: string): Saved {
  try {
    // Only this class writes the file.
    return JSON.parse(readFileSync(file, "utf8")) as Saved;
  } catch (error) {
    if (error instanceof Error && "code" in error && error.code === "ENOENT") return { schedules: [], groups: [] };
    throw new Error(`${file} cannot be read`, { cause: error });
  }
}
