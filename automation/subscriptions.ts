import { paginateListSubscriptionsByTopic, SNSClient } from "@aws-sdk/client-sns";
import { names } from "../core/names.js";
import { arnOf, type Caller } from "./caller.js";
import type { ClientConfig } from "./client-config.js";
import type { StackRecord } from "./envs.js";

/** Addresses that get no alert yet, because nobody there has confirmed (SNS developer guide, "Subscribing an email"). */
export async function unconfirmed(
  deployment: string,
  { role, region }: StackRecord,
  caller: Caller,
  config: ClientConfig,
): Promise<readonly string[]> {
  if (role === "workload") return [];
  const TopicArn = arnOf(caller, "sns", region, names(deployment, role).topic);
  const open: string[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client: new SNSClient(config) }, { TopicArn })) {
    const waiting = (page.Subscriptions ?? []).filter((s) => s.SubscriptionArn === "PendingConfirmation");
    open.push(...waiting.flatMap((s) => s.Endpoint ?? []));
  }
  return open;
}
