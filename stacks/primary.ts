import * as pulumi from "@pulumi/pulumi";
import { Controller } from "../components/controller.js";
import { Creator } from "../components/creator.js";
import { EventForwarding } from "../components/event-forwarding.js";
import { Ledger } from "../components/ledger.js";
import { Notifications } from "../components/notifications.js";
import { PeerBus } from "../components/peer-bus.js";
import { PolicySchedules } from "../components/policy-schedules.js";
import { outputsOf, type RegionArgs, type RegionOutputs } from "./region.js";

/** The primary region: makes points of its resources on schedule and expires them. */
export class Primary extends pulumi.ComponentResource {
  readonly result: RegionOutputs;

  constructor(name: string, args: RegionArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:stacks:Primary", name, {}, opts);
    const { site } = args;
    const own = { parent: this };
    const ledger = new Ledger("ledger", { site }, own);
    const notifications = new Notifications("alerts", { site, emails: args.emails }, own);
    const context = { site, ledger, topicArn: notifications.topicArn };
    const hand = new Creator("creator", context, own);
    const controller = new Controller("controller", { ...context, hand }, own);
    const peerBus = new PeerBus("peer", { site, trigger: controller.trigger }, own);
    new EventForwarding("events", { site, trigger: controller.trigger }, own);
    new PolicySchedules("policy", { site, invoker: controller.invoker }, own);
    this.result = outputsOf({ site, ledger, notifications, controller, peerBus });
    this.registerOutputs({ ...this.result });
  }
}
