import type { Output } from "@pulumi/pulumi";
import type { Notify } from "../core/config/notify.js";
import type { Settings } from "../core/model/model.js";
import { names } from "../core/names/names.js";

/** Where a component stands: what it must know of its stack to name things and to find those that it does not own. */
export interface Site {
  readonly settings: Settings;
  /** The same as the config has it: what is stored for the functions, which read it by the same rules. */
  readonly stored: object;
  readonly account: Output<string>;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: Output<string>;
  /** Resources with data cannot be destroyed, neither by the engine nor, where AWS has a switch for it, by anybody. */
  readonly protect: boolean;
  /** How long log groups keep what they are told. */
  readonly logDays: number;
  /** @default the own topic, no summaries, a day between two reminders */
  readonly notify?: Notify;
  /** Functions and state machine tell AWS X-Ray of each run. */
  readonly tracing: boolean;
}

/** The names of the stack a component is part of. */
export const namesOf = ({ settings }: Site) => names(settings.deployment, settings.role);

/** The names of the stacks at the other end: a primary's peers are DR stacks and the other way round. */
export const peerNamesOf = ({ settings }: Site) =>
  names(settings.deployment, settings.role === "primary" ? "dr" : "primary");
