import { mkdirSync, renameSync, rmSync, writeFileSync } from "node:fs";
import { Gateway } from "./gateway/gateway.js";
import { type DaemonMessage, type DaemonOptions, infoFile, lockFile, type SandboxInfo } from "./info.js";
import { takeLock } from "./lock.js";
import { Services } from "./services.js";

/** The sandbox's process: gateway, planes, emulator and provider, until it is told to end. */
async function main(): Promise<void> {
  // The one argument is written by control.ts.
  const options = JSON.parse(process.argv[2] ?? "{}") as DaemonOptions;
  mkdirSync(options.stateDir, { recursive: true });
  const lock = takeLock(lockFile(options.stateDir));
  if (typeof lock === "number") return tell({ owner: lock });

  const gateway = new Gateway();
  let services: Services | undefined;
  let ending: Promise<void> | undefined;
  const end = (why: string): Promise<void> => {
    ending ??= (async () => {
      console.error(`ending: ${why}`);
      rmSync(infoFile(options.stateDir), { force: true });
      await gateway.close();
      await services?.close();
      lock.release();
    })();
    return ending;
  };
  const endAndExit = (why: string) => void end(why).then(() => process.exit(0), fatal);
  for (const signal of ["SIGINT", "SIGTERM", "SIGHUP"] as const) process.on(signal, () => endAndExit(signal));

  let ready = false;
  process.on("disconnect", () => {
    if (options.attached || !ready) endAndExit("the process that started it has ended");
  });

  try {
    const port = await gateway.listen(options.port);
    services = await Services.start({ ...options, port }, gateway);
    // Told to end while it started.
    if (ending) return void (await services.close());
    const info: SandboxInfo = {
      pid: process.pid,
      port,
      endpoint: `http://127.0.0.1:${port}`,
      providers: services.providers,
      official: options.official,
      startedAt: new Date().toISOString(),
      stateDir: options.stateDir,
    };
    services.open(info, () => endAndExit("asked to stop"));
    writeInfo(info);
    ready = true;
    tell({ ready: info });
  } catch (error) {
    const inUse = error instanceof Error && "code" in error && error.code === "EADDRINUSE";
    const message = error instanceof Error ? error.message : String(error);
    console.error(error);
    tell(inUse ? { portInUse: options.port } : { failed: message });
    await end("it could not start");
    process.exit(1);
  }
}

/** The file appears whole. */
function writeInfo(info: SandboxInfo): void {
  const path = infoFile(info.stateDir);
  writeFileSync(`${path}.new`, `${JSON.stringify(info, undefined, 2)}\n`);
  renameSync(`${path}.new`, path);
}

function tell(message: DaemonMessage): void {
  // The starter may have gone; then nobody listens.
  if (process.connected) process.send?.(message);
}

function fatal(error: unknown): never {
  console.error(error);
  process.exit(1);
}

main().catch(fatal);
