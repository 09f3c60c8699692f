import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import type { Heard } from "./heard.js";

/** Where events go: to a queue, whose own policy lets the rule in, or to another bus with a role that may put events there. */
export interface Target {
  readonly label: string;
  readonly arn: pulumi.Input<string>;
  readonly roleArn?: pulumi.Input<string>;
}

export interface EventRulesArgs {
  readonly heard: readonly Heard[];
  /** By what is heard. */
  readonly ruleName: (what: string) => string;
  /** The bus to listen at. @default the default bus of the region */
  readonly bus?: pulumi.Input<string>;
  readonly targets: readonly Target[];
  /** The queue for events that could not be delivered. */
  readonly deadLettersArn: pulumi.Input<string>;
}

/** Catches what AWS says of each kind and its workflows and hands it on: a rule for each. */
export class EventRules extends pulumi.ComponentResource {
  constructor(name: string, args: EventRulesArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:events:EventRules", name, {}, opts);
    const bus = args.bus === undefined ? {} : { eventBusName: args.bus };
    for (const { what, description, pattern } of args.heard) {
      const rule = new aws.cloudwatch.EventRule(
        `${name}-${what}-rule`,
        {
          ...{ name: args.ruleName(what), description, ...bus, eventPattern: pattern },
        },
        { parent: this },
      );
      for (const { label, arn, roleArn } of args.targets) {
        const role = roleArn === undefined ? {} : { roleArn };
        new aws.cloudwatch.EventTarget(
          `${name}-${what}-${label}`,
          { rule: rule.name, ...bus, targetId: label, arn, ...role, deadLetterConfig: { arn: args.deadLettersArn } },
          { parent: this },
        );
      }
    }
    this.registerOutputs({});
  }
}
