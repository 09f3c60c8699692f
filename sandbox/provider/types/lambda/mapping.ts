import {
  CreateEventSourceMappingCommand,
  DeleteEventSourceMappingCommand,
  type EventSourcePosition,
  type FunctionResponseType,
  GetEventSourceMappingCommand,
  LambdaClient,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateEventSourceMappingCommand,
} from "@aws-sdk/client-lambda";
import { tagChanges } from "../../calls/tags.js";
import { resource, unlessGone } from "../../resource/resource.js";
import { boolean, json, list, number, object, set, string, tagged, type Values } from "../../resource/schema.js";
import type { Value } from "../../wire.js";

/** A function may be given by name or ARN; Lambda gives the ARN. */
const sameFunction = (left: Value, right: Value) => nameOf(left) === nameOf(right);
const nameOf = (value: Value) => (typeof value === "string" ? value.split(":function:").at(-1) : value);

const INPUTS = {
  batchSize: number({ computed: true }),
  bisectBatchOnFunctionError: boolean(),
  destinationConfig: object({ onFailure: object({ destinationArn: string({ required: true }) }) }),
  enabled: boolean({ default: true }),
  eventSourceArn: string({ required: true, replace: true }),
  filterCriteria: object({ filters: list(object({ pattern: json() })) }),
  functionName: string({ required: true, same: sameFunction }),
  functionResponseTypes: set(string()),
  maximumBatchingWindowInSeconds: number(),
  maximumRecordAgeInSeconds: number({ computed: true }),
  maximumRetryAttempts: number({ computed: true }),
  parallelizationFactor: number({ computed: true }),
  scalingConfig: object({ maximumConcurrency: number({ required: true }) }),
  startingPosition: string({ replace: true }),
  tumblingWindowInSeconds: number(),
  ...tagged,
};
type Inputs = Values<typeof INPUTS>;

/** What both the create and the update call take. */
const settings = (inputs: Inputs) => ({
  BatchSize: inputs.batchSize,
  BisectBatchOnFunctionError: inputs.bisectBatchOnFunctionError,
  DestinationConfig: inputs.destinationConfig?.onFailure && {
    OnFailure: { Destination: inputs.destinationConfig.onFailure.destinationArn },
  },
  Enabled: inputs.enabled,
  FilterCriteria: inputs.filterCriteria && {
    Filters: inputs.filterCriteria.filters?.map(({ pattern: Pattern }) => ({ Pattern })),
  },
  FunctionName: inputs.functionName,
  // The SDK lists the values it knows; Lambda judges the rest.
  FunctionResponseTypes: inputs.functionResponseTypes && ([...inputs.functionResponseTypes] as FunctionResponseType[]),
  MaximumBatchingWindowInSeconds: inputs.maximumBatchingWindowInSeconds,
  MaximumRecordAgeInSeconds: inputs.maximumRecordAgeInSeconds,
  MaximumRetryAttempts: inputs.maximumRetryAttempts,
  ParallelizationFactor: inputs.parallelizationFactor,
  ScalingConfig: inputs.scalingConfig && { MaximumConcurrency: inputs.scalingConfig.maximumConcurrency },
  TumblingWindowInSeconds: inputs.tumblingWindowInSeconds,
});

const GONE = "ResourceNotFoundException";

export const eventSourceMapping = resource({
  token: "aws:lambda/eventSourceMapping:EventSourceMapping",
  inputs: INPUTS,
  outputs: ["arn", "functionArn", "lastModified", "state", "uuid"],
  async create(context, inputs) {
    const { UUID } = await context.client(LambdaClient).send(
      new CreateEventSourceMappingCommand({
        ...settings(inputs),
        EventSourceArn: inputs.eventSourceArn,
        // The SDK lists the values it knows; Lambda judges the rest.
        StartingPosition: inputs.startingPosition as EventSourcePosition | undefined,
        Tags: inputs.tagsAll,
      }),
    );
    if (UUID === undefined) throw new Error("CreateEventSourceMapping gave no UUID");
    return UUID;
  },
  async read(context, id, prior) {
    const call = context.client(LambdaClient).send(new GetEventSourceMappingCommand({ UUID: id }));
    const seen = await unlessGone(call, GONE);
    if (!seen || seen.State === "Deleting") return undefined;
    const destinationArn = seen.DestinationConfig?.OnFailure?.Destination;
    const filters = seen.FilterCriteria?.Filters?.map(({ Pattern: pattern }) => ({ pattern }));
    const maximumConcurrency = seen.ScalingConfig?.MaximumConcurrency;
    const mapping = `arn:${context.partition}:lambda:${context.region}:${context.account}:event-source-mapping:${id}`;
    return {
      arn: seen.EventSourceMappingArn ?? mapping,
      batchSize: seen.BatchSize,
      bisectBatchOnFunctionError: seen.BisectBatchOnFunctionError,
      destinationConfig: destinationArn && { onFailure: { destinationArn } },
      enabled: seen.State === "Enabled" || seen.State === "Enabling" || seen.State === "Creating",
      eventSourceArn: seen.EventSourceArn,
      filterCriteria: filters && { filters },
      functionArn: seen.FunctionArn,
      functionName: prior.functionName ?? seen.FunctionArn,
      functionResponseTypes: seen.FunctionResponseTypes,
      lastModified: seen.LastModified?.toISOString(),
      maximumBatchingWindowInSeconds: seen.MaximumBatchingWindowInSeconds,
      maximumRecordAgeInSeconds: seen.MaximumRecordAgeInSeconds,
      maximumRetryAttempts: seen.MaximumRetryAttempts,
      parallelizationFactor: seen.ParallelizationFactor,
      scalingConfig: maximumConcurrency === undefined ? undefined : { maximumConcurrency },
      startingPosition: seen.StartingPosition,
      state: seen.State,
      uuid: id,
    };
  },
  async update(context, id, next, prior, changed) {
    const client = context.client(LambdaClient);
    if ([...changed].some((name) => name !== "tags" && name !== "tagsAll")) {
      await client.send(new UpdateEventSourceMappingCommand({ UUID: id, ...settings(next) }));
    }
    if (!changed.has("tagsAll")) return;
    const { set: added, unset } = tagChanges(next.tagsAll, prior.tagsAll);
    const Resource = `arn:${context.partition}:lambda:${context.region}:${context.account}:event-source-mapping:${id}`;
    if (unset.length > 0) await client.send(new UntagResourceCommand({ Resource, TagKeys: unset }));
    if (Object.keys(added).length > 0) await client.send(new TagResourceCommand({ Resource, Tags: added }));
  },
  async remove(context, id) {
    const call = context.client(LambdaClient).send(new DeleteEventSourceMappingCommand({ UUID: id }));
    await unlessGone(call, GONE);
  },
});
