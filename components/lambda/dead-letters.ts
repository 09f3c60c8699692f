import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { arnsOf } from "../iam/arns.js";
import { queueOfRules } from "../iam/resource-policies.js";
import { namesOf, type Site } from "../site.js";

export interface DeadLettersArgs {
  readonly site: Site;
  readonly keyArn: pulumi.Input<string>;
}

/** The longest that SQS keeps a message (SQS API reference, CreateQueue). */
const FOURTEEN_DAYS = 14 * 86_400;

/**
 * What could not be delivered: events by the rules, calls by the schedules, and what the trigger failed on. One queue for
 * all: a message says where it comes from, and an alarm tells of the first.
 */
export class DeadLetters extends pulumi.ComponentResource {
  readonly queueArn: pulumi.Output<string>;
  readonly queueUrl: pulumi.Output<string>;
  /** Whoever writes into the queue must be allowed to use it. */
  readonly keyArn: pulumi.Input<string>;

  constructor(name: string, { site, keyArn }: DeadLettersArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:sqs:DeadLetters", name, {}, opts);
    const { deadLetters, rules } = arnsOf(site);
    const queue = new aws.sqs.Queue(
      `${name}-queue`,
      {
        name: namesOf(site).deadLetters,
        kmsMasterKeyId: keyArn,
        messageRetentionSeconds: FOURTEEN_DAYS,
        // Schedules and functions write with their roles (EventBridge user guide, "Using dead-letter queues").
        policy: queueOfRules(deadLetters, { ArnLike: { "aws:SourceArn": rules } }),
      },
      { parent: this },
    );
    this.queueArn = queue.arn;
    this.queueUrl = queue.url;
    this.keyArn = keyArn;
    this.registerOutputs({ queueArn: this.queueArn, queueUrl: this.queueUrl });
  }
}
