import * as pulumi from "@pulumi/pulumi";
import { topicPlace } from "../../core/config/notify.js";
import { REFUSED_KEY, SETTINGS_KEY } from "../../core/names/names.js";
import type { DeadLetters } from "../lambda/dead-letters.js";
import type { Site } from "../site.js";
import type { Ledger } from "../storage/ledger.js";
import { arnsOf } from "./arns.js";
import type { Statement } from "./service-role.js";

/** What functions are allowed beside EC2. */

export const useTable = (ledger: Ledger, ...actions: readonly string[]): Statement => ({
  sid: "UseLedger",
  actions: actions.map((action) => `dynamodb:${action}`),
  resources: [ledger.tableArn],
});

export const readSettings = (ledger: Ledger): Statement => ({
  sid: "ReadSettings",
  actions: ["s3:GetObject"],
  resources: [pulumi.interpolate`${ledger.bucketArn}/${SETTINGS_KEY}`],
});

/** Objects of runs or of points, by the folder they lie in. */
export const objects = (
  ledger: Ledger,
  sid: string,
  folder: "runs" | "points",
  ...actions: readonly string[]
): Statement => ({
  sid,
  actions: actions.map((action) => `s3:${action}`),
  resources: [pulumi.interpolate`${ledger.bucketArn}/${folder}/*`],
});

/** The maps of the peers' points: which volume was which device. */
export const readPeerPoints = (site: Site): Statement => ({
  sid: "ReadPeerPoints",
  actions: ["s3:GetObject"],
  resources: site.settings.peers.map((peer) => pulumi.interpolate`${arnsOf(site).peerBucket(peer)}/points/*`),
});

/** What AWS said here, and in the peers' regions, that it never does. */
export const readRefused = (site: Site, ledger: Ledger): Statement => ({
  sid: "ReadRefused",
  actions: ["s3:GetObject"],
  resources: [ledger.bucketArn, ...site.settings.peers.map(arnsOf(site).peerBucket)].map(
    (bucket) => pulumi.interpolate`${bucket}/${REFUSED_KEY}`,
  ),
});

export const writeRefused = (ledger: Ledger): Statement => ({
  sid: "WriteRefused",
  actions: ["s3:PutObject"],
  resources: [pulumi.interpolate`${ledger.bucketArn}/${REFUSED_KEY}`],
});

/** Without it S3 says "access denied" of an object that is not there, instead of that (S3 API reference, GetObject). */
export const missObjects = (sid: string, buckets: readonly pulumi.Input<string>[]): Statement => ({
  sid,
  actions: ["s3:ListBucket"],
  resources: buckets,
});

/** Publishing to the stack's topic, or to the one that is there already, under whichever key that is. */
export function notifyPeople(site: Site, own: pulumi.Input<string>, keyArn: pulumi.Input<string>): Statement[] {
  const topic = site.notify?.topic;
  const place = topic === undefined ? undefined : topicPlace(topic);
  const publish = { sid: "TellPeople", actions: ["sns:Publish"], resources: [topic ?? own] };
  if (place === undefined) return [publish, useKey(keyArn)];
  const { region, account } = place;
  return [
    publish,
    {
      ...useKey(pulumi.interpolate`arn:${site.partition}:kms:${region}:${account}:key/*`),
      sid: "UseTopicKey",
      conditions: { StringEquals: { "kms:ViaService": `sns.${region}.amazonaws.com` } },
    },
  ];
}

export const startMachine = (site: Site): Statement => ({
  sid: "StartReconcile",
  actions: ["states:StartExecution"],
  resources: [arnsOf(site).stateMachine],
});

/** What an event source mapping needs of its function's role (Lambda developer guide, "Creating and configuring an Amazon SQS event source mapping"). */
export const takeEvents = (site: Site): Statement => ({
  sid: "TakeEvents",
  actions: ["sqs:ReceiveMessage", "sqs:DeleteMessage", "sqs:GetQueueAttributes"],
  resources: [arnsOf(site).events],
});

/** Reading and writing what is encrypted with the stack's key: topics and queues do it on behalf of who sends to them. */
const useKey = (keyArn: pulumi.Input<string>): Statement => ({
  sid: "UseKey",
  actions: ["kms:Decrypt", "kms:GenerateDataKey"],
  resources: [keyArn],
});

/** Putting what cannot be delivered where it is seen. */
export const deadLetter = ({ queueArn, keyArn }: DeadLetters): Statement[] => [
  { sid: "WriteDeadLetters", actions: ["sqs:SendMessage"], resources: [queueArn] },
  useKey(keyArn),
];
