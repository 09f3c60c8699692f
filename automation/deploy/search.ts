import {
  DescribeInstancesCommand,
  DescribeRouteTablesCommand,
  EC2Client,
  type Filter,
  paginateDescribeTags,
} from "@aws-sdk/client-ec2";
import { FSxClient, paginateDescribeFileSystems } from "@aws-sdk/client-fsx";
import { DescribeKeyCommand, KMSClient, paginateListKeys } from "@aws-sdk/client-kms";
import { LambdaClient, paginateListEventSourceMappings } from "@aws-sdk/client-lambda";
import { GetQueueUrlCommand, SQSClient } from "@aws-sdk/client-sqs";
import { GetCallerIdentityCommand, STSClient } from "@aws-sdk/client-sts";
import type { ClientConfig } from "../../kinds/purger.js";
import { partitionOf } from "../estate/caller.js";
import type { Site } from "./physical.js";

type Inputs = Readonly<Record<string, unknown>>;
type Search = (inputs: Inputs, config: ClientConfig) => Promise<readonly string[]>;

/** EC2 numbers what it makes; what we make carries a name tag of its own. The names are those of DescribeTags. */
const TAGGED: Readonly<Record<string, string>> = {
  "aws:ebs/volume:Volume": "volume",
  "aws:ec2/eip:Eip": "elastic-ip",
  "aws:ec2/internetGateway:InternetGateway": "internet-gateway",
  "aws:ec2/launchTemplate:LaunchTemplate": "launch-template",
  "aws:ec2/natGateway:NatGateway": "natgateway",
  "aws:ec2/routeTable:RouteTable": "route-table",
  "aws:ec2/securityGroup:SecurityGroup": "security-group",
  "aws:ec2/subnet:Subnet": "subnet",
  "aws:ec2/vpc:Vpc": "vpc",
};

const FILE_SYSTEM = "aws:fsx/openZfsFileSystem:OpenZfsFileSystem";

/** How to look for what has an id that AWS makes up. */
const SEARCHES: Readonly<Record<string, Search>> = {
  "aws:ec2/instance:Instance": async (inputs, config) => {
    // One that is terminated keeps its tags for an hour.
    const states = ["pending", "running", "stopping", "stopped"];
    const Filters = [...tagFilters(inputs), { Name: "instance-state-name", Values: states }];
    const { Reservations } = await new EC2Client(config).send(new DescribeInstancesCommand({ Filters }));
    return (Reservations ?? []).flatMap((r) => (r.Instances ?? []).flatMap((i) => i.InstanceId ?? []));
  },
  "aws:ec2/routeTableAssociation:RouteTableAssociation": async (inputs, config) => {
    const subnet = String(inputs["subnetId"]);
    const Filters = [{ Name: "association.subnet-id", Values: [subnet] }];
    const { RouteTables } = await new EC2Client(config).send(new DescribeRouteTablesCommand({ Filters }));
    const all = (RouteTables ?? []).flatMap((t) => t.Associations ?? []);
    return all.filter((a) => a.SubnetId === subnet).flatMap((a) => a.RouteTableAssociationId ?? []);
  },
  "aws:lambda/eventSourceMapping:EventSourceMapping": async (inputs, config) => {
    const request = { EventSourceArn: String(inputs["eventSourceArn"]), FunctionName: String(inputs["functionName"]) };
    const found: string[] = [];
    for await (const page of paginateListEventSourceMappings({ client: new LambdaClient(config) }, request)) {
      found.push(...(page.EventSourceMappings ?? []).flatMap((m) => m.UUID ?? []));
    }
    return found;
  },
  [FILE_SYSTEM]: async (inputs, config) => {
    const found: string[] = [];
    const wanted = Object.entries(tagsOf(inputs));
    for await (const page of paginateDescribeFileSystems({ client: new FSxClient(config) }, {})) {
      for (const { FileSystemId, Lifecycle, Tags = [] } of page.FileSystems ?? []) {
        const has = wanted.every(([key, value]) => Tags.some((tag) => tag.Key === key && tag.Value === value));
        if (FileSystemId !== undefined && Lifecycle !== "DELETING" && has) found.push(FileSystemId);
      }
    }
    return found;
  },
  "aws:kms/key:Key": async (inputs, config) => {
    const client = new KMSClient(config);
    const found: string[] = [];
    for await (const page of paginateListKeys({ client }, {})) {
      for (const { KeyId } of page.Keys ?? []) {
        const { KeyMetadata } = await client.send(new DescribeKeyCommand({ KeyId }));
        const isOurs = KeyMetadata?.Description === inputs["description"] && KeyMetadata?.Enabled;
        if (KeyId !== undefined && isOurs) found.push(KeyId);
      }
    }
    return found;
  },
  "aws:sqs/queue:Queue": async (inputs, config) => {
    const call = new SQSClient(config).send(new GetQueueUrlCommand({ QueueName: String(inputs["name"]) }));
    const answer = await call.catch((error: unknown) => {
      if (error instanceof Error && GONE_QUEUE.includes(error.name)) return undefined;
      throw error;
    });
    return answer?.QueueUrl === undefined ? [] : [answer.QueueUrl];
  },
};

