import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { ServiceRole } from "../iam/service-role.js";
import { writeTraces } from "../lambda/tracing.js";
import { namesOf, type Site } from "../site.js";

/** A state machine in the Amazon States Language, as plain data. */
export type Definition = object;

export interface StateMachineArgs {
  readonly site: Site;
  /** The functions that the machine may invoke, and no others. */
  readonly functions: Readonly<Record<string, pulumi.Input<string>>>;
  /** The machine, given the ARNs of its functions. */
  readonly definition: (arn: (fn: string) => string) => Definition;
}

/**
 * CloudWatch's log delivery has no resources of its own: AWS wants `*` for these (Step Functions developer guide,
 * "Using CloudWatch Logs to log execution history").
 */
export const LOG_DELIVERY = [
  "logs:CreateLogDelivery",
  "logs:GetLogDelivery",
  "logs:UpdateLogDelivery",
  "logs:DeleteLogDelivery",
  "logs:ListLogDeliveries",
  "logs:PutResourcePolicy",
  "logs:DescribeResourcePolicies",
  "logs:DescribeLogGroups",
] as const;

/** A state machine that may invoke its functions and nothing else; its errors are in a log group of its own. */
export class StateMachine extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: StateMachineArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:sfn:StateMachine", name, {}, opts);
    const { site, functions, definition } = args;
    const machineName = namesOf(site).stateMachine;
    // AWS asks for this prefix: other names fill the account's resource policy for logs (Step Functions developer guide).
    const logs = new aws.cloudwatch.LogGroup(
      `${name}-logs`,
      { name: `/aws/vendedlogs/states/${machineName}`, retentionInDays: site.logDays },
      { parent: this },
    );
    const statements = [
      { sid: "InvokeOwnFunctions", actions: ["lambda:InvokeFunction"], resources: Object.values(functions) },
      { sid: "DeliverLogs", actions: LOG_DELIVERY, resources: ["*"] },
      ...writeTraces(site),
    ];
    const roleArgs = { site, duty: "state-machine", service: "states.amazonaws.com", statements };
    const role = new ServiceRole(name, roleArgs, { parent: this });
    const machine = new aws.sfn.StateMachine(
      `${name}-machine`,
      {
        name: machineName,
        type: "STANDARD",
        roleArn: role.arn,
        definition: pulumi.all({ ...functions }).apply((arns) => JSON.stringify(definition(arnIn(arns)))),
        loggingConfiguration: {
          level: "ERROR",
          includeExecutionData: true,
          logDestination: pulumi.interpolate`${logs.arn}:*`,
        },
        tracingConfiguration: { enabled: site.tracing },
      },
      { parent: this, dependsOn: [role.policy] },
    );
    this.arn = machine.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

const arnIn = (arns: Readonly<Record<string, string>>) => (fn: string) => {
  const arn = arns[fn];
  if (arn === undefined)
    throw new Error(`the state machine uses ${fn}, which is not one of ${Object.keys(arns).join(", ")}`);
  return arn;
};
