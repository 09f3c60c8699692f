import type { ResourceType } from "../resource/resource.js";
import { table } from "./dynamodb.js";
import { volumeAttachment } from "./ec2/attachment.js";
import { instance } from "./ec2/instance.js";
import { launchTemplate } from "./ec2/launch-template.js";
import { volume } from "./ec2/volume.js";
import { eventBus } from "./events/bus.js";
import { eventRule } from "./events/rule.js";
import { schedule, scheduleGroup } from "./events/scheduler.js";
import { eventTarget } from "./events/target.js";
import { lustreFileSystem } from "./fsx/lustre.js";
import { openZfsFileSystem } from "./fsx/open-zfs.js";
import { windowsFileSystem } from "./fsx/windows.js";
import { rolePolicy, rolePolicyAttachment } from "./iam/policies.js";
import { role } from "./iam/role.js";
import { alias, key } from "./kms.js";
import { lambdaFunction } from "./lambda/function.js";
import { eventSourceMapping } from "./lambda/mapping.js";
import { permission } from "./lambda/permission.js";
import { topic, topicPolicy, topicSubscription } from "./messaging/sns.js";
import { queue, queuePolicy } from "./messaging/sqs.js";
import { metricAlarm } from "./monitoring/alarm.js";
import { dashboard } from "./monitoring/dashboard.js";
import { logGroup } from "./monitoring/logs.js";
import { eip, internetGateway, natGateway } from "./network/gateways.js";
import { route, routeTable, routeTableAssociation } from "./network/routes.js";
import { securityGroup, securityGroupRules } from "./network/security-group.js";
import { subnet, vpc } from "./network/vpc.js";
import { bucket, bucketV2 } from "./s3/bucket.js";
import { bucketLifecycle } from "./s3/lifecycle.js";
import { bucketObject, bucketObjectv2 } from "./s3/object.js";
import { bucketSettings } from "./s3/settings.js";
import { stateMachine } from "./state-machine.js";

const ALL: readonly ResourceType[] = [
  ...[role, rolePolicy, rolePolicyAttachment],
  ...[lambdaFunction, permission, eventSourceMapping, logGroup, stateMachine],
  ...[eventBus, eventRule, eventTarget, schedule, scheduleGroup],
  ...[table, bucket, bucketV2, ...bucketSettings, bucketLifecycle, bucketObject, bucketObjectv2],
  ...[topic, topicPolicy, topicSubscription, queue, queuePolicy],
  ...[key, alias, metricAlarm, dashboard],
  ...[instance, volume, volumeAttachment, launchTemplate],
  ...[openZfsFileSystem, lustreFileSystem, windowsFileSystem],
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
