import * as pulumi from "@pulumi/pulumi";
import { Controller } from "../components/controller.js";
import { DeadLetters } from "../components/dead-letters.js";
import { DrPuller } from "../components/dr-puller.js";
import { EncryptionKey } from "../components/encryption-key.js";
import { EventForwarding } from "../components/event-forwarding.js";
import { EventQueue } from "../components/event-queue.js";
import { Ledger } from "../components/ledger.js";
import { Monitoring } from "../components/monitoring.js";
import { Notifications } from "../components/notifications.js";
import { PeerBus } from "../components/peer-bus.js";
import { outputsOf, type RegionArgs, type RegionOutputs } from "./region.js";

/** A DR region: pulls copies of its peers' points and expires them by its own rules, also when the peers are gone. */
export class Dr extends pulumi.ComponentResource {
  readonly result: RegionOutputs;

  constructor(name: string, args: RegionArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:stacks:Dr", name, {}, opts);
    const { site } = args;
    const own = { parent: this };
    const ledger = new Ledger("ledger", { site }, own);
    const key = new EncryptionKey("encryption", { site }, own);
    const notifications = new Notifications("alerts", { site, emails: args.emails, keyArn: key.arn }, own);
    const deadLetters = new DeadLetters("dead-letters", { site, keyArn: key.arn }, own);
    const context = { site, ledger, topicArn: notifications.topicArn, keyArn: key.arn };
    const hand = new DrPuller("puller", context, own);
    const controller = new Controller("controller", { ...context, hand, deadLetters }, own);
    const { trigger } = controller;
    const events = { site, trigger, deadLetters, keyArn: key.arn, batchSeconds: args.batchSeconds };
    const queue = new EventQueue("batches", events, own);
    const peerBus = new PeerBus("peer", { site, queue, deadLetters }, own);
    new EventForwarding("events", { site, queue, deadLetters }, own);
    const monitoring = new Monitoring("monitoring", { site, topicArn: notifications.topicArn }, own);
    this.result = outputsOf({ site, ledger, key, notifications, deadLetters, controller, queue, peerBus, monitoring });
    this.registerOutputs({ ...this.result });
  }
}
