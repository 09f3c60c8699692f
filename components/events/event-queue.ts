import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stacksFor } from "../../kinds/stacks.js";
import { LAMBDA_SECONDS } from "../../machines/timeouts.js";
import { arnsOf } from "../iam/arns.js";
import { queueOfRules } from "../iam/resource-policies.js";
import type { CallbackLambda } from "../lambda/callback-lambda.js";
import type { DeadLetters } from "../lambda/dead-letters.js";
import { namesOf, type Site } from "../site.js";
import { heardOf } from "./heard.js";

export interface EventQueueArgs {
  readonly site: Site;
  /** Takes the batches. */
  readonly trigger: CallbackLambda;
  readonly deadLetters: DeadLetters;
  /** What waits in the queue is encrypted with it. */
  readonly keyArn: pulumi.Input<string>;
  /** How long a batch is gathered from its first event on; 0 to 300. */
  readonly batchSeconds: number;
}

/** Events in one batch: without a window SQS hands over 10 at most (Lambda API reference, CreateEventSourceMapping). */
const BATCH = { gathered: 1000, atOnce: 10 };
/** Fewer, and throttling alone would drive good events out (Lambda developer guide, "Creating and configuring an Amazon SQS event source mapping"). */
const RECEIVES = 5;
/** The same guide asks for six times the function's timeout plus the window. */
const TIMEOUTS = 6;
/** The fewest that Lambda takes: a second batch would only mark a run that is already under way. */
const AT_ONCE = 2;
/**
 * Where events wait until a batch of them wakes the trigger: a hundred completions cost one look at both
 * regions. What the trigger cannot read ends among the dead letters. An event that is lost all the same is made up for by
 * the tick, as ever.
 */
export class EventQueue extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;
  readonly url: pulumi.Output<string>;

  constructor(name: string, args: EventQueueArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:sqs:EventQueue", name, {}, opts);
    const { site, trigger, deadLetters, keyArn, batchSeconds } = args;
    const { events, eventRules } = arnsOf(site);
    const kinds = stacksFor(site.settings);
    const delaySeconds = Math.max(...Object.values(kinds).map((kind) => kind.delaySeconds(site)));
    const queue = new aws.sqs.Queue(
      `${name}-queue`,
      {
        name: namesOf(site).events,
        kmsMasterKeyId: keyArn,
        ...(delaySeconds > 0 && { delaySeconds }),
        visibilityTimeoutSeconds: TIMEOUTS * LAMBDA_SECONDS.trigger + batchSeconds,
        redrivePolicy: pulumi.jsonStringify({ deadLetterTargetArn: deadLetters.queueArn, maxReceiveCount: RECEIVES }),
        policy: queueOfRules(events, { ArnEquals: { "aws:SourceArn": eventRules(heardOf(kinds)) } }),
      },
      { parent: this },
    );
    new aws.lambda.EventSourceMapping(
      `${name}-mapping`,
      {
        eventSourceArn: queue.arn,
        functionName: trigger.arn,
        batchSize: batchSeconds > 0 ? BATCH.gathered : BATCH.atOnce,
        maximumBatchingWindowInSeconds: batchSeconds,
        functionResponseTypes: ["ReportBatchItemFailures"],
        scalingConfig: { maximumConcurrency: AT_ONCE },
      },
      { parent: this },
    );
    this.arn = queue.arn;
    this.url = queue.url;
    this.registerOutputs({ arn: this.arn, url: this.url });
  }
}
