import {
  type BillingMode,
  CreateTableCommand,
  DeleteTableCommand,
  DescribeContinuousBackupsCommand,
  DescribeTableCommand,
  DescribeTimeToLiveCommand,
  DynamoDBClient,
  type KeySchemaElement,
  ListTagsOfResourceCommand,
  type ScalarAttributeType,
  type StreamViewType,
  type TableClass,
  type TableDescription,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateContinuousBackupsCommand,
  UpdateTableCommand,
  UpdateTimeToLiveCommand,
  waitUntilTableExists,
  waitUntilTableNotExists,
} from "@aws-sdk/client-dynamodb";
import { fromTagList, tagChanges, toTagList } from "../calls/tags.js";
import { WAIT } from "../calls/wait.js";
import { type Context, resource, unlessGone } from "../resource/resource.js";
import { boolean, number, object, oneOf, set, string, tagged, type Values } from "../resource/schema.js";
import { isList, isProps, type Props } from "../wire.js";

const INPUTS = {
  attributes: set(object({ name: string({ required: true }), type: string({ required: true }) }), {
    required: true,
    key: "name",
  }),
  billingMode: string({ default: "PROVISIONED", check: oneOf("PROVISIONED", "PAY_PER_REQUEST") }),
  deletionProtectionEnabled: boolean({ default: false }),
  hashKey: string({ required: true, replace: true }),
  name: string({ required: true, replace: true }),
  pointInTimeRecovery: object(
    { enabled: boolean({ required: true }), recoveryPeriodInDays: number({ computed: true }) },
    { computed: true },
  ),
  rangeKey: string({ replace: true }),
  readCapacity: number({ computed: true }),
  serverSideEncryption: object(
    { enabled: boolean({ required: true }), kmsKeyArn: string({ computed: true }) },
    { computed: true },
  ),
  streamEnabled: boolean(),
  streamViewType: string({ computed: true }),
  tableClass: string({ default: "STANDARD", check: oneOf("STANDARD", "STANDARD_INFREQUENT_ACCESS") }),
  ttl: object({ attributeName: string(), enabled: boolean({ default: false }) }),
  writeCapacity: number({ computed: true }),
  ...tagged,
};
type Inputs = Values<typeof INPUTS>;

const GONE = "ResourceNotFoundException";

function keySchema({ hashKey, rangeKey }: Inputs): KeySchemaElement[] {
  const hash: KeySchemaElement = { AttributeName: hashKey, KeyType: "HASH" };
  return rangeKey === undefined ? [hash] : [hash, { AttributeName: rangeKey, KeyType: "RANGE" }];
}

/** What both the create and the update call take. `check` and AWS judge the values that the SDK lists. */
const settings = (inputs: Inputs) => ({
  TableName: inputs.name,
  BillingMode: inputs.billingMode as BillingMode,
  DeletionProtectionEnabled: inputs.deletionProtectionEnabled,
  TableClass: inputs.tableClass as TableClass,
  ...(inputs.billingMode === "PROVISIONED" && {
    ProvisionedThroughput: { ReadCapacityUnits: inputs.readCapacity, WriteCapacityUnits: inputs.writeCapacity },
  }),
});

const stream = ({ streamEnabled, streamViewType }: Inputs) => ({
  StreamEnabled: streamEnabled ?? false,
  ...(streamEnabled && { StreamViewType: streamViewType as StreamViewType }),
});

const encryption = ({ serverSideEncryption: given }: Inputs) =>
  given && {
    Enabled: given.enabled,
    ...(given.enabled && given.kmsKeyArn && { SSEType: "KMS" as const, KMSMasterKeyId: given.kmsKeyArn }),
  };

