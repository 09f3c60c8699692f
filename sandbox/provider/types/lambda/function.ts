import {
  type Architecture,
  CreateFunctionCommand,
  DeleteFunctionCommand,
  DeleteFunctionConcurrencyCommand,
  GetFunctionCommand,
  LambdaClient,
  PutFunctionConcurrencyCommand,
  TagResourceCommand,
  UntagResourceCommand,
  UpdateFunctionCodeCommand,
  UpdateFunctionConfigurationCommand,
  waitUntilFunctionActiveV2,
  waitUntilFunctionUpdatedV2,
} from "@aws-sdk/client-lambda";
import { archiveZip } from "../../calls/archive.js";
import { tagChanges } from "../../calls/tags.js";
import { WAIT } from "../../calls/wait.js";
import { resource, unlessGone } from "../../resource/resource.js";
import { configuration, INPUTS, type Inputs, seen } from "./config.js";

async function setConcurrency(client: LambdaClient, FunctionName: string, value: number): Promise<void> {
  if (value < 0) await client.send(new DeleteFunctionConcurrencyCommand({ FunctionName }));
  else await client.send(new PutFunctionConcurrencyCommand({ FunctionName, ReservedConcurrentExecutions: value }));
}

async function setTags(client: LambdaClient, Resource: string, next: Inputs, prior: Inputs): Promise<void> {
  const { set, unset } = tagChanges(next.tagsAll, prior.tagsAll);
  if (unset.length > 0) await client.send(new UntagResourceCommand({ Resource, TagKeys: unset }));
  if (Object.keys(set).length > 0) await client.send(new TagResourceCommand({ Resource, Tags: set }));
}

function architectures(inputs: Inputs): Architecture[] {
  // The SDK lists the values it knows; Lambda judges the rest.
  return [...(inputs.architectures ?? ["x86_64"])] as Architecture[];
}

const CODE_INPUTS = ["code", "architectures"];
const NOT_CONFIGURATION = new Set([...CODE_INPUTS, "tags", "tagsAll", "publish", "skipDestroy"]);
const touchesCode = (changed: ReadonlySet<string>) => CODE_INPUTS.some((name) => changed.has(name));
const touchesConfiguration = (changed: ReadonlySet<string>) =>
  [...changed].some((name) => !NOT_CONFIGURATION.has(name) && name !== "reservedConcurrentExecutions");

export const lambdaFunction = resource({
  token: "aws:lambda/function:Function",
  inputs: INPUTS,
  outputs: [
    "arn",
    "codeSha256",
    "invokeArn",
    "lastModified",
    "qualifiedArn",
    "qualifiedInvokeArn",
    "sourceCodeHash",
    "sourceCodeSize",
    "version",
  ],
  autoName: { property: "name", max: 64 },
  recomputed: (changed) => [
    ...(touchesCode(changed) ? (["codeSha256", "sourceCodeHash", "sourceCodeSize"] as const) : []),
    ...(touchesCode(changed) || touchesConfiguration(changed) ? (["lastModified"] as const) : []),
    ...(touchesCode(changed) ? (["version", "qualifiedArn", "qualifiedInvokeArn"] as const) : []),
  ],
  async create(context, inputs) {
    const client = context.client(LambdaClient);
    const ZipFile = await archiveZip(inputs.code, context.projectRoot);
    await client.send(
      new CreateFunctionCommand({
        ...configuration(inputs),
        Code: { ZipFile },
        Architectures: architectures(inputs),
        PackageType: "Zip",
        Publish: inputs.publish,
        Tags: inputs.tagsAll,
      }),
    );
    return inputs.name;
  },
  async settle(context, id, { reservedConcurrentExecutions: reserved }) {
    const client = context.client(LambdaClient);
    await waitUntilFunctionActiveV2({ client, ...WAIT }, { FunctionName: id });
    if (reserved >= 0) await setConcurrency(client, id, reserved);
  },
  async read(context, id) {
    const client = context.client(LambdaClient);
    const found = await unlessGone(
      client.send(new GetFunctionCommand({ FunctionName: id })),
      "ResourceNotFoundException",
    );
    if (!found?.Configuration) return undefined;
    const reserved = found.Concurrency?.ReservedConcurrentExecutions ?? -1;
    return {
      ...seen(context, found.Configuration),
      reservedConcurrentExecutions: reserved,
      tagsAll: found.Tags,
    };
  },
  async update(context, id, next, prior, changed) {
    const client = context.client(LambdaClient);
    // Lambda refuses a second change while the first is under way.
    const updated = () => waitUntilFunctionUpdatedV2({ client, ...WAIT }, { FunctionName: id });
    if (touchesConfiguration(changed)) {
      await client.send(new UpdateFunctionConfigurationCommand(configuration(next)));
      await updated();
    }
    if (touchesCode(changed)) {
      const ZipFile = await archiveZip(next.code, context.projectRoot);
      const request = { FunctionName: id, ZipFile, Architectures: architectures(next), Publish: next.publish };
      await client.send(new UpdateFunctionCodeCommand(request));
      await updated();
    }
    if (changed.has("reservedConcurrentExecutions"))
      await setConcurrency(client, id, next.reservedConcurrentExecutions);
    if (changed.has("tagsAll")) {
      const arn = `arn:${context.partition}:lambda:${context.region}:${context.account}:function:${id}`;
      await setTags(client, arn, next, prior);
    }
  },
  async remove(context, id, { skipDestroy }) {
    if (skipDestroy) return;
    const call = context.client(LambdaClient).send(new DeleteFunctionCommand({ FunctionName: id }));
    await unlessGone(call, "ResourceNotFoundException");
  },
});
