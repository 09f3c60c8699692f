import {
  CreateScheduleCommand,
  type CreateScheduleCommandInput,
  CreateScheduleGroupCommand,
  DeleteScheduleCommand,
  DeleteScheduleGroupCommand,
  GetScheduleCommand,
  GetScheduleGroupCommand,
  ListTagsForResourceCommand,
  SchedulerClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateScheduleCommand,
} from "@aws-sdk/client-scheduler";
import { fromTagList, tagChanges, toTagList } from "../../calls/tags.js";
import { resource, unlessGone } from "../../resource/resource.js";
import { json, number, object, oneOf, string, tagged, type Values } from "../../resource/schema.js";

const INPUTS = {
  actionAfterCompletion: string({ default: "NONE", check: oneOf("NONE", "DELETE") }),
  description: string(),
  endDate: string(),
  flexibleTimeWindow: object(
    { maximumWindowInMinutes: number(), mode: string({ required: true, check: oneOf("OFF", "FLEXIBLE") }) },
    { required: true },
  ),
  groupName: string({ default: "default", replace: true }),
  name: string({ required: true, replace: true }),
  scheduleExpression: string({ required: true }),
  scheduleExpressionTimezone: string({ default: "UTC" }),
  startDate: string(),
  state: string({ default: "ENABLED", check: oneOf("ENABLED", "DISABLED") }),
  target: object(
    {
      arn: string({ required: true }),
      deadLetterConfig: object({ arn: string({ required: true }) }),
      eventbridgeParameters: object({ detailType: string({ required: true }), source: string({ required: true }) }),
      input: json(),
      // The official provider's defaults are AWS's (Scheduler API reference, RetryPolicy).
      retryPolicy: object(
        { maximumEventAgeInSeconds: number({ default: 86400 }), maximumRetryAttempts: number({ default: 185 }) },
        { computed: true },
      ),
      roleArn: string({ required: true }),
      sqsParameters: object({ messageGroupId: string() }),
    },
    { required: true },
  ),
};
type Inputs = Values<typeof INPUTS>;

const dateOf = (text: string | undefined) => (text === undefined ? undefined : new Date(text));

function target({ target: given }: Inputs): CreateScheduleCommandInput["Target"] {
  const { deadLetterConfig, eventbridgeParameters: events, retryPolicy, sqsParameters } = given;
  return {
    Arn: given.arn,
    RoleArn: given.roleArn,
    Input: given.input,
    DeadLetterConfig: deadLetterConfig && { Arn: deadLetterConfig.arn },
    EventBridgeParameters: events && { DetailType: events.detailType, Source: events.source },
    RetryPolicy: retryPolicy && {
      MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
      MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
    },
    SqsParameters: sqsParameters && { MessageGroupId: sqsParameters.messageGroupId },
  };
}

/** Create and update take the same; what is not sent is reset (Scheduler API reference, UpdateSchedule). */
const request = (inputs: Inputs): CreateScheduleCommandInput => ({
  Name: inputs.name,
  GroupName: inputs.groupName,
  ActionAfterCompletion: inputs.actionAfterCompletion === "DELETE" ? "DELETE" : "NONE",
  Description: inputs.description,
  EndDate: dateOf(inputs.endDate),
  FlexibleTimeWindow: {
    Mode: inputs.flexibleTimeWindow.mode === "FLEXIBLE" ? "FLEXIBLE" : "OFF",
    MaximumWindowInMinutes: inputs.flexibleTimeWindow.maximumWindowInMinutes,
  },
  ScheduleExpression: inputs.scheduleExpression,
  ScheduleExpressionTimezone: inputs.scheduleExpressionTimezone,
  StartDate: dateOf(inputs.startDate),
  State: inputs.state === "DISABLED" ? "DISABLED" : "ENABLED",
  Target: target(inputs),
});

/** Group and name of an id `group/name`. */
function partsOf(id: string): { GroupName: string; Name: string } {
  const [GroupName, Name, ...rest] = id.split("/");
  if (!GroupName || !Name || rest.length > 0) throw new Error(`expected an id of the form group/name, got ${id}`);
  return { GroupName, Name };
}

const GONE = "ResourceNotFoundException";

