import { CloudWatchLogsClient, paginateDescribeLogGroups } from "@aws-sdk/client-cloudwatch-logs";
import { DynamoDBClient, paginateListTables } from "@aws-sdk/client-dynamodb";
import {
  DescribeInstancesCommand,
  DescribeNatGatewaysCommand,
  DescribeSnapshotsCommand,
  EC2Client,
  paginateDescribeTags,
} from "@aws-sdk/client-ec2";
import { EventBridgeClient, ListEventBusesCommand, ListRulesCommand } from "@aws-sdk/client-eventbridge";
import { DescribeFileSystemsCommand, FSxClient } from "@aws-sdk/client-fsx";
import { IAMClient, paginateListRoles } from "@aws-sdk/client-iam";
import { LambdaClient, paginateListEventSourceMappings, paginateListFunctions } from "@aws-sdk/client-lambda";
import { ListBucketsCommand, S3Client } from "@aws-sdk/client-s3";
import { paginateListSchedules, SchedulerClient } from "@aws-sdk/client-scheduler";
import { paginateListStateMachines, SFNClient } from "@aws-sdk/client-sfn";
import { paginateListTopics, SNSClient } from "@aws-sdk/client-sns";
import { paginateListQueues, SQSClient } from "@aws-sdk/client-sqs";
import { TAG } from "../../core/names/tags.js";
import { DEPLOYMENT, DR, type Harness, PRIMARY } from "./harness.js";

export interface Leftovers {
  /** `service region name` of everything that carries the deployment's name. */
  readonly resources: readonly string[];
  /** Snapshots of the deployment, by region. */
  readonly snapshots: Readonly<Record<string, number>>;
}

/** Asks every service that the stacks use what it still has of the deployment. */
export async function leftovers(t: Harness, deployment = DEPLOYMENT): Promise<Leftovers> {
  const snapshots: Record<string, number> = {};
  const resources: string[] = [];
  for (const region of [PRIMARY, DR]) {
    for (const [service, list] of Object.entries(LISTS)) {
      const names = (await list(t, region)).filter((name) => name.includes(`${deployment}-`));
      resources.push(...names.map((name) => `${service} ${region} ${name}`));
    }
    const filter = { Name: `tag:${TAG.deployment}`, Values: [deployment] };
    const found = await t.client(EC2Client, region).send(new DescribeSnapshotsCommand({ Filters: [filter] }));
    snapshots[region] = found.Snapshots?.length ?? 0;
  }
  return { resources, snapshots };
}

type List = (t: Harness, region: string) => Promise<string[]>;

async function collect<Page>(pages: AsyncIterable<Page>, pick: (page: Page) => readonly (string | undefined)[]) {
  const all: string[] = [];
  for await (const page of pages) all.push(...pick(page).map((name) => name ?? ""));
  return all;
}

const LISTS: Readonly<Record<string, List>> = {
  lambda: (t, r) =>
    collect(paginateListFunctions({ client: t.client(LambdaClient, r) }, {}), (p) =>
      (p.Functions ?? []).map((f) => f.FunctionName),
    ),
  mappings: (t, r) =>
    collect(paginateListEventSourceMappings({ client: t.client(LambdaClient, r) }, {}), (p) =>
      (p.EventSourceMappings ?? []).map((m) => m.EventSourceArn),
    ),
  sqs: (t, r) => collect(paginateListQueues({ client: t.client(SQSClient, r) }, {}), (p) => p.QueueUrls ?? []),
  states: (t, r) =>
    collect(paginateListStateMachines({ client: t.client(SFNClient, r) }, {}), (p) =>
      (p.stateMachines ?? []).map((m) => m.name),
    ),
  dynamodb: (t, r) =>
    collect(paginateListTables({ client: t.client(DynamoDBClient, r) }, {}), (p) => p.TableNames ?? []),
  sns: (t, r) =>
    collect(paginateListTopics({ client: t.client(SNSClient, r) }, {}), (p) => (p.Topics ?? []).map((x) => x.TopicArn)),
  logs: (t, r) =>
    collect(paginateDescribeLogGroups({ client: t.client(CloudWatchLogsClient, r) }, {}), (p) =>
      (p.logGroups ?? []).map((g) => g.logGroupName),
    ),
  iam: (t, r) =>
    collect(paginateListRoles({ client: t.client(IAMClient, r) }, {}), (p) => (p.Roles ?? []).map((x) => x.RoleName)),
  scheduler: (t, r) =>
    collect(paginateListSchedules({ client: t.client(SchedulerClient, r) }, {}), (p) =>
      (p.Schedules ?? []).map((s) => s.Name),
    ),
  s3: async (t, r) => {
    const { Buckets } = await t.client(S3Client, r).send(new ListBucketsCommand({}));
    return (Buckets ?? []).map((b) => b.Name ?? "");
  },
  events: async (t, r) => {
    const client = t.client(EventBridgeClient, r);
    const { EventBuses } = await client.send(new ListEventBusesCommand({}));
    const { Rules } = await client.send(new ListRulesCommand({}));
    return [...(EventBuses ?? []), ...(Rules ?? [])].map((x) => x.Name ?? "");
  },
  // By the names that the workload's network, machines and templates have. A terminated instance or a deleted NAT gateway keeps
  // its tags for an hour.
  network: async (t, r) => {
    const client = t.client(EC2Client, r);
    const Filters = [{ Name: "key", Values: ["Name"] }];
    const tags = await collect(paginateDescribeTags({ client }, { Filters }), (p) =>
      (p.Tags ?? []).flatMap(({ ResourceType, Value }) =>
        ResourceType === "instance" || ResourceType === "natgateway" ? [] : [`${ResourceType} ${Value}`],
      ),
    );
    const available = [{ Name: "state", Values: ["pending", "available"] }];
    const gateways = await client.send(new DescribeNatGatewaysCommand({ Filter: available }));
    const named = (gateways.NatGateways ?? []).flatMap(({ Tags = [] }) => Tags.filter(({ Key }) => Key === "Name"));
    return [...tags, ...named.map(({ Value }) => `natgateway ${Value}`)];
  },
  fsx: async (t, r) => {
    const { FileSystems } = await t.client(FSxClient, r).send(new DescribeFileSystemsCommand({}));
    return (FileSystems ?? []).map((one) => one.Tags?.find((tag) => tag.Key === "Name")?.Value ?? "");
  },
  ec2: async (t, r) => {
    const { Reservations } = await t.client(EC2Client, r).send(new DescribeInstancesCommand({}));
    return (Reservations ?? [])
      .flatMap((x) => x.Instances ?? [])
      .filter((i) => i.State?.Name !== "terminated")
      .map((i) => i.Tags?.find((tag) => tag.Key === "Name")?.Value ?? "");
  },
};
