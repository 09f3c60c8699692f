import {
  CreateEventBusCommand,
  DeleteEventBusCommand,
  DescribeEventBusCommand,
  EventBridgeClient,
  UpdateEventBusCommand,
} from "@aws-sdk/client-eventbridge";
import { resource, unlessGone } from "../../resource/resource.js";
import { object, string, tagged } from "../../resource/schema.js";
import { readTags, setTags } from "./tags.js";

const GONE = "ResourceNotFoundException";

export const eventBus = resource({
  token: "aws:cloudwatch/eventBus:EventBus",
  inputs: {
    deadLetterConfig: object({ arn: string({ required: true }) }),
    description: string(),
    name: string({ required: true, replace: true }),
    ...tagged,
  },
  outputs: ["arn"],
  autoName: { property: "name", max: 255 },
  async create(context, { name, description, deadLetterConfig, tagsAll }) {
    await context.client(EventBridgeClient).send(
      new CreateEventBusCommand({
        Name: name,
        Description: description,
        DeadLetterConfig: deadLetterConfig && { Arn: deadLetterConfig.arn },
        Tags: Object.entries(tagsAll).map(([Key, Value]) => ({ Key, Value })),
      }),
    );
    return name;
  },
  async read(context, id) {
    const call = context.client(EventBridgeClient).send(new DescribeEventBusCommand({ Name: id }));
    const seen = await unlessGone(call, GONE);
    if (!seen?.Arn) return undefined;
    const deadLetterConfig = seen.DeadLetterConfig?.Arn ? { arn: seen.DeadLetterConfig.Arn } : undefined;
    const tagsAll = await readTags(context, seen.Arn);
    return { name: seen.Name, arn: seen.Arn, description: seen.Description, deadLetterConfig, tagsAll };
  },
  async update(context, id, next, prior, changed) {
    const client = context.client(EventBridgeClient);
    if (changed.has("description") || changed.has("deadLetterConfig")) {
      const DeadLetterConfig = next.deadLetterConfig && { Arn: next.deadLetterConfig.arn };
      const Description = next.description ?? "";
      await client.send(new UpdateEventBusCommand({ Name: id, Description, DeadLetterConfig }));
    }
    const arn = `arn:${context.partition}:events:${context.region}:${context.account}:event-bus/${id}`;
    if (changed.has("tagsAll")) await setTags(context, arn, next.tagsAll, prior.tagsAll);
  },
  async remove(context, id) {
    await unlessGone(context.client(EventBridgeClient).send(new DeleteEventBusCommand({ Name: id })), GONE);
  },
});
