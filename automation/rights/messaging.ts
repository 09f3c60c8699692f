import type { Inputs, Lifecycles, Place } from "./model.js";
import { global, named, of, regional, UNSEEN } from "./needs.js";

const bus = regional("events", "event-bus/", "name");
/** Rules of other buses than the default one carry the bus in their ARN. */
const ruleNamed =
  (input: string) =>
  (inputs: Inputs, { partition, region, account }: Place) => {
    const name = inputs["eventBusName"];
    const on = typeof name === "string" && name !== "default" ? `${named(inputs, "eventBusName")}/` : "";
    return [`arn:${partition}:events:${region}:${account}:rule/${on}${named(inputs, input)}`];
  };
const rule = ruleNamed("name");
const ruleOfTarget = ruleNamed("rule");
const schedule = regional("scheduler", "schedule/default/", "name");
const topic = regional("sns", "", "name");
const subscribed = regional("sns", "", "topic");
const queue = regional("sqs", "", "name");
const alarm = regional("cloudwatch", "alarm:", "name");
const dashboard = global("cloudwatch", "dashboard/", "dashboardName");

/** Events and schedules, what people are told, and what watches. */
export const MESSAGING: Lifecycles = {
  "aws:cloudwatch/eventBus:EventBus": [
    { on: bus, actions: of("events", "CreateEventBus DescribeEventBus ListTagsForResource DeleteEventBus") },
    { on: bus, actions: of("events", "UpdateEventBus TagResource UntagResource"), unseen: UNSEEN.change },
  ],
  "aws:cloudwatch/eventRule:EventRule": [
    { on: rule, actions: of("events", "PutRule DescribeRule ListTagsForResource DeleteRule") },
    { on: rule, actions: of("events", "TagResource UntagResource"), unseen: UNSEEN.change },
  ],
  "aws:cloudwatch/eventTarget:EventTarget": [
    { on: ruleOfTarget, actions: of("events", "PutTargets ListTargetsByRule RemoveTargets") },
  ],
  "aws:scheduler/schedule:Schedule": [
    { on: schedule, actions: of("scheduler", "CreateSchedule GetSchedule DeleteSchedule") },
    { on: schedule, actions: of("scheduler", "UpdateSchedule"), unseen: UNSEEN.change },
  ],
  "aws:sns/topic:Topic": [
    { on: topic, actions: of("sns", "CreateTopic GetTopicAttributes ListTagsForResource DeleteTopic") },
    // CreateTopic takes the attributes only in the stand-in; the official provider sets them afterwards.
    { on: topic, actions: of("sns", "SetTopicAttributes TagResource UntagResource"), unseen: UNSEEN.change },
  ],
  "aws:sns/topicSubscription:TopicSubscription": [
    { on: subscribed, actions: of("sns", "Subscribe GetSubscriptionAttributes Unsubscribe") },
    {
      on: subscribed,
      actions: of("sns", "SetSubscriptionAttributes ListSubscriptionsByTopic"),
      unseen: UNSEEN.official,
    },
  ],
  "aws:sqs/queue:Queue": [
    { on: queue, actions: of("sqs", "CreateQueue GetQueueAttributes ListQueueTags DeleteQueue") },
    { on: queue, actions: of("sqs", "SetQueueAttributes TagQueue UntagQueue"), unseen: UNSEEN.change },
    { on: queue, actions: of("sqs", "GetQueueUrl"), unseen: UNSEEN.official },
  ],
  "aws:cloudwatch/metricAlarm:MetricAlarm": [
    { on: alarm, actions: of("cloudwatch", "PutMetricAlarm DescribeAlarms ListTagsForResource DeleteAlarms") },
    { on: alarm, actions: of("cloudwatch", "TagResource UntagResource"), unseen: UNSEEN.change },
  ],
  "aws:cloudwatch/dashboard:Dashboard": [
    { on: dashboard, actions: of("cloudwatch", "PutDashboard GetDashboard DeleteDashboards") },
  ],
};
