import type { Output } from "@pulumi/pulumi";
import type { Controller } from "../components/controller.js";
import type { DeadLetters } from "../components/dead-letters.js";
import type { EncryptionKey } from "../components/encryption-key.js";
import type { EventQueue } from "../components/event-queue.js";
import type { Ledger } from "../components/ledger.js";
import type { Monitoring } from "../components/monitoring.js";
import type { Notifications } from "../components/notifications.js";
import type { PeerBus } from "../components/peer-bus.js";
import type { Site } from "../components/site.js";
import { NAMESPACE } from "../core/metrics.js";

export interface RegionArgs {
  readonly site: Site;
  /** Who is told of failures. */
  readonly emails: readonly string[];
  /** How long events of snapshots are gathered. */
  readonly batchSeconds: number;
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
  /** Encrypts topic, events and dead letters. */
  readonly keyArn: Output<string>;
  /** ARN of each alarm, by what it is about. */
  readonly alarms: Output<Record<string, string>>;
  /** Name of the dashboard. */
  readonly dashboard: Output<string>;
  /** Namespace of the stack's metrics in CloudWatch. */
  readonly metricNamespace: string;
  /** URL of the queue where events of snapshots are gathered. */
  readonly eventQueueUrl: Output<string>;
  /** URL of the queue that holds what did not reach the trigger. */
  readonly deadLetterQueueUrl: Output<string>;
}

interface Parts {
  readonly site: Site;
  readonly ledger: Ledger;
  readonly key: EncryptionKey;
  readonly notifications: Notifications;
  readonly deadLetters: DeadLetters;
  readonly controller: Controller;
  readonly queue: EventQueue;
  readonly peerBus: PeerBus;
  readonly monitoring: Monitoring;
}

export const outputsOf = (parts: Parts): RegionOutputs => ({
  role: parts.site.settings.role,
  region: parts.site.settings.region,
  deployment: parts.site.settings.deployment,
  peers: parts.site.settings.peers,
  bucket: parts.ledger.bucketName,
  table: parts.ledger.tableName,
  topicArn: parts.notifications.topicArn,
  stateMachineArn: parts.controller.stateMachineArn,
  triggerFunction: parts.controller.trigger.functionName,
  peerBusArn: parts.peerBus.arn,
  keyArn: parts.key.arn,
  alarms: parts.monitoring.alarmArns,
  dashboard: parts.monitoring.dashboardName,
  metricNamespace: NAMESPACE,
  eventQueueUrl: parts.queue.url,
  deadLetterQueueUrl: parts.deadLetters.queueUrl,
});
