import type { ResourceType } from "../resource.js";
import { metricAlarm } from "./alarm.js";
import { dashboard } from "./dashboard.js";
import { table } from "./dynamodb.js";
import { volume } from "./ebs-volume.js";
import { volumeAttachment } from "./ec2-attachment.js";
import { instance } from "./ec2-instance.js";
import { eventBus } from "./event-bus.js";
import { eventRule } from "./event-rule.js";
import { eventTarget } from "./event-target.js";
import { rolePolicy, rolePolicyAttachment } from "./iam-policies.js";
import { role } from "./iam-role.js";
import { alias, key } from "./kms.js";
import { lambdaFunction } from "./lambda-function.js";
import { eventSourceMapping } from "./lambda-mapping.js";
import { permission } from "./lambda-permission.js";
import { launchTemplate } from "./launch-template.js";
import { logGroup } from "./logs.js";
import { eip, internetGateway, natGateway } from "./network-gateways.js";
import { route, routeTable, routeTableAssociation } from "./network-routes.js";
import { subnet, vpc } from "./network-vpc.js";
import { bucket, bucketV2 } from "./s3-bucket.js";
import { bucketLifecycle } from "./s3-lifecycle.js";
import { bucketObject, bucketObjectv2 } from "./s3-object.js";
import { bucketSettings } from "./s3-settings.js";
import { schedule, scheduleGroup } from "./scheduler.js";
import { securityGroup, securityGroupRules } from "./security-group.js";
import { topic, topicPolicy, topicSubscription } from "./sns.js";
import { queue, queuePolicy } from "./sqs.js";
import { stateMachine } from "./state-machine.js";

const ALL: readonly ResourceType[] = [
  ...[role, rolePolicy, rolePolicyAttachment],
  ...[lambdaFunction, permission, eventSourceMapping, logGroup, stateMachine],
  ...[eventBus, eventRule, eventTarget, schedule, scheduleGroup],
  ...[table, bucket, bucketV2, ...bucketSettings, bucketLifecycle, bucketObject, bucketObjectv2],
  ...[topic, topicPolicy, topicSubscription, queue, queuePolicy],
  ...[key, alias, metricAlarm, dashboard],
  ...[instance, volume, volumeAttachment, launchTemplate],
  ...[vpc, subnet, routeTable, route, routeTableAssociation, internetGateway, natGateway, eip],
  ...[securityGroup, ...securityGroupRules],
];

const TYPES = new Map<string, ResourceType>(ALL.map((type) => [type.token, type]));

/** The resource type of a token; one that the sandbox does not have is an error that names it. */
export function typeOf(token: string): ResourceType {
  const type = TYPES.get(token);
  if (!type) throw new Error(`the sandbox does not know the resource type ${token}`);
  return type;
}
