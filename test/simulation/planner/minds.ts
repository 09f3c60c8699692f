import type { Action, Copy, Create, Inventory } from "../../../core/model/model.js";
import type { Tags } from "../../cloud/snap.js";
import type { Run, Snap } from "../world/snap.js";

export type Plan = (worlds: readonly Inventory[]) => Action[];

/** What may be replaced to plant a mistake; what is absent is right. */
export interface Minds {
  /** What is made of what a survey saw. */
  readonly see?: (worlds: readonly Inventory[], run: Run) => readonly Inventory[];
  readonly decide?: (worlds: readonly Inventory[], plan: Plan, run: Run) => Action[];
  /** What a snapshot's tags are taken for. */
  readonly read?: (tags: Tags) => Tags;
  /** What artifacts of others are taken for. */
  readonly take?: (snap: Snap) => Snap;
  /** What a call is known by to AWS, where it is by something. */
  readonly token?: (action: Create | Copy) => string;
  /** Whether what is to be made is claimed and looked up first. @default yes */
  readonly asksFirst?: boolean;
  /** Whether it looks without being told by a schedule or an event. @default yes */
  readonly ticks?: boolean;
}
