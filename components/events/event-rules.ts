import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { STACKS } from "../../kinds/stacks.js";

/** Where events go: to a queue, whose own policy lets the rule in, or to another bus with a role that may put events there. */
export interface Target {
  readonly label: string;
  readonly arn: pulumi.Input<string>;
  readonly roleArn?: pulumi.Input<string>;
}

export interface EventRulesArgs {
  /** By kind. */
  readonly ruleName: (kind: string) => string;
  /** Where the events are from. */
  readonly where: string;
  /** The bus to listen at. @default the default bus of the region */
  readonly bus?: pulumi.Input<string>;
  /** Only events that happened in this region; all without it. */
  readonly region?: string;
  readonly targets: readonly Target[];
  /** The queue for events that could not be delivered. */
  readonly deadLettersArn: pulumi.Input<string>;
}

/** Catches what AWS says of each kind and hands it on: a rule for each. */
export class EventRules extends pulumi.ComponentResource {
  constructor(name: string, args: EventRulesArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:events:EventRules", name, {}, opts);
    const bus = args.bus === undefined ? {} : { eventBusName: args.bus };
    for (const [kind, { events }] of Object.entries(STACKS)) {
      if (events === undefined) continue;
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${kind}-rule`,
        {
          name: args.ruleName(kind),
          description: `Events of ${kind} in ${args.where}`,
          ...bus,
          eventPattern: JSON.stringify({
            source: [events.source],
            "detail-type": events.detailTypes,
            ...(args.region && { region: [args.region] }),
          }),
        },
        { parent: this },
      );
      for (const { label, arn, roleArn } of args.targets) {
        const role = roleArn === undefined ? {} : { roleArn };
        new aws.cloudwatch.EventTarget(
          `${name}-${kind}-${label}`,
          { rule: rule.name, ...bus, targetId: label, arn, ...role, deadLetterConfig: { arn: args.deadLettersArn } },
          { parent: this },
        );
      }
    }
    this.registerOutputs({});
  }
}
