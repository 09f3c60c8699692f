import * as pulumi from "@pulumi/pulumi";
import { NOTIFY } from "../../core/config/notify.js";
import { reconcile } from "../../machines/reconcile.asl.js";
import { LAMBDA_SECONDS } from "../../machines/timeouts.js";
import { type Controls, controlStatements } from "../iam/control-permissions.js";
import { deadLetter } from "../iam/permissions.js";
import { ServiceRole } from "../iam/service-role.js";
import { CallbackLambda } from "../lambda/callback-lambda.js";
import type { DeadLetters } from "../lambda/dead-letters.js";
import { namesOf } from "../site.js";
import { Executors } from "./executors.js";
import { environmentOf, type FunctionContext } from "./function-context.js";
import { StateMachine, type StateMachineArgs } from "./state-machine.js";
import { type TriggerInvoker, TriggerSchedule } from "./trigger-schedule.js";

export interface ControllerArgs extends FunctionContext {
  readonly deadLetters: DeadLetters;
  /** What takes in snapshots of others before each run, where a policy wants that. */
  readonly adopter?: CallbackLambda | undefined;
}

/** How `record` tells people. */
function tellingOf({ site, topicArn }: ControllerArgs): Record<string, pulumi.Input<string>> {
  const { topic, summary, repeatAfterMs } = site.notify ?? NOTIFY;
  return {
    LOCKSTEP_TELL_TOPIC_ARN: topic ?? topicArn,
    LOCKSTEP_SUMMARY: String(summary),
    LOCKSTEP_REPEAT_AFTER_MS: String(repeatAfterMs),
  };
}

const DESCRIPTIONS: Readonly<Record<keyof Controls, string>> = {
  trigger: "Notes a reason to look and starts a run unless one is going on",
  survey: "Takes the lease and reads all regions",
  plan: "Says what is to be done and why",
  record: "Writes expected against actual, tells people, gives the lease back",
};

/** A whole processor and a bit (Lambda developer guide, "Memory"): lists of a large estate take most of a run's time. */
const SURVEY_MIB = 2048;

/** One Reconcile for one region: survey, plan, act, record; and what starts it. */
export class Controller extends pulumi.ComponentResource {
  readonly trigger: CallbackLambda;
  readonly stateMachineArn: pulumi.Output<string>;
  /** How schedules start a run. */
  readonly invoker: TriggerInvoker;

  constructor(name: string, args: ControllerArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:controller:Controller", name, {}, opts);
    const { site, deadLetters, adopter } = args;
    const own = { parent: this };
    const lambda = (fn: keyof Controls, extra: Record<string, pulumi.Input<string>> = {}) =>
      new CallbackLambda(
        `${name}-${fn}`,
        {
          site,
          fn,
          description: DESCRIPTIONS[fn],
          environment: { ...environmentOf(args), ...extra },
          statements: controlStatements(args)[fn],
          timeoutSeconds: LAMBDA_SECONDS[fn],
          ...(fn === "survey" && { memoryMiB: SURVEY_MIB }),
          // The others are invoked by the state machine, which sees their errors.
          ...(fn === "trigger" && { deadLetters }),
        },
        own,
      );
    const executors = new Executors("executors", args, own);
    const functions = {
      survey: lambda("survey").arn,
      plan: lambda("plan").arn,
      make: executors.make.arn,
      delete: executors.delete.arn,
      record: lambda("record", tellingOf(args)).arn,
      ...(adopter && { adopt: adopter.arn }),
    };
    const definition: StateMachineArgs["definition"] = (arn) =>
      reconcile({
        survey: arn("survey"),
        plan: arn("plan"),
        make: arn("make"),
        delete: arn("delete"),
        record: arn("record"),
        ...(adopter && { adopt: arn("adopt") }),
      });
    const machine = new StateMachine(`${name}-reconcile`, { site, functions, definition }, own);
    // The machine's own ARN, so that nothing can call the trigger before there is a machine to start.
    this.trigger = lambda("trigger", { LOCKSTEP_STATE_MACHINE_ARN: machine.arn });
    this.invoker = this.#invoker(name, args);
    new TriggerSchedule(
      `${name}-tick`,
      {
        scheduleName: namesOf(site).tickSchedule,
        description: "Looks again: when an event was lost, or something is in flight",
        expression: "rate(1 minute)",
        input: { kind: "tick" },
        invoker: this.invoker,
      },
      own,
    );
    this.stateMachineArn = machine.arn;
    this.registerOutputs({ trigger: this.trigger, stateMachineArn: this.stateMachineArn, invoker: this.invoker });
  }

  #invoker(name: string, { site, deadLetters }: ControllerArgs): TriggerInvoker {
    const functionArn = this.trigger.arn;
    const call = { sid: "CallTrigger", actions: ["lambda:InvokeFunction"], resources: [functionArn] };
    const statements = [call, ...deadLetter(deadLetters)];
    const roleArgs = { site, duty: "schedules", service: "scheduler.amazonaws.com", statements };
    const { arn: roleArn } = new ServiceRole(`${name}-schedules`, roleArgs, { parent: this });
    return { functionArn, roleArn, deadLettersArn: deadLetters.queueArn };
  }
}
