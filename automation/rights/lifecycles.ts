import { COMPUTE } from "./compute.js";
import { EC2 } from "./ec2.js";
import { FSX } from "./fsx.js";
import { MESSAGING } from "./messaging.js";
import type { Lifecycle, Lifecycles } from "./model.js";
import { STORAGE } from "./storage.js";

const ALL: Lifecycles = { ...COMPUTE, ...STORAGE, ...MESSAGING, ...EC2, ...FSX };

export const isKnown = (type: string): boolean => Object.hasOwn(ALL, type);

/** What the engine needs for one kind of resource. One that nobody has thought about is an error that names it. */
export function lifecycleOf(type: string): Lifecycle {
  const found = ALL[type];
  if (found) return found;
  throw new Error(`nobody has said which rights ${type} needs: add it to automation/rights`);
}
