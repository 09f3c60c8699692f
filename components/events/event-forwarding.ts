import * as pulumi from "@pulumi/pulumi";
import { stacksFor } from "../../kinds/stacks.js";
import { arnsOf } from "../iam/arns.js";
import { ServiceRole } from "../iam/service-role.js";
import type { DeadLetters } from "../lambda/dead-letters.js";
import { namesOf, type Site } from "../site.js";
import type { EventQueue } from "./event-queue.js";
import { EventRules, type Target } from "./event-rules.js";
import { heardFrom } from "./heard.js";

export interface EventForwardingArgs {
  readonly site: Site;
  readonly queue: EventQueue;
  readonly deadLetters: DeadLetters;
}

/**
 * Tells the own event queue and the peers of what happens in this region. Only of this region: what came from elsewhere is
 * never sent on. A peer's bus is known by its name, so that it need not exist yet.
 */
export class EventForwarding extends pulumi.ComponentResource {
  constructor(name: string, args: EventForwardingArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:events:EventForwarding", name, {}, opts);
    const { site, queue } = args;
    const { peers, region } = site.settings;
    const buses = peers.map((peer) => ({ label: peer, arn: arnsOf(site).peerBus(peer) }));
    const targets: Target[] = [{ label: "queue", arn: queue.arn }];
    if (buses.length > 0) {
      const statements = [{ sid: "TellPeers", actions: ["events:PutEvents"], resources: buses.map(({ arn }) => arn) }];
      const roleArgs = { site, duty: "events", service: "events.amazonaws.com", statements };
      const role = new ServiceRole(name, roleArgs, { parent: this });
      targets.push(...buses.map((bus) => ({ ...bus, roleArn: role.arn })));
    }
    new EventRules(
      name,
      {
        ruleName: namesOf(site).eventRule,
        heard: heardFrom(stacksFor(site.settings), {
          ...{ where: "this region", region },
          machines: (kind, workflow) => [arnsOf(site).workflow(kind, workflow)],
        }),
        targets,
        deadLettersArn: args.deadLetters.queueArn,
      },
      { parent: this },
    );
    this.registerOutputs({});
  }
}
