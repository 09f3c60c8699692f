import {
  DeleteRuleCommand,
  DescribeRuleCommand,
  EventBridgeClient,
  PutRuleCommand,
  type PutRuleCommandInput,
} from "@aws-sdk/client-eventbridge";
import { toTagList } from "../../calls/tags.js";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { boolean, json, oneOf, string, tagged, type Values } from "../../resource/schema.js";
import { readTags, setTags } from "./tags.js";

const INPUTS = {
  description: string(),
  eventBusName: string({ default: "default", replace: true }),
  eventPattern: json(),
  forceDestroy: boolean({ default: false }),
  name: string({ required: true, replace: true }),
  roleArn: string(),
  scheduleExpression: string(),
  state: string({
    default: "ENABLED",
    check: oneOf("ENABLED", "DISABLED", "ENABLED_WITH_ALL_CLOUDTRAIL_MANAGEMENT_EVENTS"),
  }),
  ...tagged,
};
type Inputs = Values<typeof INPUTS>;

const DEFAULT_BUS = "default";
const GONE = "ResourceNotFoundException";

const idOf = (bus: string, name: string) => (bus === DEFAULT_BUS ? name : `${bus}/${name}`);

/** Bus and name; a bus may be given by its ARN, which has a slash of its own. */
function partsOf(id: string): { EventBusName: string; Name: string } {
  const at = id.lastIndexOf("/");
  return { EventBusName: at < 0 ? DEFAULT_BUS : id.slice(0, at), Name: id.slice(at + 1) };
}

const request = (inputs: Inputs): PutRuleCommandInput => ({
  Name: inputs.name,
  EventBusName: inputs.eventBusName,
  Description: inputs.description,
  EventPattern: inputs.eventPattern,
  RoleArn: inputs.roleArn,
  ScheduleExpression: inputs.scheduleExpression,
  // `check` let nothing else through.
  State: inputs.state as PutRuleCommandInput["State"],
});

async function ruleArn(context: Context, id: string): Promise<string> {
  const found = await context.client(EventBridgeClient).send(new DescribeRuleCommand(partsOf(id)));
  if (!found.Arn) throw new Error(`DescribeRule gave no ARN for ${id}`);
  return found.Arn;
}

export const eventRule = resource({
  token: "aws:cloudwatch/eventRule:EventRule",
  inputs: INPUTS,
  outputs: ["arn"],
  autoName: { property: "name", max: 64 },
  validate: ({ eventPattern, scheduleExpression }) =>
    eventPattern === undefined && scheduleExpression === undefined
      ? { property: "eventPattern", reason: "one of eventPattern, scheduleExpression must be given" }
      : undefined,
  async create(context, inputs) {
    const Tags = toTagList(inputs.tagsAll);
    await context.client(EventBridgeClient).send(new PutRuleCommand({ ...request(inputs), Tags }));
    return idOf(inputs.eventBusName, inputs.name);
  },
  async read(context, id) {
    const call = context.client(EventBridgeClient).send(new DescribeRuleCommand(partsOf(id)));
    const seen = await unlessGone(call, GONE);
    if (!seen?.Arn) return undefined;
    return {
      name: seen.Name,
      arn: seen.Arn,
      eventBusName: partsOf(id).EventBusName,
      description: seen.Description,
      eventPattern: seen.EventPattern,
      roleArn: seen.RoleArn,
      scheduleExpression: seen.ScheduleExpression,
      state: seen.State,
      tagsAll: await readTags(context, seen.Arn),
    };
  },
  async update(context, id, next, prior, changed) {
    if ([...changed].some((name) => name !== "tags" && name !== "tagsAll")) {
      await context.client(EventBridgeClient).send(new PutRuleCommand(request(next)));
    }
    if (changed.has("tagsAll")) await setTags(context, await ruleArn(context, id), next.tagsAll, prior.tagsAll);
  },
  async remove(context, id, { forceDestroy }) {
    const command = new DeleteRuleCommand({ ...partsOf(id), Force: forceDestroy });
    await unlessGone(context.client(EventBridgeClient).send(command), GONE);
  },
});
