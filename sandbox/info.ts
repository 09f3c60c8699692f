import { readFileSync } from "node:fs";
import { join } from "node:path";

/** A running sandbox, as `<stateDir>/sandbox.json` has it. */
export interface SandboxInfo {
  readonly pid: number;
  readonly port: number;
  readonly endpoint: string;
  /** Ports of the stand-ins for the official providers. */
  readonly providers: { readonly aws: number; readonly awsx: number };
  /** Engines use the official provider of AWS instead of the stand-in. */
  readonly official: boolean;
  readonly startedAt: string;
  readonly stateDir: string;
}

/** What the daemon is started with: its one argument, as JSON. */
export interface DaemonOptions {
  readonly port: number;
  readonly stateDir: string;
  readonly python: string;
  readonly official: boolean;
  /** Ends with the process that started it. */
  readonly attached: boolean;
}

/** What the daemon tells the process that started it. */
export type DaemonMessage =
  | { readonly ready: SandboxInfo }
  /** Another daemon has the state folder. */
  | { readonly owner: number }
  | { readonly portInUse: number }
  | { readonly failed: string };

export const infoFile = (stateDir: string) => join(stateDir, "sandbox.json");
/** Where Pulumi keeps the stacks deployed into the sandbox. */
export const backendDir = (stateDir: string) => join(stateDir, "pulumi");
/** How far its clock is ahead (clock/clock.ts). */
export const clockFile = (stateDir: string) => join(stateDir, "clock");
export const lockFile = (stateDir: string) => join(stateDir, "daemon.lock");
export const logFile = (stateDir: string) => join(stateDir, "sandbox.log");

export function readInfo(stateDir: string): SandboxInfo | undefined {
  try {
    // The daemon wrote it whole.
    return JSON.parse(readFileSync(infoFile(stateDir), "utf8")) as SandboxInfo;
  } catch {
    return undefined;
  }
}
