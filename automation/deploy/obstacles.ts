import { DescribeTableCommand, DynamoDBClient, ResourceNotFoundException } from "@aws-sdk/client-dynamodb";
import { DescribeInstanceAttributeCommand, EC2Client } from "@aws-sdk/client-ec2";
import type { ClientConfig } from "../../kinds/purger.js";
import { flag } from "./envs.js";
import { type StateResource, shortName } from "./pending.js";
import { checkRecovery, type Decisions, type Recoverable } from "./recovery.js";

const MOST_NAMED = 5;

/** Some of many, for people. */
export const named = (all: readonly string[]): string =>
  all.slice(0, MOST_NAMED).join(", ") + (all.length > MOST_NAMED ? ` and ${all.length - MOST_NAMED} more` : "");

interface Removal {
  readonly env: string;
  /** What a person knows of resources whose making was interrupted. */
  readonly decisions: Decisions;
  readonly config: ClientConfig;
}

/**
 * What would stop the removal of a stack half-way, looked up in its state and in AWS: what is protected, whoever turned that on, and
 * what an interrupted run left that only a person can tell. Changes nothing.
 */
export async function obstaclesTo(stack: Recoverable, { env, decisions, config }: Removal): Promise<readonly string[]> {
  const resources = (await stack.read()).deployment?.resources ?? [];
  await checkRecovery(stack, decisions);
  return [...protectedIn(resources, env), ...(await guardedInAws(resources, config))];
}

/** The engine removes what it comes to before it comes to what is protected. */
function protectedIn(resources: readonly StateResource[], env: string): readonly string[] {
  const found = resources.filter((resource) => resource.protect === true).map(shortName);
  if (found.length === 0) return [];
  const advice = `Where lockstep:protect is false, as in the sandbox, \`lockstep up${flag(env)}\` ends that; then try again.`;
  return [`${found.length} resource(s) are protected: ${named(found)}. ${advice}`];
}

/** What AWS refuses to delete for a flag of its own, which may have been set beside the engine. */
async function guardedInAws(resources: readonly StateResource[], config: ClientConfig): Promise<readonly string[]> {
  const found = resources.map(async (resource) => {
    const guard = GUARDS[resource.type];
    if (guard === undefined || resource.id === undefined) return [];
    const text = await guard(resource.id, config);
    return text === undefined ? [] : [`${text}. Turn that off in AWS, then try again.`];
  });
  return (await Promise.all(found)).flat();
}

type Guard = (id: string, config: ClientConfig) => Promise<string | undefined>;

const GUARDS: Readonly<Record<string, Guard>> = {
  "aws:dynamodb/table:Table": async (TableName, config) => {
    const asked = new DynamoDBClient(config).send(new DescribeTableCommand({ TableName }));
    const answer = await asked.catch((error: unknown) => {
      if (error instanceof ResourceNotFoundException) return undefined;
      throw error;
    });
    return answer?.Table?.DeletionProtectionEnabled ? `table ${TableName} has deletion protection` : undefined;
  },
  "aws:ec2/instance:Instance": async (InstanceId, config) => {
    const command = new DescribeInstanceAttributeCommand({ InstanceId, Attribute: "disableApiTermination" });
    const answer = await new EC2Client(config).send(command).catch((error: unknown) => {
      if (error instanceof Error && error.name === "InvalidInstanceID.NotFound") return undefined;
      throw error;
    });
    return answer?.DisableApiTermination?.Value ? `instance ${InstanceId} has termination protection` : undefined;
  },
};
