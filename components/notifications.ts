import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { namesOf, type Site } from "./site.js";

export interface NotificationsArgs {
  readonly site: Site;
  /** Addresses that are told of failures. AWS asks each by mail to confirm and sends nothing before. */
  readonly emails: readonly string[];
}

/** The topic where each cause of trouble is told once. */
export class Notifications extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: NotificationsArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:sns:Notifications", name, {}, opts);
    const topic = new aws.sns.Topic(`${name}-topic`, { name: namesOf(args.site).topic }, { parent: this });
    for (const endpoint of args.emails) {
      new aws.sns.TopicSubscription(
        `${name}-email-${endpoint}`,
        { topic: topic.arn, protocol: "email", endpoint },
        { parent: this },
      );
    }
    this.topicArn = topic.arn;
    this.registerOutputs({ topicArn: this.topicArn });
  }
}
