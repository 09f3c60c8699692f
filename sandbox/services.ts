import { mkdirSync, rmSync } from "node:fs";
import { join, resolve } from "node:path";
import { adminHandler } from "./admin/admin.js";
import { Clock } from "./clock/clock.js";
import { Mover } from "./clock/mover.js";
import { createEc2Plane, type Ec2Plane } from "./ec2/plane.js";
import { isRegion } from "./ec2/regions.js";
import { Emulator } from "./emulator/emulator.js";
import { emulatorFacts } from "./emulator/facts.js";
import { kmsKeys } from "./emulator/keys.js";
import { callEmulator } from "./emulator/service-calls.js";
import { ServiceEvents } from "./events/bus.js";
import { Faults } from "./faults/read.js";
import { createFsxPlane, type FsxPlane } from "./fsx/plane.js";
import { Forwarder } from "./gateway/forwarder.js";
import type { Gateway } from "./gateway/gateway.js";
import { spoiltAnswer } from "./gateway/spoil.js";
import { Enforcer } from "./iam/enforcer.js";
import { permitsBefore } from "./iam/permits.js";
import { backendDir, clockFile, type DaemonOptions, type SandboxInfo } from "./info.js";
import type { Plane, PlaneContext } from "./plane.js";
import { type Providers, startProviders } from "./provider/server.js";
import { createSchedulerPlane } from "./scheduler/plane.js";
import { Settings } from "./settings.js";
import { serviceModel } from "./wire/model.js";

/** The one account of the sandbox. */
const ACCOUNT = "000000000000";
const PROJECT = resolve(__dirname, "..");

/** What stands behind the gateway. */
export class Services {
  readonly #options: DaemonOptions;
  readonly #gateway: Gateway;
  readonly #clock: Clock;
  readonly #faults = new Faults();
  readonly #emulator: Emulator;
  readonly #forwarder: Forwarder;
  readonly #events: ServiceEvents;
  readonly #ec2: Ec2Plane;
  readonly #fsx: FsxPlane;
  readonly #enforcer: Enforcer;
  readonly #planes: readonly Plane[];
  readonly #mover: Mover;
  #providers: Providers | undefined;

