import {
  CreateStateMachineCommand,
  DeleteStateMachineCommand,
  DescribeStateMachineCommand,
  ListTagsForResourceCommand,
  type LoggingConfiguration,
  SFNClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateStateMachineCommand,
} from "@aws-sdk/client-sfn";
import { tagChanges } from "../calls/tags.js";
import { type Context, resource, unlessGone } from "../resource/resource.js";
import { boolean, json, object, oneOf, string, tagged, type Values } from "../resource/schema.js";

const INPUTS = {
  definition: json({ required: true }),
  loggingConfiguration: object(
    {
      includeExecutionData: boolean({ default: false }),
      level: string({ default: "OFF", check: oneOf("ALL", "ERROR", "FATAL", "OFF") }),
      logDestination: string(),
    },
    { computed: true },
  ),
  name: string({ required: true, replace: true }),
  roleArn: string({ required: true }),
  tracingConfiguration: object({ enabled: boolean({ default: false }) }, { computed: true }),
  type: string({ default: "STANDARD", replace: true, check: oneOf("STANDARD", "EXPRESS") }),
  ...tagged,
};
type Inputs = Values<typeof INPUTS>;

function logging({ loggingConfiguration: config }: Inputs): LoggingConfiguration | undefined {
  if (!config) return undefined;
  return {
    includeExecutionData: config.includeExecutionData,
    // `check` let nothing else through.
    level: config.level as LoggingConfiguration["level"],
    destinations: config.logDestination
      ? [{ cloudWatchLogsLogGroup: { logGroupArn: config.logDestination } }]
      : undefined,
  };
}

/** What both the create and the update call take. */
const settings = (inputs: Inputs) => ({
  definition: inputs.definition,
  roleArn: inputs.roleArn,
  loggingConfiguration: logging(inputs),
  tracingConfiguration: inputs.tracingConfiguration && { enabled: inputs.tracingConfiguration.enabled },
});

async function setTags(context: Context, resourceArn: string, next: Inputs, prior: Inputs): Promise<void> {
  const client = context.client(SFNClient);
  const { set, unset } = tagChanges(next.tagsAll, prior.tagsAll);
  if (unset.length > 0) await client.send(new UntagResourceCommand({ resourceArn, tagKeys: unset }));
  const tags = Object.entries(set).map(([key, value]) => ({ key, value }));
  if (tags.length > 0) await client.send(new TagResourceCommand({ resourceArn, tags }));
}

export const stateMachine = resource({
  token: "aws:sfn/stateMachine:StateMachine",
  inputs: INPUTS,
  outputs: ["arn", "creationDate", "description", "revisionId", "status"],
  autoName: { property: "name", max: 80 },
  recomputed: (changed) => (changed.has("definition") || changed.has("roleArn") ? ["revisionId"] : []),
  async create(context, inputs) {
    const made = await context.client(SFNClient).send(
      new CreateStateMachineCommand({
        ...settings(inputs),
        name: inputs.name,
        type: inputs.type === "EXPRESS" ? "EXPRESS" : "STANDARD",
        tags: Object.entries(inputs.tagsAll).map(([key, value]) => ({ key, value })),
      }),
    );
    if (!made.stateMachineArn) throw new Error("CreateStateMachine gave no ARN");
    return made.stateMachineArn;
  },
  async read(context, id) {
    const client = context.client(SFNClient);
    const call = client.send(new DescribeStateMachineCommand({ stateMachineArn: id }));
    const seen = await unlessGone(call, "StateMachineDoesNotExist");
    if (!seen || seen.status === "DELETING") return undefined;
    const { tags } = await client.send(new ListTagsForResourceCommand({ resourceArn: id }));
    const { loggingConfiguration: logs } = seen;
    return {
      arn: id,
      name: seen.name,
      definition: seen.definition,
      roleArn: seen.roleArn,
      type: seen.type,
      status: seen.status,
      description: seen.description,
      revisionId: seen.revisionId,
      creationDate: seen.creationDate?.toISOString(),
      loggingConfiguration: {
        includeExecutionData: logs?.includeExecutionData ?? false,
        level: logs?.level ?? "OFF",
        logDestination: logs?.destinations?.[0]?.cloudWatchLogsLogGroup?.logGroupArn,
      },
      tracingConfiguration: { enabled: seen.tracingConfiguration?.enabled ?? false },
      tagsAll: Object.fromEntries((tags ?? []).map(({ key, value }) => [key ?? "", value ?? ""])),
    };
  },
  async update(context, id, next, prior, changed) {
    if ([...changed].some((name) => name !== "tags" && name !== "tagsAll")) {
      await context.client(SFNClient).send(new UpdateStateMachineCommand({ stateMachineArn: id, ...settings(next) }));
    }
    if (changed.has("tagsAll")) await setTags(context, id, next, prior);
  },
  async remove(context, id) {
    const call = context.client(SFNClient).send(new DeleteStateMachineCommand({ stateMachineArn: id }));
    await unlessGone(call, "StateMachineDoesNotExist");
  },
});