async function setRecovery(client: DynamoDBClient, inputs: Inputs): Promise<void> {
  const { enabled = false, recoveryPeriodInDays } = inputs.pointInTimeRecovery ?? {};
  const PointInTimeRecoverySpecification = {
    PointInTimeRecoveryEnabled: enabled,
    RecoveryPeriodInDays: enabled ? recoveryPeriodInDays : undefined,
  };
  await client.send(new UpdateContinuousBackupsCommand({ TableName: inputs.name, PointInTimeRecoverySpecification }));
}

async function setTtl(client: DynamoDBClient, TableName: string, ttl: Inputs["ttl"]): Promise<void> {
  const { attributeName: AttributeName = "", enabled: Enabled = false } = ttl ?? {};
  const TimeToLiveSpecification = { AttributeName, Enabled };
  await client.send(new UpdateTimeToLiveCommand({ TableName, TimeToLiveSpecification }));
}

const turnedOff = (ttl: Inputs["ttl"]) => ({ attributeName: ttl?.attributeName, enabled: false });

/** UpdateTable takes one kind of change at a time (DynamoDB API reference). */
async function updateTable(client: DynamoDBClient, inputs: Inputs, changed: ReadonlySet<string>): Promise<void> {
  const { name: TableName } = inputs;
  const ready = () => waitUntilTableExists({ client, ...WAIT }, { TableName });
  const basic = ["billingMode", "deletionProtectionEnabled", "tableClass", "readCapacity", "writeCapacity"];
  if (basic.some((property) => changed.has(property))) {
    await client.send(new UpdateTableCommand(settings(inputs)));
    await ready();
  }
  if (changed.has("streamEnabled") || changed.has("streamViewType")) {
    await client.send(new UpdateTableCommand({ TableName, StreamSpecification: stream(inputs) }));
    await ready();
  }
  if (changed.has("serverSideEncryption")) {
    const SSESpecification = encryption(inputs) ?? { Enabled: false };
    await client.send(new UpdateTableCommand({ TableName, SSESpecification }));
    await ready();
  }
}

/** What DynamoDB says of a table, in the provider's words. */
function seen(table: TableDescription) {
  const keyOf = (type: string) => table.KeySchema?.find(({ KeyType }) => KeyType === type)?.AttributeName;
  const { SSEDescription: sse, StreamSpecification: streamed } = table;
  return {
    arn: table.TableArn,
    name: table.TableName,
    attributes: table.AttributeDefinitions?.map(({ AttributeName, AttributeType }) => ({
      name: AttributeName,
      type: AttributeType,
    })),
    billingMode: table.BillingModeSummary?.BillingMode ?? "PROVISIONED",
    deletionProtectionEnabled: table.DeletionProtectionEnabled ?? false,
    hashKey: keyOf("HASH"),
    rangeKey: keyOf("RANGE"),
    readCapacity: table.ProvisionedThroughput?.ReadCapacityUnits ?? 0,
    writeCapacity: table.ProvisionedThroughput?.WriteCapacityUnits ?? 0,
    serverSideEncryption: {
      enabled: sse?.Status === "ENABLED" || sse?.Status === "ENABLING",
      kmsKeyArn: sse?.KMSMasterKeyArn,
    },
    streamEnabled: streamed?.StreamEnabled ?? false,
    streamViewType: streamed?.StreamViewType,
    streamArn: table.LatestStreamArn,
    streamLabel: table.LatestStreamLabel,
    tableClass: table.TableClassSummary?.TableClass ?? "STANDARD",
  };
}

async function extras(client: DynamoDBClient, TableName: string, ResourceArn: string) {
  const [tags, ttl, backups] = await Promise.all([
    client.send(new ListTagsOfResourceCommand({ ResourceArn })),
    client.send(new DescribeTimeToLiveCommand({ TableName })),
    client.send(new DescribeContinuousBackupsCommand({ TableName })),
  ]);
  const { TimeToLiveStatus: status, AttributeName: attributeName } = ttl.TimeToLiveDescription ?? {};
  const recovery = backups.ContinuousBackupsDescription?.PointInTimeRecoveryDescription;
  const ttlOn = status === "ENABLED" || status === "ENABLING";
  return {
    tagsAll: fromTagList(tags.Tags),
    ttl: ttlOn ? { attributeName, enabled: true } : undefined,
    pointInTimeRecovery: {
      enabled: recovery?.PointInTimeRecoveryStatus === "ENABLED",
      recoveryPeriodInDays: recovery?.RecoveryPeriodInDays,
    },
  };
}

