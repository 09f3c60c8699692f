import type { Input } from "@pulumi/pulumi";
import type { CallbackLambdaArgs } from "../lambda/callback-lambda.js";
import type { Site } from "../site.js";
import type { Ledger } from "../storage/ledger.js";

/** What every function of a stack stands on. */
export interface FunctionContext {
  readonly site: Site;
  readonly ledger: Ledger;
  readonly topicArn: CallbackLambdaArgs["environment"][string];
  /** The stack's key; the topic is encrypted with it. */
  readonly keyArn: Input<string>;
}

/** The environment that every handler reads. */
export const environmentOf = ({ site, ledger, topicArn }: FunctionContext): CallbackLambdaArgs["environment"] => ({
  LOCKSTEP_DEPLOYMENT: site.settings.deployment,
  LOCKSTEP_ROLE: site.settings.role,
  LOCKSTEP_TABLE: ledger.tableName,
  LOCKSTEP_BUCKET: ledger.bucketName,
  LOCKSTEP_TOPIC_ARN: topicArn,
});
