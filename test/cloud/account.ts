import type { EC2Client, Image, Instance, LockedSnapshotsInfo, Snapshot, Volume } from "@aws-sdk/client-ec2";
import { change } from "./changes.js";
import { actionOf, clientIn, type Input } from "./client.js";
import { describeIn, type Region } from "./describe.js";
import { type Disk, Ec2 } from "./ec2.js";
import { awsError } from "./errors.js";
import { locksOf, plainTags, snapshotOf } from "./shown.js";
import type { Snap } from "./snap.js";

/** What a region has when a test begins, as EC2 describes it, and what goes wrong there. */
export interface Given {
  readonly snapshots?: readonly object[];
  readonly images?: readonly object[];
  readonly locks?: readonly object[];
  readonly instances?: readonly object[];
  readonly volumes?: readonly object[];
  /** Throws where a call fails, or answers in EC2's place. */
  readonly fault?: (action: string, input: Input) => unknown;
  /** Whether a call is carried out, and its answer lost. */
  readonly loses?: (action: string, input: Input) => boolean;
}

interface Call {
  readonly region: string;
  readonly action: string;
  readonly input: Input;
}

interface Options {
  readonly now?: () => number;
  /** Items on a page. */
  readonly page?: number;
}

/** Of what a region was given the types are EC2's. */
interface Held {
  readonly images: readonly Image[];
  readonly locks: readonly LockedSnapshotsInfo[];
  readonly instances: readonly Instance[];
  readonly volumes: readonly Volume[];
}

/** An account with these regions, in which calls are carried out at once and snapshots are whole from the first moment on. */
export class Account {
  readonly model: Ec2;
  readonly calls: Call[] = [];
  /** Whether what is made is whole at once; else it stays pending. */
  isQuick = true;
  readonly #now: () => number;
  readonly #page: number;
  readonly #given: Readonly<Record<string, Given>>;

  constructor(given: Readonly<Record<string, Given>>, { now = Date.now, page = 1000 }: Options = {}) {
    this.#given = given;
    this.#now = now;
    this.#page = page;
    this.model = new Ec2({ now, disks: (region, resource) => disksOf(this.#held(region), resource) }, (fresh) => fresh);
    for (const [region, { snapshots = [] }] of Object.entries(given)) {
      const held = this.#held(region);
      for (const snapshot of snapshots) place(this.model, region, snapshot, held);
    }
  }

  /** A client of a region. */
  readonly ec2 = (region: string): EC2Client =>
    clientIn(region, async (command) => {
      const [action, input] = [actionOf(command), command.input];
      this.calls.push({ region, action, input });
      const { fault, loses } = this.#given[region] ?? {};
      const instead = await fault?.(action, input);
      if (instead !== undefined) return instead;
      if (action.startsWith("Describe")) return describeIn(this.#shown(region), command, this.#page);
      const answer = change(this.model.at(region), command);
      if (this.isQuick) this.endAll(region);
      if (loses?.(action, input)) throw awsError("TimeoutError", "the answer was lost");
      return answer;
    });

  /** What is pending in a region becomes whole. */
  endAll(region: string): void {
    for (const snap of this.model.in(region).values())
      if (snap.state === "pending" && snap.given === undefined) this.model.end(snap);
  }

  #held(region: string): Held {
    const { images = [], locks = [], instances = [], volumes = [] } = this.#given[region] ?? {};
    return { images, locks, instances, volumes };
  }

  #shown(region: string): Region {
    const { images, locks, instances, volumes } = this.#held(region);
    const snaps = () => [...this.model.in(region).values()];
    const isGiven = new Set(locks.map(({ SnapshotId }) => SnapshotId));
    return {
      snapshots: () => snaps().map(snapshotOf),
      images: () => images,
      locks: () => [
        ...locks,
        ...locksOf(
          snaps().filter(({ id }) => !isGiven.has(id)),
          this.#now(),
        ),
      ],
      instances: () => instances,
      volumes: () => volumes,
    };
  }
}

function place(model: Ec2, region: string, given: Snapshot, { images, locks }: Held): void {
  const { SnapshotId = "", VolumeId = "", VolumeSize = 0, StartTime, State, Tags, TransferType } = given;
  const state = State === "pending" || State === "error" ? State : "completed";
  const snap: Snap = model.place({
    ...{ region, id: SnapshotId, volume: VolumeId, sizeGiB: VolumeSize, tags: plainTags(Tags), state, given },
    ...(StartTime && { startedAt: StartTime.getTime() }),
    ...(TransferType && { transfer: TransferType }),
  });
  for (const { ImageId = "", BlockDeviceMappings = [] } of images)
    if (BlockDeviceMappings.some(({ Ebs }) => Ebs?.SnapshotId === snap.id)) snap.images.add(ImageId);
  const lock = locks.find((one) => one.SnapshotId === snap.id);
  if (lock !== undefined) snap.lockedUntil = lock.LockExpiresOn?.getTime() ?? Number.POSITIVE_INFINITY;
}

/** What is attached to an instance, or a volume by itself. */
function disksOf({ instances, volumes }: Held, resource: string): readonly Disk[] | undefined {
  const diskOf = ({ VolumeId = "", Size = 0, Tags }: Volume, boot: boolean): Disk => ({
    id: VolumeId,
    sizeGiB: Size,
    boot,
    tags: plainTags(Tags),
  });
  const instance = instances.find(({ InstanceId }) => InstanceId === resource);
  if (instance === undefined) {
    const volume = volumes.find(({ VolumeId }) => VolumeId === resource);
    return volume && [diskOf(volume, false)];
  }
  return volumes.flatMap((volume) =>
    (volume.Attachments ?? []).flatMap(({ InstanceId, Device }) =>
      InstanceId === resource ? [diskOf(volume, Device === instance.RootDeviceName)] : [],
    ),
  );
}