const GONE_QUEUE = ["QueueDoesNotExist", "AWS.SimpleQueueService.NonExistentQueue"];

/** What must be known of a resource to look for it. */
const NEEDED: Readonly<Record<string, string>> = { "aws:kms/key:Key": "description" };

/** Subscribing again gives the subscription that is there (SNS API reference, Subscribe): nothing to look for. */
const MADE_AGAIN = new Set(["aws:sns/topicSubscription:TopicSubscription"]);

/** The ids that a resource may have; undefined where there is no way to tell. */
export async function search(
  type: string,
  inputs: Inputs,
  config: ClientConfig,
): Promise<readonly string[] | undefined> {
  if (MADE_AGAIN.has(type)) return [];
  const kind = TAGGED[type];
  const needsName = kind !== undefined || [FILE_SYSTEM, "aws:ec2/instance:Instance"].includes(type);
  const needed = NEEDED[type];
  if (needsName && tagsOf(inputs)["Name"] === undefined) return undefined;
  if (needed !== undefined && typeof inputs[needed] !== "string") return undefined;
  return kind === undefined ? SEARCHES[type]?.(inputs, config) : byTags(kind, inputs, config);
}

/** All things of a kind that carry every tag of the inputs. */
async function byTags(kind: string, inputs: Inputs, config: ClientConfig): Promise<readonly string[]> {
  let found: Set<string> | undefined;
  for (const [key, value] of Object.entries(tagsOf(inputs))) {
    const Filters = [
      { Name: "resource-type", Values: [kind] },
      { Name: "key", Values: [key] },
      { Name: "value", Values: [value] },
    ];
    const ids = new Set<string>();
    for await (const page of paginateDescribeTags({ client: new EC2Client(config) }, { Filters })) {
      for (const { ResourceId } of page.Tags ?? []) if (ResourceId !== undefined) ids.add(ResourceId);
    }
    const before = found;
    found = before ? new Set([...ids].filter((id) => before.has(id))) : ids;
  }
  return [...(found ?? [])];
}

const tagFilters = (inputs: Inputs): Filter[] =>
  Object.entries(tagsOf(inputs)).map(([key, value]) => ({ Name: `tag:${key}`, Values: [value] }));

function tagsOf(inputs: Inputs): Record<string, string> {
  const tags = inputs["tagsAll"] ?? inputs["tags"];
  if (typeof tags !== "object" || tags === null) return {};
  return Object.fromEntries(
    Object.entries(tags).filter((entry): entry is [string, string] => typeof entry[1] === "string"),
  );
}

/** Where a stack's resources are, as far as their ids tell it. */
export async function siteOf(config: ClientConfig): Promise<Site> {
  const { Account, Arn } = await new STSClient(config).send(new GetCallerIdentityCommand({}));
  if (Account === undefined) throw new Error(`${config.region}: AWS does not say who we are. Check the credentials.`);
  return { account: Account, region: config.region, partition: partitionOf(Arn) };
}