export const schedule = resource({
  token: "aws:scheduler/schedule:Schedule",
  inputs: INPUTS,
  outputs: ["arn"],
  autoName: { property: "name", max: 64 },
  async create(context, inputs) {
    await context.client(SchedulerClient).send(new CreateScheduleCommand(request(inputs)));
    return `${inputs.groupName}/${inputs.name}`;
  },
  async read(context, id) {
    const call = context.client(SchedulerClient).send(new GetScheduleCommand(partsOf(id)));
    const seen = await unlessGone(call, GONE);
    if (!seen) return undefined;
    const { Target: at, FlexibleTimeWindow: flexible } = seen;
    const { RetryPolicy: retry, DeadLetterConfig: dead, EventBridgeParameters: events, SqsParameters: sqs } = at ?? {};
    return {
      arn: seen.Arn,
      name: seen.Name,
      groupName: seen.GroupName,
      actionAfterCompletion: seen.ActionAfterCompletion ?? "NONE",
      description: seen.Description,
      endDate: seen.EndDate?.toISOString().replace(".000Z", "Z"),
      flexibleTimeWindow: { mode: flexible?.Mode, maximumWindowInMinutes: flexible?.MaximumWindowInMinutes },
      scheduleExpression: seen.ScheduleExpression,
      scheduleExpressionTimezone: seen.ScheduleExpressionTimezone ?? "UTC",
      startDate: seen.StartDate?.toISOString().replace(".000Z", "Z"),
      state: seen.State,
      target: {
        arn: at?.Arn,
        roleArn: at?.RoleArn,
        input: at?.Input,
        deadLetterConfig: dead?.Arn === undefined ? undefined : { arn: dead.Arn },
        eventbridgeParameters: events && { detailType: events.DetailType, source: events.Source },
        retryPolicy: {
          maximumEventAgeInSeconds: retry?.MaximumEventAgeInSeconds ?? 86400,
          maximumRetryAttempts: retry?.MaximumRetryAttempts ?? 185,
        },
        sqsParameters: sqs && { messageGroupId: sqs.MessageGroupId },
      },
    };
  },
  async update(context, _id, next) {
    await context.client(SchedulerClient).send(new UpdateScheduleCommand(request(next)));
  },
  async remove(context, id) {
    await unlessGone(context.client(SchedulerClient).send(new DeleteScheduleCommand(partsOf(id))), GONE);
  },
});

export const scheduleGroup = resource({
  token: "aws:scheduler/scheduleGroup:ScheduleGroup",
  inputs: { name: string({ required: true, replace: true }), ...tagged },
  outputs: ["arn", "creationDate", "lastModificationDate", "state"],
  autoName: { property: "name", max: 64 },
  async create(context, { name, tagsAll }) {
    const request = { Name: name, Tags: toTagList(tagsAll) };
    await context.client(SchedulerClient).send(new CreateScheduleGroupCommand(request));
    return name;
  },
  async read(context, id) {
    const client = context.client(SchedulerClient);
    const seen = await unlessGone(client.send(new GetScheduleGroupCommand({ Name: id })), GONE);
    if (!seen?.Arn || seen.State === "DELETING") return undefined;
    const { Tags } = await client.send(new ListTagsForResourceCommand({ ResourceArn: seen.Arn }));
    return {
      name: seen.Name,
      arn: seen.Arn,
      state: seen.State,
      creationDate: seen.CreationDate?.toISOString(),
      lastModificationDate: seen.LastModificationDate?.toISOString(),
      tagsAll: fromTagList(Tags),
    };
  },
  async update(context, id, next, prior) {
    const client = context.client(SchedulerClient);
    const { set, unset } = tagChanges(next.tagsAll, prior.tagsAll);
    const ResourceArn = `arn:${context.partition}:scheduler:${context.region}:${context.account}:schedule-group/${id}`;
    if (unset.length > 0) await client.send(new UntagResourceCommand({ ResourceArn, TagKeys: unset }));
    if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ ResourceArn, Tags: toTagList(set) }));
  },
  async remove(context, id) {
    await unlessGone(context.client(SchedulerClient).send(new DeleteScheduleGroupCommand({ Name: id })), GONE);
  },
});
