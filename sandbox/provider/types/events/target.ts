import {
  EventBridgeClient,
  ListTargetsByRuleCommand,
  PutTargetsCommand,
  RemoveTargetsCommand,
  type Target,
} from "@aws-sdk/client-eventbridge";
import { type Context, resource, unlessGone } from "../../resource/resource.js";
import { boolean, json, map, number, object, string, type Values } from "../../resource/schema.js";

const INPUTS = {
  arn: string({ required: true }),
  deadLetterConfig: object({ arn: string() }),
  eventBusName: string({ default: "default", replace: true }),
  forceDestroy: boolean({ default: false }),
  input: json(),
  inputPath: string(),
  inputTransformer: object({ inputPaths: map(), inputTemplate: string({ required: true }) }),
  retryPolicy: object({ maximumEventAgeInSeconds: number(), maximumRetryAttempts: number() }),
  roleArn: string(),
  rule: string({ required: true, replace: true }),
  sqsTarget: object({ messageGroupId: string() }),
  targetId: string({ required: true, replace: true }),
};
type Inputs = Values<typeof INPUTS>;

function target(inputs: Inputs): Target {
  const { deadLetterConfig, inputTransformer, retryPolicy, sqsTarget } = inputs;
  return {
    Id: inputs.targetId,
    Arn: inputs.arn,
    Input: inputs.input,
    InputPath: inputs.inputPath,
    RoleArn: inputs.roleArn,
    DeadLetterConfig: deadLetterConfig?.arn === undefined ? undefined : { Arn: deadLetterConfig.arn },
    InputTransformer: inputTransformer && {
      InputPathsMap: inputTransformer.inputPaths,
      InputTemplate: inputTransformer.inputTemplate,
    },
    RetryPolicy: retryPolicy && {
      MaximumEventAgeInSeconds: retryPolicy.maximumEventAgeInSeconds,
      MaximumRetryAttempts: retryPolicy.maximumRetryAttempts,
    },
    SqsParameters: sqsTarget?.messageGroupId === undefined ? undefined : { MessageGroupId: sqsTarget.messageGroupId },
  };
}

async function put(context: Context, inputs: Inputs): Promise<void> {
  const request = { Rule: inputs.rule, EventBusName: inputs.eventBusName, Targets: [target(inputs)] };
  const { FailedEntries } = await context.client(EventBridgeClient).send(new PutTargetsCommand(request));
  const [failed] = FailedEntries ?? [];
  if (failed) throw new Error(`PutTargets ${failed.TargetId}: ${failed.ErrorCode}: ${failed.ErrorMessage}`);
}

async function find(context: Context, Rule: string, EventBusName: string, id: string): Promise<Target | undefined> {
  const client = context.client(EventBridgeClient);
  let NextToken: string | undefined;
  do {
    const page = await client.send(new ListTargetsByRuleCommand({ Rule, EventBusName, NextToken }));
    const found = page.Targets?.find(({ Id }) => Id === id);
    if (found) return found;
    ({ NextToken } = page);
  } while (NextToken !== undefined);
  return undefined;
}

const GONE = "ResourceNotFoundException";

export const eventTarget = resource({
  token: "aws:cloudwatch/eventTarget:EventTarget",
  inputs: INPUTS,
  outputs: [],
  autoName: { property: "targetId", max: 64 },
  async create(context, inputs) {
    await put(context, inputs);
    const { eventBusName, rule, targetId } = inputs;
    return eventBusName === "default" ? `${rule}-${targetId}` : `${eventBusName}-${rule}-${targetId}`;
  },
  async read(context, _id, { rule, eventBusName = "default", targetId }) {
    if (rule === undefined || targetId === undefined) {
      throw new Error("the sandbox cannot import aws:cloudwatch/eventTarget:EventTarget");
    }
    const seen = await unlessGone(find(context, rule, eventBusName, targetId), GONE);
    if (!seen) return undefined;
    const { InputTransformer: transformer, RetryPolicy: retry, DeadLetterConfig: dead, SqsParameters: sqs } = seen;
    return {
      arn: seen.Arn,
      input: seen.Input,
      inputPath: seen.InputPath,
      roleArn: seen.RoleArn,
      deadLetterConfig: dead && { arn: dead.Arn },
      inputTransformer: transformer && {
        inputPaths: transformer.InputPathsMap,
        inputTemplate: transformer.InputTemplate,
      },
      retryPolicy: retry && {
        maximumEventAgeInSeconds: retry.MaximumEventAgeInSeconds,
        maximumRetryAttempts: retry.MaximumRetryAttempts,
      },
      sqsTarget: sqs && { messageGroupId: sqs.MessageGroupId },
    };
  },
  async update(context, _id, next) {
    await put(context, next);
  },
  async remove(context, _id, { rule: Rule, eventBusName: EventBusName, targetId, forceDestroy: Force }) {
    const request = { Rule, EventBusName, Ids: [targetId], Force };
    await unlessGone(context.client(EventBridgeClient).send(new RemoveTargetsCommand(request)), GONE);
  },
});
