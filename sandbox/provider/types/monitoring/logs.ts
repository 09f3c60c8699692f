import {
  CloudWatchLogsClient,
  CreateLogGroupCommand,
  DeleteLogGroupCommand,
  DeleteRetentionPolicyCommand,
  ListTagsForResourceCommand,
  PutRetentionPolicyCommand,
  paginateDescribeLogGroups,
  TagResourceCommand,
  UntagResourceCommand,
} from "@aws-sdk/client-cloudwatch-logs";
import { tagChanges } from "../../calls/tags.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { boolean, number, oneOf, string, tagged } from "../../resource/schema.js";

const arnOf = (context: Context, name: string) =>
  `arn:${context.partition}:logs:${context.region}:${context.account}:log-group:${name}`;

/** 0 means "for ever", which is no policy at all. */
async function setRetention(context: Context, logGroupName: string, retentionInDays: number): Promise<void> {
  const client = context.client(CloudWatchLogsClient);
  if (retentionInDays > 0) await client.send(new PutRetentionPolicyCommand({ logGroupName, retentionInDays }));
  else await client.send(new DeleteRetentionPolicyCommand({ logGroupName }));
}

export const logGroup = resource({
  token: "aws:cloudwatch/logGroup:LogGroup",
  inputs: {
    name: string({ required: true, replace: true }),
    retentionInDays: number({ default: 0 }),
    logGroupClass: string({ computed: true, replace: true, check: oneOf("STANDARD", "INFREQUENT_ACCESS", "DELIVERY") }),
    skipDestroy: boolean({ default: false }),
    ...tagged,
  },
  outputs: ["arn"],
  autoName: { property: "name", max: 512 },
  async create(context, inputs) {
    const { name: logGroupName, logGroupClass, tagsAll: tags } = inputs;
    const logGroupClassInput = logGroupClass === undefined ? {} : { logGroupClass: classOf(logGroupClass) };
    const client = context.client(CloudWatchLogsClient);
    await client.send(new CreateLogGroupCommand({ logGroupName, tags, ...logGroupClassInput }));
    return logGroupName;
  },
  async settle(context, id, { retentionInDays }) {
    if (retentionInDays > 0) await setRetention(context, id, retentionInDays);
  },
  async read(context, id) {
    const client = context.client(CloudWatchLogsClient);
    for await (const page of paginateDescribeLogGroups({ client }, { logGroupNamePrefix: id })) {
      const found = page.logGroups?.find(({ logGroupName }) => logGroupName === id);
      if (!found) continue;
      const arn = arnOf(context, id);
      const tags = await client.send(new ListTagsForResourceCommand({ resourceArn: arn }));
      const retentionInDays = found.retentionInDays ?? 0;
      return { name: id, arn, retentionInDays, logGroupClass: found.logGroupClass ?? "STANDARD", tagsAll: tags.tags };
    }
    return undefined;
  },
  async update(context, id, next, prior, changed) {
    const client = context.client(CloudWatchLogsClient);
    if (changed.has("retentionInDays")) await setRetention(context, id, next.retentionInDays);
    if (!changed.has("tagsAll")) return;
    const { set, unset } = tagChanges(next.tagsAll, prior.tagsAll);
    const resourceArn = arnOf(context, id);
    if (unset.length > 0) await client.send(new UntagResourceCommand({ resourceArn, tagKeys: unset }));
    if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ resourceArn, tags: set }));
  },
  async remove(context, id, { skipDestroy }) {
    if (skipDestroy) return;
    const client = context.client(CloudWatchLogsClient);
    await unlessGone(client.send(new DeleteLogGroupCommand({ logGroupName: id })), "ResourceNotFoundException");
  },
});

function classOf(value: string): "STANDARD" | "INFREQUENT_ACCESS" | "DELIVERY" {
  return value === "INFREQUENT_ACCESS" || value === "DELIVERY" ? value : "STANDARD";
}
