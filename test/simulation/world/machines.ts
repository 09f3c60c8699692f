import type { Member, Resource } from "../../../core/model/model.js";
import type { MemberDetail } from "../../../kinds/ebs/details.js";
import type { Disk as Ec2Disk } from "../../cloud/ec2.js";
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
  /** When its disks or its tag last changed, or it came. */
  changedAt: number;
  /** Disks it ever had: no id comes twice. */
  made: number;
}

const LETTERS = "abcdefghijklmnopqrstuvwxyz";

function diskOf({ id, kind }: MachineSpec, i: number, createdAt: number): Disk {
  if (kind === "volume") return { id, device: "", sizeGiB: 8, createdAt };
  return { id: `vol-${id.slice(2)}-${i}`, device: `/dev/sd${LETTERS[i] ?? ""}`, sizeGiB: 8, createdAt };
}

/** All machines that exist. */
export class Machines {
  readonly #dice: Dice;
  readonly #alive = new Map<string, Machine>();
  readonly #lastSeen = new Map<string, number>();

  constructor(dice: Dice) {
    this.#dice = dice;
  }

  launch(spec: MachineSpec, now: number): void {
    // A disk may be older than the machine: made from a snapshot, or taken over from another one.
    const createdAt = now - (this.#dice.chance(0.3, "old disk", spec.id) ? 30 * DAY : 0);
    const disks = Array.from({ length: spec.volumes }, (_, i) => diskOf(spec, i, createdAt));
    this.#alive.set(spec.id, { spec, disks, selected: true, tags: {}, changedAt: now, made: spec.volumes });
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

  attach(id: string, now: number): void {
    const machine = this.#alive.get(id);
    if (machine === undefined || machine.spec.kind === "volume") return;
    if (machine.made >= LETTERS.length) return;
    machine.disks = [...machine.disks, diskOf(machine.spec, machine.made, now)];
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
export const disksOf = (machine: Machine | undefined, region: string): readonly Ec2Disk[] | undefined =>
  machine?.spec.region === region
    ? machine.disks.map(({ id, sizeGiB }, i) => ({ id, sizeGiB, boot: i === 0, tags: {} }))
    : undefined;

/** A machine as a survey sees it. */
export function resourceOf(machine: Machine): Resource {
  const { spec, disks } = machine;
  const tags = tagsOf(machine);
  const volumes = disks.map(({ device, ...disk }, i): Member => {
    const detail: MemberDetail = { device, boot: spec.kind === "instance" && i === 0 };
    return { ...disk, detail, tags: {} };
  });
  return { id: spec.id, kind: spec.kind, region: spec.region, name: spec.id, tags, members: volumes };
}
