import type { Probe } from "../model.js";
import { COPIES } from "./copies.js";
import { DELETES } from "./deletes.js";
import { DESCRIBING } from "./describing.js";
import { EVENTS, LISTENING } from "./events.js";
import { FSX } from "./fsx.js";
import { SCHEDULES } from "./schedules.js";
import { SETS } from "./sets.js";
import { SNAPSHOTS } from "./snapshots.js";
import { VOLUMES } from "./volumes.js";

/** Every probe, in the order in which they are asked: later ones use what earlier ones made. */
export const PROBES: readonly Probe[] = [
  ...LISTENING,
  ...VOLUMES,
  ...SNAPSHOTS,
  ...DESCRIBING,
  ...SETS,
  ...COPIES,
  ...DELETES,
  ...FSX,
  ...EVENTS,
  ...SCHEDULES,
];
