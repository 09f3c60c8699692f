import { GetFunctionConfigurationCommand, LambdaClient } from "@aws-sdk/client-lambda";
import { paginateListSubscriptionsByTopic, SNSClient, type Subscription } from "@aws-sdk/client-sns";
import { topicPlace } from "../../core/config/notify.js";
import { names } from "../../core/names/names.js";
import type { ClientConfig } from "../../kinds/purger.js";
import type { Controller } from "../deploy/envs.js";
import { arnOf, type Caller } from "./caller.js";

/** Who is told of alerts and alarms of a region. */
export interface Listeners {
  /** How many have confirmed: mail, queues, functions and whatever else SNS delivers to. */
  readonly confirmed: number;
  /** Addresses that get nothing yet, because nobody there has confirmed (SNS developer guide, "Subscribing an email"). */
  readonly waiting: readonly string[];
}

/** Who listens to a controller's own topic, and to the existing one that it tells instead where it has one. */
export async function listenersOf(
  deployment: string,
  { role, region }: Controller,
  caller: Caller,
  config: ClientConfig,
): Promise<Listeners> {
  const n = names(deployment, role);
  const own = arnOf(caller, "sns", region, n.topic);
  const record = new GetFunctionConfigurationCommand({ FunctionName: n.lambda("record") });
  const { Environment } = await new LambdaClient(config).send(record);
  const told = Environment?.Variables?.["LOCKSTEP_TELL_TOPIC_ARN"] || own;
  const found = await Promise.all([...new Set([own, told])].map((topic) => subscriptionsTo(topic, config)));
  const all = found.flat();
  return {
    confirmed: all.filter(({ SubscriptionArn }) => SubscriptionArn?.startsWith("arn:")).length,
    waiting: all.flatMap((s) => (s.SubscriptionArn === "PendingConfirmation" ? (s.Endpoint ?? []) : [])),
  };
}

async function subscriptionsTo(TopicArn: string, config: ClientConfig): Promise<Subscription[]> {
  const client = new SNSClient({ ...config, region: topicPlace(TopicArn)?.region ?? config.region });
  const all: Subscription[] = [];
  for await (const page of paginateListSubscriptionsByTopic({ client }, { TopicArn }))
    all.push(...(page.Subscriptions ?? []));
  return all;
}

/** Something that keeps people from being told. */
interface Unheard {
  readonly headline: string;
  readonly why: string;
}

/** What keeps people from being told, whatever is sent; nothing where all is well. */
export function unheard({ confirmed, waiting }: Listeners): readonly Unheard[] {
  const open = `nothing is told to ${waiting.join(", ")} until the link in the mail of AWS is opened`;
  return [
    ...(confirmed === 0 ? [{ headline: "NOBODY IS TOLD", why: NOBODY }] : []),
    ...(waiting.length > 0 ? [{ headline: "NOT CONFIRMED", why: open }] : []),
  ];
}

const NOBODY =
  "no subscription to alerts and alarms is confirmed. " +
  "Set lockstep:emails or lockstep:topic and run `lockstep up`, or subscribe to the stack's topic";
