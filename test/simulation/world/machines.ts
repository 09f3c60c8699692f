import type { Disk as CloudDisk } from "../../cloud/shelf.js";
import type { Tags } from "../../cloud/snap.js";
import type { Dice } from "../dice.js";
import { DAY, type MachineSpec } from "../scenario.js";

interface Disk {
  readonly id: string;
  readonly device: string;
  readonly sizeGiB: number;
  readonly createdAt: number;
}

/** A machine as it is now. */
export interface Machine {
  readonly spec: MachineSpec;
  disks: readonly Disk[];
  selected: boolean;
  /** Beside the one that selects it. */
  tags: Tags;
  /** How many updates of it are under way, as a survey sees it. */
  updates: number;
  /** What is asked for before that begins then. */
  queuedUntil: number;
  /** When its disks or its tag last changed, or it came. */
  changedAt: number;
  /** Disks it ever had: no id comes twice. */
  made: number;
}

/** The n-th thing that a resource consists of; undefined where there is no more to it. */
type PartOf = (spec: MachineSpec, n: number) => Pick<Disk, "id" | "device"> | undefined;

/** All machines that exist. */
export class Machines {
  readonly #dice: Dice;
  readonly #partOf: PartOf;
  readonly #alive = new Map<string, Machine>();
  readonly #lastSeen = new Map<string, number>();

  constructor(dice: Dice, partOf: PartOf) {
    this.#dice = dice;
    this.#partOf = partOf;
  }

  #disk(spec: MachineSpec, n: number, createdAt: number): readonly Disk[] {
    const part = this.#partOf(spec, n);
    return part === undefined ? [] : [{ ...part, sizeGiB: 8, createdAt }];
  }

  launch(spec: MachineSpec, now: number): void {
    // A disk may be older than the machine: made from a snapshot, or taken over from another one.
    const createdAt = now - (this.#dice.chance(0.3, "old disk", spec.id) ? 30 * DAY : 0);
    const disks = Array.from({ length: spec.volumes }, (_, i) => this.#disk(spec, i, createdAt)).flat();
    this.#alive.set(spec.id, {
      spec,
      disks,
      selected: true,
      tags: {},
      updates: 0,
      queuedUntil: 0,
      changedAt: now,
      made: spec.volumes,
    });
  }

  terminate(id: string, now: number): void {
    if (this.#alive.delete(id)) this.#lastSeen.set(id, now);
  }

  select(id: string, selected: boolean, now: number): void {
    const machine = this.#alive.get(id);
    if (machine === undefined) return;
    machine.selected = selected;
    machine.changedAt = now;
  }

  tag(id: string, tags: Tags, now: number): void {
    const machine = this.#alive.get(id);
    if (machine === undefined) return;
    machine.tags = tags;
    machine.changedAt = now;
  }

  /** An update of it begins, or ends. */
  update(id: string, begins: boolean): void {
    const machine = this.#alive.get(id);
    if (machine !== undefined) machine.updates = Math.max(0, machine.updates + (begins ? 1 : -1));
  }

  queue(id: string, until: number): void {
    const machine = this.#alive.get(id);
    if (machine !== undefined) machine.queuedUntil = Math.max(machine.queuedUntil, until);
  }

  attach(id: string, now: number): void {
    const machine = this.#alive.get(id);
    const more = machine === undefined ? [] : this.#disk(machine.spec, machine.made, now);
    if (machine === undefined || more.length === 0) return;
    machine.disks = [...machine.disks, ...more];
    machine.made += 1;
    machine.changedAt = now;
  }

  detach(id: string, now: number): void {
    const machine = this.#alive.get(id);
    if (machine === undefined || machine.disks.length < 3) return;
    machine.disks = machine.disks.slice(0, -1);
    machine.changedAt = now;
  }

  get(id: string): Machine | undefined {
    return this.#alive.get(id);
  }

  *in(region: string): Generator<Machine> {
    for (const machine of this.#alive.values()) if (machine.spec.region === region) yield machine;
  }

  /** When it was last there; undefined if it never was. */
  lastSeen(id: string, now: number): number | undefined {
    return this.#alive.has(id) ? now : this.#lastSeen.get(id);
  }
}

/** All tags of a machine. */
export const tagsOf = ({ spec, selected, tags }: Machine): Tags => ({
  ...tags,
  ...(selected && { Backup: spec.policy }),
});

/** What snapshots of a machine are made of, in its region. */
export const disksOf = (machine: Machine | undefined, region: string): readonly CloudDisk[] | undefined =>
  machine?.spec.region === region
    ? machine.disks.map(({ id, sizeGiB }, i) => ({ id, sizeGiB, boot: i === 0, tags: {} }))
    : undefined;