/** DynamoDB refuses attributes that no key uses; the official provider says so before. */
function unusedAttribute({ attributes, hashKey, rangeKey }: Props) {
  const names = isList(attributes) ? attributes.filter(isProps).map(({ name }) => name) : [];
  const unused = names.filter((name) => typeof name === "string").find((name) => name !== hashKey && name !== rangeKey);
  return unused === undefined
    ? undefined
    : { property: "attributes", reason: `all attributes must be indexed; unused: ${unused}` };
}

async function setTags(context: Context, name: string, next: Inputs, prior: Inputs): Promise<void> {
  const client = context.client(DynamoDBClient);
  const { set: added, unset } = tagChanges(next.tagsAll, prior.tagsAll);
  const ResourceArn = `arn:${context.partition}:dynamodb:${context.region}:${context.account}:table/${name}`;
  if (unset.length > 0) await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: unset }));
  if (Object.keys(added).length > 0) await client.send(new TagResourceCommand({ ResourceArn, Tags: toTagList(added) }));
}

export const table = resource({
  token: "aws:dynamodb/table:Table",
  inputs: INPUTS,
  outputs: ["arn", "streamArn", "streamLabel"],
  autoName: { property: "name", max: 255 },
  validate: unusedAttribute,
  recomputed: (changed) => (changed.has("streamEnabled") ? ["streamArn", "streamLabel"] : []),
  async create(context, inputs) {
    const client = context.client(DynamoDBClient);
    await client.send(
      new CreateTableCommand({
        ...settings(inputs),
        AttributeDefinitions: inputs.attributes.map(({ name, type }) => ({
          AttributeName: name,
          // AWS judges it.
          AttributeType: type as ScalarAttributeType,
        })),
        KeySchema: keySchema(inputs),
        SSESpecification: encryption(inputs),
        StreamSpecification: inputs.streamEnabled ? stream(inputs) : undefined,
        Tags: toTagList(inputs.tagsAll),
      }),
    );
    return inputs.name;
  },
  async settle(context, TableName, inputs) {
    const client = context.client(DynamoDBClient);
    await waitUntilTableExists({ client, ...WAIT }, { TableName });
    if (inputs.ttl?.enabled) await setTtl(client, TableName, inputs.ttl);
    if (inputs.pointInTimeRecovery?.enabled) await setRecovery(client, inputs);
  },
  async read(context, id) {
    const client = context.client(DynamoDBClient);
    const found = await unlessGone(client.send(new DescribeTableCommand({ TableName: id })), GONE);
    if (!found?.Table?.TableArn || found.Table.TableStatus === "DELETING") return undefined;
    return { ...seen(found.Table), ...(await extras(client, id, found.Table.TableArn)) };
  },
  async update(context, id, next, prior, changed) {
    const client = context.client(DynamoDBClient);
    await updateTable(client, next, changed);
    // Taking the block away turns it off, and that call wants the attribute's name.
    if (changed.has("ttl")) await setTtl(client, id, next.ttl?.enabled ? next.ttl : turnedOff(prior.ttl));
    if (changed.has("pointInTimeRecovery")) await setRecovery(client, next);
    if (changed.has("tagsAll")) await setTags(context, id, next, prior);
  },
  async remove(context, id) {
    const client = context.client(DynamoDBClient);
    const deleting = await unlessGone(client.send(new DeleteTableCommand({ TableName: id })), GONE);
    if (deleting) await waitUntilTableNotExists({ client, ...WAIT }, { TableName: id });
  },
});
