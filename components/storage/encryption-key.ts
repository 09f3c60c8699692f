import * as aws from "@pulumi/aws";
import * as pulumi from "@pulumi/pulumi";
import { TAG } from "../../core/names/tags.js";
import { namesOf, type Site } from "../site.js";

export interface EncryptionKeyArgs {
  readonly site: Site;
}

/** Days in which a deletion can be called off: the most that KMS offers, and the least where nothing is worth it. */
const WINDOW_DAYS = { protected: 30, unprotected: 7 };

/**
 * The stack's key: what is told to people and what is on its way to the trigger is encrypted with it. The ledger is not: its
 * table and bucket must stay readable in a disaster, by the peer too, so that they stand on keys that nobody can delete.
 */
export class EncryptionKey extends pulumi.ComponentResource {
  readonly arn: pulumi.Output<string>;

  constructor(name: string, { site }: EncryptionKeyArgs, opts: pulumi.ComponentResourceOptions) {
    super("lockstep:kms:EncryptionKey", name, {}, opts);
    const key = new aws.kms.Key(
      `${name}-key`,
      {
        description: `Lockstep ${namesOf(site).prefix}: alerts, events and dead letters`,
        enableKeyRotation: true,
        deletionWindowInDays: site.protect ? WINDOW_DAYS.protected : WINDOW_DAYS.unprotected,
        policy: keyPolicy(site),
        // KMS makes up the ids of keys: by this tag a deployer's rights can be limited to ours.
        tags: { [TAG.deployment]: site.settings.deployment },
      },
      { parent: this, protect: site.protect },
    );
    new aws.kms.Alias(`${name}-alias`, { name: namesOf(site).keyAlias, targetKeyId: key.keyId }, { parent: this });
    this.arn = key.arn;
    this.registerOutputs({ arn: this.arn });
  }
}

/**
 * CloudWatch publishes alarms and EventBridge writes into our queues as services, with no role of ours (SNS developer guide,
 * "Enable compatibility between event sources from AWS services and encrypted topics"; EventBridge user guide, "Using
 * dead-letter queues" and "Amazon SQS permissions"). No condition on the source: what a service leaves out of its call would drop alarms unseen.
 */
const keyPolicy = (site: Site): pulumi.Output<string> =>
  pulumi.jsonStringify({
    Version: "2012-10-17",
    Statement: [
      {
        // Without it nobody could ever change the key again (KMS developer guide, "Default key policy").
        Sid: "OwnAccount",
        Effect: "Allow",
        Principal: { AWS: pulumi.interpolate`arn:${site.partition}:iam::${site.account}:root` },
        Action: "kms:*",
        Resource: "*",
      },
      {
        Sid: "Services",
        Effect: "Allow",
        Principal: { Service: ["cloudwatch.amazonaws.com", "events.amazonaws.com"] },
        Action: ["kms:Decrypt", "kms:GenerateDataKey*"],
        Resource: "*",
      },
    ],
  });
