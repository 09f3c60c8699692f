import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { stacksFor } from "../../kinds/stacks.js";
import { arnsOf } from "../iam/arns.js";
import type { DeadLetters } from "../lambda/dead-letters.js";
import { namesOf, type Site } from "../site.js";
import type { EventQueue } from "./event-queue.js";
import { EventRules } from "./event-rules.js";
import { heardFrom } from "./heard.js";

export interface PeerBusArgs {
  readonly site: Site;
  readonly queue: EventQueue;
  readonly deadLetters: DeadLetters;
}

/** Where the peer's events arrive. A bus of its own that forwards nothing, so that two regions cannot send in circles. */
export class PeerBus extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, args: PeerBusArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:events:PeerBus", name, {}, opts);
    const names = namesOf(args.site);
    const bus = new aws.cloudwatch.EventBus(`${name}-bus`, { name: names.peerBus }, { parent: this });
    new EventRules(
      name,
      {
        ruleName: names.peerRule,
        heard: heardFrom(stacksFor(args.site.settings), {
          where: "the peer region",
          machines: arnsOf(args.site).peerWorkflows,
        }),
        bus: bus.name,
        targets: [{ label: "queue", arn: args.queue.arn }],
        deadLettersArn: args.deadLetters.queueArn,
      },
      { parent: this },
    );
    this.arn = bus.arn;
    this.registerOutputs({ arn: this.arn });
  }
}
