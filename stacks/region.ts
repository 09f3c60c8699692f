import * as pulumi from "@pulumi/pulumi";
import type { Adopter } from "../components/controller/adopter.js";
import { Controller } from "../components/controller/controller.js";
import type { FunctionContext } from "../components/controller/function-context.js";
import type { TriggerInvoker } from "../components/controller/trigger-schedule.js";
import { EventForwarding } from "../components/events/event-forwarding.js";
import { EventQueue } from "../components/events/event-queue.js";
import { PeerBus } from "../components/events/peer-bus.js";
import { DeadLetters } from "../components/lambda/dead-letters.js";
import { Monitoring } from "../components/monitoring/monitoring.js";
import { Notifications } from "../components/monitoring/notifications.js";
import type { Site } from "../components/site.js";
import { EncryptionKey } from "../components/storage/encryption-key.js";
import { Ledger } from "../components/storage/ledger.js";
import { NAMESPACE } from "../core/names/metrics.js";

export interface RegionArgs {
  readonly site: Site;
  /** Who is told of failures. */
  readonly emails: readonly string[];
  /** How long events of snapshots are gathered. */
  readonly batchSeconds: number;
}

/** What tells one kind of region from another. */
export interface RegionKind {
  /** Type of the stack's component. */
  readonly type: string;
  /** What starts runs beside events and the tick. */
  readonly schedules?: (site: Site, invoker: TriggerInvoker, opts: pulumi.ComponentResourceOptions) => void;
  /** What brings in snapshots of others. */
  readonly adopter?: (context: FunctionContext, opts: pulumi.ComponentResourceOptions) => Adopter;
}

/** A region with a controller of its own; but for what starts it and whom it lets in it is the same everywhere. */
export class Region extends pulumi.ComponentResource {
  readonly result: RegionOutputs;

  constructor(kind: RegionKind, name: string, args: RegionArgs, opts: pulumi.ComponentResourceOptions) {
    super(kind.type, name, {}, opts);
    const { site, emails, batchSeconds } = args;
    const own = { parent: this };
    const ledger = new Ledger("ledger", { site }, own);
    const key = new EncryptionKey("encryption", { site }, own);
    const notifications = new Notifications("alerts", { site, emails, keyArn: key.arn }, own);
    const deadLetters = new DeadLetters("dead-letters", { site, keyArn: key.arn }, own);
    const context = { site, ledger, topicArn: notifications.topicArn, keyArn: key.arn };
    const adopter = kind.adopter?.(context, own).forRuns;
    const controller = new Controller("controller", { ...context, deadLetters, adopter }, own);
    const { trigger } = controller;
    const queue = new EventQueue("batches", { site, trigger, deadLetters, keyArn: key.arn, batchSeconds }, own);
    const peerBus = new PeerBus("peer", { site, queue, deadLetters }, own);
    new EventForwarding("events", { site, queue, deadLetters }, own);
    kind.schedules?.(site, controller.invoker, own);
    const monitoring = new Monitoring("monitoring", { site, topicArn: notifications.topicArn }, own);
    this.result = {
      role: site.settings.role,
      region: site.settings.region,
      deployment: site.settings.deployment,
      peers: site.settings.peers,
      bucket: ledger.bucketName,
      table: ledger.tableName,
      topicArn: notifications.topicArn,
      stateMachineArn: controller.stateMachineArn,
      triggerFunction: trigger.functionName,
      peerBusArn: peerBus.arn,
      keyArn: key.arn,
      alarms: monitoring.alarmArns,
      dashboard: monitoring.dashboardName,
      metricNamespace: NAMESPACE,
      eventQueueUrl: queue.url,
      deadLetterQueueUrl: deadLetters.queueUrl,
    };
    this.registerOutputs({ ...this.result });
  }
}

/** What a primary or DR stack says of itself. */
export interface RegionOutputs {
  readonly role: string;
  readonly region: string;
  readonly deployment: string;
  readonly peers: readonly string[];
  /** Settings, runs and the maps of points. */
  readonly bucket: pulumi.Output<string>;
  /** Lease, marks, claims, runs and alerts. */
  readonly table: pulumi.Output<string>;
  /** Where each cause of trouble is told once. */
  readonly topicArn: pulumi.Output<string>;
  /** Reconcile. */
  readonly stateMachineArn: pulumi.Output<string>;
  /** Name of the function that starts Reconcile. */
  readonly triggerFunction: pulumi.Output<string>;
  /** Where the peers' events arrive. */
  readonly peerBusArn: pulumi.Output<string>;
  /** Encrypts topic, events and dead letters. */
  readonly keyArn: pulumi.Output<string>;
  /** ARN of each alarm, by what it is about. */
  readonly alarms: pulumi.Output<Record<string, string>>;
  /** Name of the dashboard. */
  readonly dashboard: pulumi.Output<string>;
  /** Namespace of the stack's metrics in CloudWatch. */
  readonly metricNamespace: string;
  /** URL of the queue where events of snapshots are gathered. */
  readonly eventQueueUrl: pulumi.Output<string>;
  /** URL of the queue that holds what did not reach the trigger. */
  readonly deadLetterQueueUrl: pulumi.Output<string>;
}
