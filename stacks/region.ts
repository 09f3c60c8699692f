import type { Output } from "@pulumi/pulumi";
import type { Controller } from "../components/controller.js";
import type { Ledger } from "../components/ledger.js";
import type { Notifications } from "../components/notifications.js";
import type { PeerBus } from "../components/peer-bus.js";
import type { Site } from "../components/site.js";

export interface RegionArgs {
  readonly site: Site;
  /** Who is told of failures. */
  readonly emails: readonly string[];
}

/** What a primary or DR stack says of itself. */
export interface RegionOutputs {
  readonly role: string;
  readonly region: string;
  readonly deployment: string;
  readonly peers: readonly string[];
  /** Settings, runs and the maps of points. */
  readonly bucket: Output<string>;
  /** Lease, marks, claims, runs and alerts. */
  readonly table: Output<string>;
  /** Where each cause of trouble is told once. */
  readonly topicArn: Output<string>;
  /** Reconcile. */
  readonly stateMachineArn: Output<string>;
  /** Name of the function that starts Reconcile. */
  readonly triggerFunction: Output<string>;
  /** Where the peers' events arrive. */
  readonly peerBusArn: Output<string>;
}

interface Parts {
  readonly site: Site;
  readonly ledger: Ledger;
  readonly notifications: Notifications;
  readonly controller: Controller;
  readonly peerBus: PeerBus;
}

export const outputsOf = ({ site, ledger, notifications, controller, peerBus }: Parts): RegionOutputs => ({
  role: site.settings.role,
  region: site.settings.region,
  deployment: site.settings.deployment,
  peers: site.settings.peers,
  bucket: ledger.bucketName,
  table: ledger.tableName,
  topicArn: notifications.topicArn,
  stateMachineArn: controller.stateMachineArn,
  triggerFunction: controller.trigger.functionName,
  peerBusArn: peerBus.arn,
});
