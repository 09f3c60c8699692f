import { crc32 } from "node:zlib";

/** Where a stack is. */
export interface Site {
  readonly partition: string;
  readonly account: string;
  readonly region: string;
}

type Inputs = Readonly<Record<string, unknown>>;
type IdOf = (input: (key: string) => string, site: Site) => string;

const named =
  (property: string): IdOf =>
  (input) =>
    input(property);

/** Ids that hold a number made of the inputs (terraform-plugin-sdk, helper/schema: hashcode.String). */
const hash = (text: string): number => crc32(text);

/**
 * The id that the official provider gives a resource, where it follows from what the resource is made of. (Of each type:
 * `d.SetId` in hashicorp/terraform-provider-aws.)
 */
const IDS: Readonly<Record<string, IdOf>> = {
  "aws:cloudwatch/dashboard:Dashboard": named("dashboardName"),
  "aws:cloudwatch/eventBus:EventBus": named("name"),
  "aws:cloudwatch/eventBusPolicy:EventBusPolicy": named("eventBusName"),
  "aws:cloudwatch/eventRule:EventRule": (input) => onBus(input("eventBusName"), input("name"), "/"),
  "aws:cloudwatch/eventTarget:EventTarget": (input) =>
    onBus(input("eventBusName"), `${input("rule")}-${input("targetId")}`, "-"),
  "aws:cloudwatch/logGroup:LogGroup": named("name"),
  "aws:cloudwatch/metricAlarm:MetricAlarm": named("name"),
  "aws:dynamodb/table:Table": named("name"),
  "aws:ec2/route:Route": (input) => `r-${input("routeTableId")}${hash(input("destinationCidrBlock"))}`,
  "aws:ec2/volumeAttachment:VolumeAttachment": (input) =>
    `vai-${hash(`${input("deviceName")}-${input("instanceId")}-${input("volumeId")}-`)}`,
  "aws:iam/role:Role": named("name"),
  "aws:iam/rolePolicy:RolePolicy": (input) => `${input("role")}:${input("name")}`,
  "aws:iam/rolePolicyAttachment:RolePolicyAttachment": (input) => `${input("role")}/${input("policyArn")}`,
  "aws:kms/alias:Alias": named("name"),
  "aws:lambda/function:Function": named("name"),
  "aws:lambda/permission:Permission": named("statementId"),
  "aws:s3/bucket:Bucket": named("bucket"),
  "aws:s3/bucketLifecycleConfiguration:BucketLifecycleConfiguration": named("bucket"),
  "aws:s3/bucketObject:BucketObject": named("key"),
  "aws:s3/bucketObjectv2:BucketObjectv2": named("key"),
  "aws:s3/bucketOwnershipControls:BucketOwnershipControls": named("bucket"),
  "aws:s3/bucketPolicy:BucketPolicy": named("bucket"),
  "aws:s3/bucketPublicAccessBlock:BucketPublicAccessBlock": named("bucket"),
  "aws:s3/bucketServerSideEncryptionConfiguration:BucketServerSideEncryptionConfiguration": named("bucket"),
  "aws:s3/bucketVersioning:BucketVersioning": named("bucket"),
  "aws:scheduler/schedule:Schedule": (input) => `${input("groupName")}/${input("name")}`,
  "aws:scheduler/scheduleGroup:ScheduleGroup": named("name"),
  "aws:sfn/stateMachine:StateMachine": (input, { partition, region, account }) =>
    `arn:${partition}:states:${region}:${account}:stateMachine:${input("name")}`,
  "aws:sns/topic:Topic": (input, { partition, region, account }) =>
    `arn:${partition}:sns:${region}:${account}:${input("name")}`,
  "aws:sns/topicPolicy:TopicPolicy": named("arn"),
  "aws:sqs/queuePolicy:QueuePolicy": named("queueUrl"),
};

const onBus = (bus: string, name: string, separator: string): string =>
  bus === "default" || bus === "" ? name : `${bus}${separator}${name}`;

/** What may be left out of the inputs, and what it then means. */
const OPTIONAL: Readonly<Record<string, string>> = { eventBusName: "default", groupName: "default" };

/** The id of a resource that may exist; undefined where nobody can know it from the inputs. */
export function idOf(type: string, inputs: Inputs, site: Site): string | undefined {
  let complete = true;
  const input = (key: string): string => {
    const value = inputs[key] ?? OPTIONAL[key];
    if (typeof value === "string" && value !== "") return value;
    complete = false;
    return "";
  };
  const id = IDS[type]?.(input, site);
  return complete ? id : undefined;
}
