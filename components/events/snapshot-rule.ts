import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";

/** What EBS says of snapshots (EBS user guide, "EventBridge for Amazon EBS"): of single ones and of sets. */
const DETAIL_TYPES = ["EBS Snapshot Notification", "EBS Multi-Volume Snapshots Completion Status"];

/** Where events go: to a queue, whose own policy lets the rule in, or to another bus with a role that may put events there. */
export interface Target {
  readonly label: string;
  readonly arn: pulumi.Input<string>;
  readonly roleArn?: pulumi.Input<string>;
}

export interface SnapshotRuleArgs {
  readonly ruleName: string;
  readonly description: string;
  /** The bus to listen at. @default the default bus of the region */
  readonly bus?: pulumi.Input<string>;
  /** Only events that happened in this region; all without it. */
  readonly region?: string;
  readonly targets: readonly Target[];
  /** The queue for events that could not be delivered. */
  readonly deadLettersArn: pulumi.Input<string>;
}

/** Catches what EBS says of snapshots and hands it on. */
export class SnapshotRule extends pulumi.ComponentResource {
  constructor(name: string, args: SnapshotRuleArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:events:SnapshotRule", name, {}, opts);
    const bus = args.bus === undefined ? {} : { eventBusName: args.bus };
    const rule = new aws.cloudwatch.EventRule(
      `${name}-rule`,
      {
        name: args.ruleName,
        description: args.description,
        ...bus,
        eventPattern: JSON.stringify({
          source: ["aws.ec2"],
          "detail-type": DETAIL_TYPES,
          ...(args.region && { region: [args.region] }),
        }),
      },
      { parent: this },
    );
    for (const { label, arn, roleArn } of args.targets) {
      const role = roleArn === undefined ? {} : { roleArn };
      new aws.cloudwatch.EventTarget(
        `${name}-${label}`,
        { rule: rule.name, ...bus, targetId: label, arn, ...role, deadLetterConfig: { arn: args.deadLettersArn } },
        { parent: this },
      );
    }
    this.registerOutputs({});
  }
}
