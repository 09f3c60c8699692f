import { type ChildProcessByStdio, spawn } from "node:child_process";
import { randomUUID } from "node:crypto";
import { mkdirSync, rmSync, writeFileSync } from "node:fs";
import { dirname, join } from "node:path";
import { createInterface } from "node:readline";
import type { Readable, Writable } from "node:stream";

/** What the emulator is started with. */
export interface EmulatorOptions {
  readonly python: string;
  readonly stateDir: string;
  /** Port of the gateway: what functions and queue addresses point at. */
  readonly gatewayPort: number;
  readonly account: string;
  /** How far its clock is ahead when it starts, in milliseconds, and the file that tells the workers of functions. */
  readonly clock: { readonly file: string; readonly offset: number };
}

/** An event as PutEvents takes it; `Time` in seconds. */
export interface EventEntry {
  readonly Source: string;
  readonly DetailType: string;
  readonly Detail: string;
  readonly Resources: readonly string[];
  readonly Time: number;
}

export interface CallCount {
  readonly service: string;
  readonly action: string;
  readonly region: string;
  readonly caller: string;
  readonly count: number;
}

const STOP_DEADLINE_MS = 15_000;
/** Moves `Date` in the workers of functions. */
const CLOCK_WORKER = join(__dirname, "..", "clock", "worker.cjs");
/** Ends these workers in the middle of their work, when asked to. */
const FAULTS_WORKER = join(__dirname, "..", "faults", "worker.cjs");

/** Runs ministack as a child process and speaks to what the launcher adds to it. */
export class Emulator {
  readonly port: number;
  readonly #child: ChildProcessByStdio<Writable, Readable, null>;
  readonly #token: string;
  readonly #tmp: string;
  /** Why it is not running any more. */
  #ended: string | undefined;
  #stopping = false;

