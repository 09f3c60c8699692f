import { mkdirSync, mkdtempSync, readdirSync, rmSync } from "node:fs";
import { tmpdir } from "node:os";
import { join, resolve } from "node:path";
import { setTimeout as sleep } from "node:timers/promises";
import { pathToFileURL } from "node:url";
import { askAdmin } from "./admin/client.js";
import type { ClockState, MoveResult } from "./clock/mover.js";
import { backendDir, infoFile, lockFile, logFile, readInfo, type SandboxInfo } from "./info.js";
import { isAlive, lockOwner, takeLock } from "./lock.js";
import { missingProviders } from "./official.js";
import {
  lastLines,
  PROJECT,
  SandboxError,
  type SandboxOptions,
  START_DEADLINE_MS,
  settings,
  start,
} from "./starting.js";

export { BadMove, targetOf } from "./clock/move.js";
export type { ClockState, MoveResult } from "./clock/mover.js";
export type { SandboxInfo } from "./info.js";
export { SandboxError } from "./starting.js";

const defaultStateDir = () => join(PROJECT, ".lockstep", "sandbox");

export type SandboxStatus =
  | { readonly state: "up"; readonly info: SandboxInfo; readonly emulator: string; readonly clock: ClockState }
  | { readonly state: "down" }
  /** A process has the folder but does not answer. */
  | { readonly state: "stuck"; readonly pid: number };

const STOP_DEADLINE_MS = 30_000;

/** Starts the sandbox, or returns the one that is up. It goes on when the caller ends. */
export async function up(options: SandboxOptions = {}): Promise<SandboxInfo> {
  const stateDir = resolve(options.stateDir ?? defaultStateDir());
  const running = await status({ stateDir });
  if (running.state === "up") return usable(running, options);
  if (options.official) await requireOfficial();
  const started = await start({ ...settings(options, stateDir), attached: false });
  if ("info" in started) {
    started.child.disconnect();
    started.child.unref();
    return started.info;
  }
  return usable(await untilUp(stateDir, started.owner), options);
}

/** Ends the sandbox and everything it started. Its state stays. Returns whether one was up. */
export async function down(options: Pick<SandboxOptions, "stateDir"> = {}): Promise<boolean> {
  const stateDir = resolve(options.stateDir ?? defaultStateDir());
  const current = await status({ stateDir });
  if (current.state === "down") {
    rmSync(infoFile(stateDir), { force: true });
    return false;
  }
  const pid = current.state === "up" ? current.info.pid : current.pid;
  if (current.state === "up") await admin(current.info, "POST", "stop");
  else process.kill(pid, "SIGTERM");
  if (!(await ended(pid, STOP_DEADLINE_MS))) {
    throw new SandboxError(
      `The sandbox (process ${pid}) does not end. See ${logFile(stateDir)}; end it with: kill -9 ${pid}`,
    );
  }
  return true;
}

export async function status(options: Pick<SandboxOptions, "stateDir"> = {}): Promise<SandboxStatus> {
  const stateDir = resolve(options.stateDir ?? defaultStateDir());
  const owner = lockOwner(lockFile(stateDir));
  if (owner === undefined) return { state: "down" };
  const info = readInfo(stateDir);
  if (info?.pid === owner) {
    // The daemon's answer (admin/admin.ts).
    const health = (await admin(info, "GET", "health").catch(() => undefined)) as
      | { pid: number; emulator: string; clock: ClockState }
      | undefined;
    if (health?.pid === owner) return { state: "up", info, emulator: health.emulator, clock: health.clock };
  }
  return { state: "stuck", pid: owner };
}

/**
 * Forgets all resources, calls and faults of the sandbox, and the stacks deployed into it; sets its clock back. One that is
 * down is reset too: its state may be of another version, with which none would come up. Returns whether one is up.
 */
export async function reset(options: Pick<SandboxOptions, "stateDir"> = {}): Promise<boolean> {
  const stateDir = resolve(options.stateDir ?? defaultStateDir());
  if ((await status({ stateDir })).state === "down" && forget(stateDir)) return false;
  await admin((await running(options)).info, "POST", "reset");
  return true;
}

/** Removes the state of a sandbox that is down; false where one is coming up. */
function forget(stateDir: string): boolean {
  mkdirSync(stateDir, { recursive: true });
  const lock = takeLock(lockFile(stateDir));
  if (typeof lock === "number") return false;
  for (const name of readdirSync(stateDir)) {
    if (join(stateDir, name) !== lockFile(stateDir)) rmSync(join(stateDir, name), { recursive: true, force: true });
  }
  lock.release();
  return true;
}

/** The time of a running sandbox. */
export async function clock(options: Pick<SandboxOptions, "stateDir"> = {}): Promise<ClockState> {
  return (await running(options)).clock;
}

/** Moves the clock of a running sandbox: `to` as in clock/move.ts. With `replay` every missed schedule fires, which takes time. */
export async function moveClock(
  move: { readonly to: string; readonly replay: boolean },
  options: Pick<SandboxOptions, "stateDir"> = {},
): Promise<MoveResult> {
  const { info } = await running(options);
  // The daemon's answer (clock/mover.ts).
  return (await askAdmin(info, "POST", "clock", { body: move })) as MoveResult;
}

/** All that goes wrong on purpose, after the change: each with how often it still does, or has done. */
export interface FaultList {
  readonly events: readonly object[];
  readonly calls: readonly object[];
  readonly endings: readonly object[];
}