  private constructor(options: DaemonOptions, gateway: Gateway, clock: Clock, emulator: Emulator) {
    this.#options = options;
    this.#gateway = gateway;
    this.#clock = clock;
    this.#emulator = emulator;
    this.#forwarder = new Forwarder(emulator.port);
    this.#events = new ServiceEvents(
      (region, entries) => emulator.deliver(ACCOUNT, region, entries),
      this.#faults.events,
    );
    this.#ec2 = createEc2Plane(this.#context("ec2"), {
      keyLookup: kmsKeys(emulator.port, ACCOUNT, "ebs"),
      endsInError: (region, event) => this.#faults.endings.causeOf(region, event),
      interfacesIn: (region) => this.#fsx.interfacesIn(region),
    });
    this.#fsx = createFsxPlane(this.#context("fsx"), {
      model: serviceModel(options.python, "fsx"),
      neighbours: {
        key: kmsKeys(emulator.port, ACCOUNT, "fsx"),
        vpcOf: (region, subnet) => this.#ec2.vpcOf(region, subnet),
        isRegion,
        endingOf: (region, event) => this.#faults.endings.ofBackup(region, event),
      },
    });
    this.#enforcer = new Enforcer({
      account: ACCOUNT,
      facts: emulatorFacts(emulator),
      ec2: this.#ec2.facts,
      fsx: this.#fsx.facts,
      now: () => clock.now(),
      tell: (message) => console.error(message),
    });
    const scheduler = createSchedulerPlane(this.#context("scheduler"), {
      account: ACCOUNT,
      queueUrl: (name) => `http://127.0.0.1:${options.port}/${ACCOUNT}/${name}`,
      call: async (call, roleArn) => {
        const { service, action, region } = call;
        const made = { service, action, region, caller: "scheduler" };
        gateway.calls.add(made);
        const spoilt = await spoiltAnswer(this.#faults.calls.verdict(made, performance.now()));
        if (spoilt) return spoilt;
        const message = await this.#enforcer.whyNot(call, roleArn, "scheduler");
        // As the JSON protocols say it; it ends in the dead-letter queue.
        if (message !== undefined)
          return { status: 403, body: JSON.stringify({ __type: "AccessDeniedException", message }) };
        return callEmulator(emulator.port, "scheduler", call);
      },
    });
    this.#planes = [this.#ec2, this.#fsx, scheduler];
    this.#mover = new Mover(clock, {
      tellEmulator: (offset) => emulator.setClock(offset),
      invocations: () => emulator.invocations(),
      settle: () => this.#ec2.settle(),
      nextDue: () => scheduler.nextDue(),
      countUntil: (time, most) => scheduler.countUntil(time, most),
      fireDue: () => scheduler.fireDue(),
    });
  }

  /** Starts the emulator, our planes and the provider stand-in. `options.port` is the gateway's. */
  static async start(options: DaemonOptions, gateway: Gateway): Promise<Services> {
    const { python, stateDir, port } = options;
    mkdirSync(backendDir(stateDir), { recursive: true });
    const clock = new Clock(clockFile(stateDir));
    const emulator = await Emulator.start({ python, stateDir, gatewayPort: port, account: ACCOUNT, clock });
    let services: Services | undefined;
    try {
      services = new Services(options, gateway, clock, emulator);
      services.#providers = await startProviders({ endpoint: `http://127.0.0.1:${port}`, projectRoot: PROJECT });
      return services;
    } catch (error) {
      if (services) await services.close();
      else await emulator.stop();
      throw error;
    }
  }

  /** Ports of the providers' stand-ins. */
  get providers(): SandboxInfo["providers"] {
    return { aws: this.#providers?.aws ?? 0, awsx: this.#providers?.awsx ?? 0 };
  }

  /** Lets requests in. */
  open(info: SandboxInfo, stop: () => void): void {
    const settings = new Settings({ ec2: this.#ec2.settings, fsx: this.#fsx.settings });
    this.#gateway.open({
      account: ACCOUNT,
      planes: this.#planes,
      emulator: this.#forwarder,
      rights: this.#enforcer,
      emulatorFailure: () => this.#emulator.failure,
      faults: this.#faults.calls,
      now: () => this.#clock.now(),
      admin: permitsBefore(
        adminHandler({
          health: () => ({
            ...info,
            emulator: this.#emulator.failure ?? "running",
            emulatorPid: this.#emulator.pid,
            clock: this.#mover.state(),
          }),
          clock: this.#mover,
          calls: {
            rows: async () => [...this.#gateway.calls.rows(), ...(await this.#emulator.calls())],
            reset: () => this.#resetCalls(),
          },
          bytes: this.#ec2,
          settings,
          faults: this.#faults,
          failSnapshot: (region, id, cause) => this.#ec2.failSnapshot(region, id, cause),
          fsx: this.#fsx,
          plantSnapshots: (region, past) => this.#ec2.plantSnapshots(region, past),
          permissions: {
            report: () => this.#enforcer.report(),
            reset: () => this.#enforcer.usage.reset(),
          },
          reset: () => this.#reset(),
          stop,
        }),
        this.#enforcer,
        (token) => this.#emulator.isOwn(token),
      ),
    });
  }

  async close(): Promise<void> {
    this.#mover.close();
    await this.#providers?.close();
    for (const plane of this.#planes) await plane.close();
    await this.#events.settled();
    this.#forwarder.close();
    await this.#emulator.stop();
    this.#clock.close();
  }

  async #reset(): Promise<void> {
    for (const plane of this.#planes) await plane.reset();
    this.#faults.clear();
    await this.#events.settled();
    await this.#emulator.reset();
    await this.#mover.reset();
    await this.#resetCalls();
    this.#enforcer.forget();
    this.#enforcer.usage.reset();
    // Stacks whose resources are gone.
    const backend = backendDir(this.#options.stateDir);
    rmSync(backend, { recursive: true, force: true });
    mkdirSync(backend, { recursive: true });
  }

  async #resetCalls(): Promise<void> {
    this.#gateway.calls.reset();
    await this.#emulator.resetCalls();
  }

  #context(name: string): PlaneContext {
    return {
      account: ACCOUNT,
      stateDir: join(this.#options.stateDir, name),
      now: () => this.#clock.now(),
      emit: (event) => this.#events.emit(event),
    };
  }
}
