import { TAG, TAG_NAMES } from "../../../core/names/tags.js";
import { isAnswer } from "../../cloud/errors.js";
import { isLocked, type Tags } from "../../cloud/snap.js";
import type { Watch } from "../promises/watch.js";
import type { Trouble, TroubleOf } from "../scenario.js";
import type { Cloud } from "./cloud.js";
import type { Snap } from "./snap.js";

const without = (tags: Tags, key: string): Tags =>
  Object.fromEntries(Object.entries(tags).filter(([name]) => name !== key));

/** Tags of what others make; those of the services nobody else can write. */
const TAGS_OF: Readonly<Record<TroubleOf<"theirs">["maker"], (at: number) => Tags>> = {
  script: (at) => ({ Name: `nightly ${at}`, CreatedBy: "script" }),
  dlm: () => ({ "aws:dlm:lifecycle-policy-id": "policy-0123456789abcdef0", "dlm:managed": "true" }),
  "aws-backup": () => ({ "aws:backup:source-resource": "arn:aws:ec2:::volume" }),
  keeper: () => ({ [TAG_NAMES.keepForever]: "audit" }),
  unwanted: () => ({ Backup: "No" }),
};

/** Carries out what people do. What they undo later is remembered here. */
export class People {
  readonly #cloud: Cloud;
  readonly #watch: Watch;
  readonly #undo = new Map<string, () => void>();

  constructor(cloud: Cloud, watch: Watch) {
    this.#cloud = cloud;
    this.#watch = watch;
  }

  begin(deed: Trouble): void {
    const { machines, engine, weather } = this.#cloud;
    if ("machine" in deed && machines.get(deed.machine) !== undefined) weather.feel(deed.kind);
    switch (deed.kind) {
      case "unselect":
        machines.select(deed.machine, false, engine.now);
        this.#undo.set(deed.id, () => machines.select(deed.machine, true, engine.now));
        break;
      case "updating":
        machines.queue(deed.machine, deed.until);
        if (!deed.seen) break;
        machines.update(deed.machine, true);
        this.#undo.set(deed.id, () => machines.update(deed.machine, false));
        break;
      case "override":
        machines.tag(deed.machine, deed.tags, engine.now);
        this.#undo.set(deed.id, () => machines.tag(deed.machine, {}, engine.now));
        break;
      case "theirs":
        this.#makeTheirs(deed);
        break;
      case "attach":
        machines.attach(deed.machine, engine.now);
        break;
      case "detach":
        machines.detach(deed.machine, engine.now);
        break;
      default:
        if ("nth" in deed) this.#withSnapshot(deed);
    }
  }

  end(deed: Trouble): void {
    this.#undo.get(deed.id)?.();
    this.#undo.delete(deed.id);
  }

  #makeTheirs({ id, volume, maker, fails, at }: TroubleOf<"theirs">): void {
    const { machines, engine, weather } = this.#cloud;
    const region = machines.get(volume)?.spec.region;
    if (region === undefined || weather.isOut(region)) return;
    weather.feel("theirs");
    const snap = this.#cloud.addTheirs(region, id, volume, TAGS_OF[maker](at), fails);
    // Who has a schedule deletes its own by it; of the others, what nobody takes in.
    this.#undo.set(id, () => {
      const isTheirs = maker === "dlm" || maker === "aws-backup" || snap.mark === undefined;
      if (!isTheirs || snap.deletedAt !== undefined || snap.images.size > 0 || isLocked(snap, engine.now)) return;
      this.#watch.touch(snap);
      this.#cloud.delete(undefined, region, snap.id);
    });
  }

  #withSnapshot(deed: Extract<Trouble, { nth: number }>): void {
    const snap = this.#nth(deed.region, deed.nth);
    if (snap === undefined || this.#cloud.weather.isOut(deed.region)) return;
    this.#cloud.weather.feel(deed.kind);
    switch (deed.kind) {
      case "delete":
        if (snap.images.size > 0 || isLocked(snap, this.#cloud.engine.now)) return;
        this.#watch.touch(snap);
        this.#delete(deed.region, snap.id);
        break;
      case "keep-forever":
        this.#change(snap, () => ({ ...snap.tags, [TAG_NAMES.keepForever]: "yes" }));
        this.#undo.set(deed.id, () => this.#change(snap, () => without(snap.tags, TAG_NAMES.keepForever)));
        break;
      case "lock":
        for (const one of this.#siblings(snap))
          this.#change(one, (locked) => {
            locked.lockedUntil = Math.max(locked.lockedUntil, deed.until);
            return locked.tags;
          });
        break;
      case "image":
        this.#image(deed.id, this.#siblings(snap));
        break;
      case "untag":
      case "retag": {
        const { key } = deed;
        const value = snap.tags[key];
        if (value === undefined) return;
        const changed = deed.kind === "untag" ? without(snap.tags, key) : { ...snap.tags, [key]: `${value}-by-hand` };
        // Whatever it says of the rule that it was made under, it is still one of ours that can be placed.
        this.#change(snap, () => changed, key !== TAG.retain);
        snap.misled = deed.kind === "retag" && (key === TAG.source || key === TAG.member);
        this.#undo.set(deed.id, () => {
          this.#change(snap, () => ({ ...snap.tags, [key]: value }), false);
          snap.misled = false;
        });
        break;
      }
      case "share":
        this.#cloud.event(snap, "shareSnapshot");
        break;
      case "foreign":
        this.#cloud.addForeign(deed.region, deed.id, snap.volume, {
          RestoredFor: snap.mark?.resource ?? "",
          Owner: snap.mark?.point ?? "",
        });
        break;
      case "hand-copy":
        this.#cloud.addForeign(deed.region, deed.id, "vol-ffffffff", deed.tags ? snap.tags : {}, snap);
        break;
    }
  }

  /** What AWS will not let go stays. */
  #delete(region: string, id: string): void {
    try {
      this.#cloud.delete(undefined, region, id);
    } catch (error) {
      if (!isAnswer(error)) throw error;
    }
  }

  #image(id: string, snaps: readonly Snap[]): void {
    const image = `ami-${id}`;
    const change = (how: (images: Set<string>) => void): void => {
      for (const snap of snaps) {
        how(snap.images);
        this.#change(snap, () => snap.tags);
      }
    };
    change((images) => images.add(image));
    this.#undo.set(id, () => change((images) => images.delete(image)));
  }

  #change(snap: Snap, tags: (snap: Snap) => Tags, tampered = snap.tampered): void {
    this.#watch.touch(snap);
    snap.tags = tags(snap);
    snap.tampered = tampered;
    if (snap.deletedAt === undefined) this.#cloud.changed(snap);
  }

  /** All snapshots of the same point in the same region. */
  #siblings(snap: Snap): readonly Snap[] {
    return [...this.#cloud.in(snap.region).values()].filter(
      ({ mark }) => mark !== undefined && mark.point === snap.mark?.point,
    );
  }

  /** The n-th of Lockstep's completed snapshots in a region, in an order that does not depend on ids. */
  #nth(region: string, nth: number): Snap | undefined {
    const ours = [...this.#cloud.in(region).values()].filter(
      ({ mark, tampered, state }) => mark !== undefined && !tampered && state === "completed",
    );
    const order = (a: Snap, b: Snap): number =>
      (b.mark?.scheduled ?? 0) - (a.mark?.scheduled ?? 0) || (a.key < b.key ? -1 : 1);
    return ours.sort(order)[nth % Math.max(1, ours.length)];
  }
}
