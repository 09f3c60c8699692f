import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { UTC } from "../../core/schedule/schedule.js";

/** The trigger function and the role that schedules invoke it with. */
export interface TriggerInvoker {
  readonly functionArn: pulumi.Input<string>;
  readonly roleArn: pulumi.Input<string>;
  /** The queue for calls that could not be made. */
  readonly deadLettersArn: pulumi.Input<string>;
}

export interface TriggerScheduleArgs {
  readonly scheduleName: string;
  readonly description: string;
  /** `rate(15 minutes)` or `cron(0 3 * * ? *)`. */
  readonly expression: string;
  /** IANA name of the zone that a cron's times are in. @default UTC */
  readonly timezone?: string | undefined;
  /** What the trigger is told. */
  readonly input: Readonly<Record<string, string>>;
  readonly invoker: TriggerInvoker;
}

/** Calls the trigger at set times. */
export class TriggerSchedule extends pulumi.ComponentResource {
  constructor(name: string, args: TriggerScheduleArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:scheduler:TriggerSchedule", name, {}, opts);
    new aws.scheduler.Schedule(
      `${name}-schedule`,
      {
        name: args.scheduleName,
        description: args.description,
        scheduleExpression: args.expression,
        scheduleExpressionTimezone: args.timezone ?? UTC,
        flexibleTimeWindow: { mode: "OFF" },
        target: {
          arn: args.invoker.functionArn,
          roleArn: args.invoker.roleArn,
          input: JSON.stringify(args.input),
          deadLetterConfig: { arn: args.invoker.deadLettersArn },
        },
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
