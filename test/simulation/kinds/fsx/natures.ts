import type { KindWorld } from "../kind.js";

/** What a file system or volume of the simulator is, as FSx's documentation has it: written by hand, and not by the kind's own code. */
interface Nature {
  readonly type: "WINDOWS" | "LUSTRE" | "OPENZFS" | "ONTAP";
  readonly storage?: string;
  readonly deployment?: string;
  /** What FSx never does of it. */
  readonly never?: "create" | "copy";
}

const NATURES = {
  openzfs: { type: "OPENZFS", storage: "SSD" },
  windows: { type: "WINDOWS", storage: "HDD" },
  lustre: { type: "LUSTRE", storage: "SSD", deployment: "PERSISTENT_2" },
  tiered: { type: "OPENZFS", storage: "INTELLIGENT_TIERING", never: "copy" },
  ontap: { type: "ONTAP", storage: "SSD", never: "copy" },
  scratch: { type: "LUSTRE", storage: "SSD", deployment: "SCRATCH_2", never: "create" },
} as const satisfies Readonly<Record<string, Nature>>;

export type NatureName = keyof typeof NATURES;

/** The unit's id tells what it is, and does so when the unit is gone. */
export const idOf = (name: NatureName, region: string, n: number): string =>
  `fsx:${name === "ontap" ? "fsvol" : "fs"}-${name}-${region}-${n}`;

export const unitOf = (resource: string): string => resource.slice("fsx:".length);

/** Of what nobody here made, any. */
export function natureOf(unit: string): Nature {
  const [, name = ""] = unit.split("-");
  return Object.hasOwn(NATURES, name) ? NATURES[name as NatureName] : NATURES.openzfs;
}

export const never: NonNullable<KindWorld["never"]> = (resource) => natureOf(unitOf(resource)).never;