  private constructor(child: ChildProcessByStdio<Writable, Readable, null>, port: number, token: string, tmp: string) {
    this.port = port;
    this.#child = child;
    this.#token = token;
    this.#tmp = tmp;
    child.once("exit", (code, signal) => {
      this.#ended = `the emulator ended with ${signal ?? `code ${code}`}`;
      if (!this.#stopping) console.error(this.#ended);
    });
  }

  /** Why requests cannot be served, if they cannot. */
  get failure(): string | undefined {
    return this.#ended;
  }

  /** The process, and the process group of all it starts. */
  get pid(): number | undefined {
    return this.#child.pid;
  }

  /** Starts it and waits until it serves. Its messages go to this process's stderr. */
  static async start(options: EmulatorOptions): Promise<Emulator> {
    const tmp = join(options.stateDir, "tmp");
    rmSync(tmp, { recursive: true, force: true });
    mkdirSync(tmp, { recursive: true });
    // The workers of functions are CommonJS scripts in this folder, whatever the folders above say.
    writeFileSync(join(tmp, "package.json"), '{"type":"commonjs"}');
    const token = randomUUID();
    const child = spawn(options.python, [join(__dirname, "launcher.py")], {
      stdio: ["pipe", "pipe", "inherit"],
      // Its own process group: the terminal's Ctrl-C does not reach it, and the group can be ended as a whole.
      detached: true,
      cwd: tmp,
      env: environment(options, tmp, token),
    });
    try {
      const port = await listening(child);
      return new Emulator(child, port, token, tmp);
    } catch (error) {
      endGroup(child.pid);
      rmSync(tmp, { recursive: true, force: true });
      throw error;
    }
  }

  /** Puts events of AWS services on the default bus of a region. */
  async deliver(account: string, region: string, entries: readonly EventEntry[]): Promise<void> {
    await this.#internal("POST", "/_lockstep/events", { account, region, entries });
  }

  /** API calls made inside the emulator, by state machines. */
  async calls(): Promise<readonly CallCount[]> {
    // The launcher answers with rows of exactly this shape (counting.py).
    return (await this.#internal("GET", "/_lockstep/calls")) as CallCount[];
  }

  async resetCalls(): Promise<void> {
    await this.#internal("DELETE", "/_lockstep/calls");
  }

  /** Moves its clock: `offset` milliseconds ahead of the machine's. */
  async setClock(offset: number): Promise<void> {
    await this.#internal("POST", "/_lockstep/clock", { offset });
  }

  /** What roles, functions and resources say of rights (rights.py); `null` where there is no such thing. */
  async rights(ask: "role" | "roles" | "function" | "resource", region: string, name?: string): Promise<unknown> {
    return this.#internal("POST", "/_lockstep/rights", { ask, region, name });
  }

  /** Whether a request comes from the emulator itself. */
  isOwn(token: unknown): boolean {
    return token === this.#token;
  }

  /** How many functions are running. */
  async invocations(): Promise<number> {
    // The launcher's own answer.
    const { invocations } = (await this.#internal("GET", "/_lockstep/busy")) as { readonly invocations: number };
    return invocations;
  }

  /** Forgets everything; ends executions first. */
  async reset(): Promise<void> {
    await this.#internal("POST", "/_ministack/reset");
  }

  /** Ends it, after it wrote its state, and everything it started. */
  async stop(): Promise<void> {
    this.#stopping = true;
    if (this.#ended === undefined) {
      const exited = new Promise<void>((resolve) => this.#child.once("exit", () => resolve()));
      this.#child.stdin.end();
      const timer = setTimeout(() => endGroup(this.#child.pid), STOP_DEADLINE_MS);
      await exited;
      clearTimeout(timer);
    }
    endGroup(this.#child.pid);
    rmSync(this.#tmp, { recursive: true, force: true, maxRetries: 5, retryDelay: 100 });
  }

  async #internal(method: string, path: string, body?: unknown): Promise<unknown> {
    if (this.#ended !== undefined) throw new Error(this.#ended);
    const response = await fetch(`http://127.0.0.1:${this.port}${path}`, {
      method,
      headers: { "content-type": "application/json", "x-lockstep-token": this.#token },
      ...(body === undefined ? {} : { body: JSON.stringify(body) }),
    });
    const text = await response.text();
    if (!response.ok) throw new Error(`the emulator answered ${method} ${path} with ${response.status}: ${text}`);
    return text === "" ? undefined : JSON.parse(text);
  }
}

/** Functions inherit the emulator's environment, so it gets nothing of the user's. */
function environment(options: EmulatorOptions, tmp: string, token: string): NodeJS.ProcessEnv {
  const state = join(options.stateDir, "emulator");
  return {
    // Functions run in the first `node` of the path.
    PATH: `${dirname(process.execPath)}:${process.env["PATH"] ?? "/usr/bin:/bin"}`,
    HOME: tmp,
    TMPDIR: tmp,
    LANG: "C.UTF-8",
    TZ: "UTC",
    PYTHONDONTWRITEBYTECODE: "1",
    PYTHONUNBUFFERED: "1",
    LOCKSTEP_EMULATOR_TOKEN: token,
    LOCKSTEP_FAULTS_WORKER: FAULTS_WORKER,
    LOCKSTEP_CLOCK: JSON.stringify({ file: options.clock.file, offset: options.clock.offset, worker: CLOCK_WORKER }),
    LOG_LEVEL: "WARNING",
    // What ministack writes into addresses of its own (queues, subscriptions) leads through the gateway.
    MINISTACK_HOST: "127.0.0.1",
    GATEWAY_PORT: String(options.gatewayPort),
    AWS_ENDPOINT_URL: `http://127.0.0.1:${options.gatewayPort}`,
    MINISTACK_ACCOUNT_ID: options.account,
    IOT_MTLS_ENABLED: "0",
    SFTP_ENABLED: "0",
    PERSIST_STATE: "1",
    STATE_DIR: state,
    S3_PERSIST: "1",
    S3_DATA_DIR: join(options.stateDir, "objects"),
    LAMBDA_EXECUTOR: "local",
    // AWS waits a minute before the first retry of an asynchronous invocation and two before the second.
    LAMBDA_ASYNC_RETRY_BASE_SECONDS: "1",
    LAMBDA_ASYNC_RETRY_MAX_SECONDS: "2",
    LAMBDA_WARM_TTL_SECONDS: "60",
    // Lambda's nodejs22.x has require(esm) disabled (Lambda developer guide, "Building Lambda functions with Node.js").
    NODE_OPTIONS: "--no-experimental-require-module",
  };
}

/** Waits for the launcher's line, or for its end. */
function listening(child: ChildProcessByStdio<Writable, Readable, null>): Promise<number> {
  return new Promise((resolve, reject) => {
    child.once("error", (error) => reject(new Error(`the emulator could not be started: ${error.message}`)));
    child.once("exit", (code, signal) => reject(new Error(`the emulator ended at its start (${signal ?? code})`)));
    createInterface({ input: child.stdout }).on("line", (line) => {
      try {
        // Only the launcher's own line is JSON with a port.
        const { port } = JSON.parse(line) as { port?: unknown };
        if (typeof port === "number") resolve(port);
      } catch {
        console.error(line);
      }
    });
  });
}

/** Kills what is left of the child's process group. */
function endGroup(pid: number | undefined): void {
  if (pid === undefined) return;
  try {
    process.kill(-pid, "SIGKILL");
  } catch {
    // Nothing is left.
  }
}