/** Adds faults to a running sandbox (docs/sandbox.md, "Faults"), ends all of them, or only lists them. */
export async function faults(
  change: { readonly add: object } | "clear" | "list",
  options: Pick<SandboxOptions, "stateDir"> = {},
): Promise<FaultList> {
  const { info } = await running(options);
  if (change === "clear") await askAdmin(info, "DELETE", "faults");
  const asked =
    typeof change === "string"
      ? askAdmin(info, "GET", "faults")
      : askAdmin(info, "POST", "faults", { body: change.add });
  // The daemon's answer (faults/read.ts).
  return (await asked) as FaultList;
}

async function running(options: Pick<SandboxOptions, "stateDir">): Promise<SandboxStatus & { state: "up" }> {
  const current = await status(options);
  if (current.state === "up") return current;
  throw new SandboxError("The sandbox is not up. Start it with: lockstep sandbox up");
}

/** What a shell needs so that AWS clients and Pulumi use the sandbox. */
export function environment(info: SandboxInfo, region = "us-east-1"): Record<string, string> {
  return {
    AWS_ENDPOINT_URL: info.endpoint,
    AWS_ACCESS_KEY_ID: "test",
    AWS_SECRET_ACCESS_KEY: "test",
    AWS_REGION: region,
    // Endpoints that AWS alone has.
    AWS_USE_FIPS_ENDPOINT: "false",
    AWS_USE_DUALSTACK_ENDPOINT: "false",
    ...(info.official
      ? {}
      : {
          PULUMI_DEBUG_PROVIDERS: `aws:${info.providers.aws},awsx:${info.providers.awsx}`,
          // The engine would download the official plugin, which nobody uses here, and offline try five times to.
          PULUMI_DISABLE_AUTOMATIC_PLUGIN_ACQUISITION: "true",
        }),
    PULUMI_BACKEND_URL: pathToFileURL(backendDir(info.stateDir)).href,
    PULUMI_CONFIG_PASSPHRASE: "sandbox",
    PULUMI_NODEJS_TRANSPILE_ONLY: "true",
    PULUMI_SKIP_UPDATE_CHECK: "true",
  };
}

export interface TestSandbox {
  readonly info: SandboxInfo;
  close(): Promise<void>;
}

/** A sandbox on a free port that ends with this process; in a folder of its own, which goes with it, unless given one. */
export async function startForTest(
  options: Pick<SandboxOptions, "stateDir" | "emulatorPython"> = {},
): Promise<TestSandbox> {
  const stateDir = resolve(options.stateDir ?? mkdtempSync(join(tmpdir(), "lockstep-sandbox-")));
  const started = await start({ ...settings({ ...options, port: 0 }, stateDir), attached: true });
  if (!("info" in started)) throw new SandboxError(`Process ${started.owner} has a sandbox in ${stateDir} already.`);
  return {
    info: started.info,
    close: async () => {
      await down({ stateDir });
      if (options.stateDir === undefined) rmSync(stateDir, { recursive: true, force: true });
    },
  };
}

/** One quick request of the admin API (docs/sandbox.md). */
export const admin = (info: SandboxInfo, method: string, path: string, body?: unknown): Promise<unknown> =>
  askAdmin(info, method, path, { withinMs: STOP_DEADLINE_MS, ...(body === undefined ? {} : { body }) });

async function requireOfficial(): Promise<void> {
  const missing = await missingProviders();
  if (missing.length === 0) return;
  const commands = missing.map(({ name, version }) => `pulumi plugin install resource ${name} ${version}`);
  throw new SandboxError(
    `The official providers are not installed. Run: ${commands.join(" && ")}; or leave --official out.`,
  );
}

function usable(current: SandboxStatus, { port, official }: SandboxOptions): SandboxInfo {
  if (current.state !== "up") throw new SandboxError("The sandbox ended while it was being started.");
  const { info, emulator } = current;
  if (emulator !== "running") {
    throw new SandboxError(
      `The sandbox is up, but ${emulator}. Run: lockstep sandbox down, then up.\n${lastLines(logFile(info.stateDir))}`,
    );
  }
  if (port !== undefined && port !== 0 && port !== info.port) {
    throw new SandboxError(
      `The sandbox is up on port ${info.port} already. To have it on ${port}, run: lockstep sandbox down, then up.`,
    );
  }
  if (official !== undefined && official !== info.official) {
    const which = info.official ? "with the official providers" : "with stand-ins of the providers";
    throw new SandboxError(`The sandbox is up ${which} already. To change that, run: lockstep sandbox down, then up.`);
  }
  return info;
}

/** Waits for a sandbox that another process starts. */
async function untilUp(stateDir: string, owner: number): Promise<SandboxStatus> {
  for (const deadline = Date.now() + START_DEADLINE_MS; Date.now() < deadline; await sleep(100)) {
    const current = await status({ stateDir });
    if (current.state !== "stuck") return current;
  }
  throw new SandboxError(
    `Process ${owner} has the sandbox of ${stateDir} but does not answer. Is it a sandbox? If so: kill ${owner}; if not, delete ${lockFile(stateDir)}.`,
  );
}

async function ended(pid: number, within: number): Promise<boolean> {
  for (const deadline = Date.now() + within; isAlive(pid); await sleep(50)) {
    if (Date.now() > deadline) return false;
  }
  return true;
}
