import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnsOf } from "../iam/arns.js";
import { denyPlainHttp } from "../iam/resource-policies.js";
import { namesOf, type Site } from "../site.js";

export interface NotificationsArgs {
  readonly site: Site;
  /** Addresses that are told of failures. AWS asks each by mail to confirm and sends nothing before. */
  readonly emails: readonly string[];
  /** What is told is encrypted with it. */
  readonly keyArn: pulumi.Input<string>;
}

/** The topic where each cause of trouble is told once. */
export class Notifications extends pulumi.ComponentResource {
  readonly topicArn: pulumi.Output<string>;

  constructor(name: string, args: NotificationsArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:sns:Notifications", name, {}, opts);
    const { site, keyArn } = args;
    const topic = new aws.sns.Topic(
      `${name}-topic`,
      // Not the AWS-managed key: it admits no other service, so that alarms would be dropped without a word.
      { name: namesOf(site).topic, kmsMasterKeyId: keyArn, policy: topicPolicy(site) },
      { parent: this },
    );
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

/** Alarms of this account may publish; its roles may by their own policies (SNS developer guide, "Access control"). */
function topicPolicy(site: Site): pulumi.Output<string> {
  const topic = arnsOf(site).topic;
  return pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        Sid: "Alarms",
        Effect: "Allow",
        Principal: { Service: "cloudwatch.amazonaws.com" },
        Action: "sns:Publish",
        Resource: topic,
        Condition: { StringEquals: { "aws:SourceAccount": site.account } },
      },
      denyPlainHttp(["sns:Publish"], [topic]),
    ],
  });
}
