import * as pulumi from "@pulumi/pulumi";
import { Controller } from "../components/controller.js";
import { DrPuller } from "../components/dr-puller.js";
import { EventForwarding } from "../components/event-forwarding.js";
import { Ledger } from "../components/ledger.js";
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
    const notifications = new Notifications("alerts", { site, emails: args.emails }, own);
    const context = { site, ledger, topicArn: notifications.topicArn };
    const hand = new DrPuller("puller", context, own);
    const controller = new Controller("controller", { ...context, hand }, own);
    const peerBus = new PeerBus("peer", { site, trigger: controller.trigger }, own);
    new EventForwarding("events", { site, trigger: controller.trigger }, own);
    this.result = outputsOf({ site, ledger, notifications, controller, peerBus });
    this.registerOutputs({ ...this.result });
  }
}
