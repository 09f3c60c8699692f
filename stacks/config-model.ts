import type { Settings } from "../core/model.js";
import type { Notify } from "../core/notify-config.js";
import type { WorkloadSettings } from "./workload-model.js";

interface Common {
  readonly deployment: string;
  readonly region: string;
  /** Put on everything. */
  readonly tags: Readonly<Record<string, string>>;
}

export interface RegionProgram extends Common {
  readonly role: "primary" | "dr";
  readonly settings: Settings;
  /** What holds data cannot be destroyed. @default true */
  readonly protect: boolean;
  /** @default 30 */
  readonly logDays: number;
  /** Functions and state machine tell AWS X-Ray of each run. @default false */
  readonly tracing: boolean;
  /** How long events of snapshots are gathered, in seconds; 0 to 300. @default 20 */
  readonly batchSeconds: number;
  /** Who is told of failures. @default none */
  readonly emails: readonly string[];
  readonly notify: Notify;
}

export interface WorkloadProgram extends Common {
  readonly role: "workload";
  readonly workload: WorkloadSettings;
}

/** What holds for a primary or DR stack that does not say; Pulumi.yaml tells the engine the same. */
export const DEFAULTS = {
  mode: "act",
  peers: [],
  protect: true,
  logDays: 30,
  tracing: false,
  batchSeconds: 20,
  emails: [],
} as const;

/** What the config of a stack asks for. */
export type Program = RegionProgram | WorkloadProgram;

/** Config as values, keys without their namespace, region among them. */
export type Raw = Readonly<Record<string, unknown>>;
