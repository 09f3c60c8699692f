import type { Approval } from "../../core/model/model.js";
import type { LedgerSeen } from "../../core/report/problems.js";
import type { Asked, TakingIn } from "../../kinds/importer.js";
import type { Purged } from "../../kinds/purger.js";
import type { FaultWish, SandboxVerb } from "../cli/model.js";
import type { Progress } from "../cli/progress.js";
import type { Interruption } from "../cli/signals.js";
import type { EnvConfig, Overrides } from "../deploy/config.js";
import type { Engine } from "../deploy/engine.js";
import type { Controller, EnvRecord, Places, StackRecord } from "../deploy/envs.js";
import type { Finding } from "../tools.js";
import type { AccountLook } from "./account.js";
import type { Importable, Importing } from "./adopting.js";
import type { Listeners } from "./subscriptions.js";
import type { Worlds } from "./worlds.js";

/** What somebody asks the primary's controller for. */
export interface RunOrder {
  readonly policy?: string;
  readonly resources?: readonly string[];
}

/** A person's yes, under the name of what was shown. */
export interface Approved extends Approval {
  readonly name: string;
}

/** The AWS side of a deployed environment. */
export interface Estate {
  /** What the controllers would see now of every kind, read by their own code. */
  worlds(): Promise<Worlds>;
  /** What the next run would make points of, of what others have made, where policies take that in. */
  takingIn(): Promise<TakingIn>;
  /** What the controllers know to be wrong, and when they last ran. */
  ledgers(): Promise<readonly LedgerSeen[]>;
  /** Asks the primary's controller to make points now. Answers with the time, by its clock, that they are for. */
  trigger(order: RunOrder): Promise<number>;
  /** The names that approve what a run held back; none where no controller knows such a run. */
  heldBy(run: string): Promise<readonly string[]>;
  /** Writes a person's yes where the controller of its region heeds it, and makes it look. */
  approve(approval: Approved): Promise<void>;
  /** What would become of what others made of these kinds in the primary's region. */
  importing(asked: Asked, kinds: readonly string[]): Promise<Importing>;
  /** Makes points of it. Answers with what AWS refused, by artifact. */
  import(imported: readonly Importable[]): Promise<ReadonlyMap<string, string>>;
  /** Runs of the controllers that ended since then, in both regions, in the order they did. */
  runs(since: number): Promise<readonly RunSeen[]>;
  /** The names of the state machines that are running and of the queues where events wait for their batch. */
  busy(): Promise<readonly string[]>;
  /** Recovery points of a region that AWS would refuse to delete, and why. */
  unpurgeable(region: string): Promise<readonly string[]>;
  /** Deletes all recovery points of the deployment in a region. */
  purge(region: string): Promise<Purged>;
  /** Who we are to AWS. */
  readonly account: string;
  /** Tries whether alerts and alarms of a region reach people. Answers with what is wrong. */
  testAlarm(stack: StackRecord): Promise<string | undefined>;
  /** Who is told of alerts and alarms of a region. */
  listeners(stack: Controller): Promise<Listeners>;
}

/** A run of a controller, as its ledger has it. */
export interface RunSeen {
  readonly region: string;
  /** Why its execution was started, in the trigger's words. */
  readonly reason: string;
  /** By the controller's clock, in milliseconds. */
  readonly endedAt: number;
  readonly outcome: string;
  /** Points created, artifacts copied, points deleted. */
  readonly created: number;
  readonly copied: number;
  readonly deleted: number;
}

/** How a sandbox is started, or where its clock is moved to. */
export interface SandboxChoices {
  readonly port?: number;
  readonly official?: boolean;
  /** A span or a time (docs/sandbox.md, "Clock"). */
  readonly to?: string;
  /** Whether every missed time of each schedule fires, not only the latest. */
  readonly replay?: boolean;
  /** What is to go wrong. */
  readonly fault?: FaultWish;
}

/** The local AWS as the driver sees it. */
export interface Sandbox {
  /** Environment variables for whoever talks to it; undefined where none is up. */
  variables(): Promise<Readonly<Record<string, string>> | undefined>;
  command(verb: SandboxVerb, choices?: SandboxChoices): Promise<{ readonly data: unknown; readonly text: string }>;
}

/** Everything that commands reach beyond themselves. */
export interface Deps {
  readonly places: Places;
  readonly progress: Progress;
  readonly interruption: Interruption;
  readonly sandbox: Sandbox;
  now(): number;
  sleep(ms: number): Promise<void>;
  /** Asks a person; nobody there means no. */
  confirm(question: string): Promise<boolean>;
  /** Whether there is a terminal with a person to ask. */
  canAsk(): boolean;
  /** Looks at an account of AWS and at regions of it. */
  account(regions: readonly string[]): Promise<AccountLook>;
  /** Looks at the programs that the driver needs. */
  tools(): Promise<readonly Finding[]>;
  config(env: string, overrides: Overrides): Promise<EnvConfig>;
  /** `variables` point the engine at the sandbox; without them it works on AWS. */
  engine(variables: Readonly<Record<string, string>>): Promise<Engine>;
  estate(record: EnvRecord, variables: Readonly<Record<string, string>>): Promise<Estate>;
}
