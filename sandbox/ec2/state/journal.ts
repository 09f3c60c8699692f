import * as state from "../../state/journal.js";
import type { Entity } from "./model.js";

export type Change = state.Change<Entity>;

/** EC2's state on disk. */
export class Journal extends state.Journal<Entity> {
  constructor(dir: string) {
    super(dir, "lockstep-ec2 2");
  }
}
