import * as pulumi from "@pulumi/pulumi";
import { deploy } from "../../stacks/deploy.js";
import { readProgram } from "../../stacks/program.js";
import { isKnown, lifecycleOf } from "./lifecycles.js";
import type { Inputs, Place } from "./model.js";

/** A resource that a stack is made of. */
export interface Registered {
  readonly type: string;
  readonly name: string;
  readonly inputs: Inputs;
}

/** A stack and all that it is made of. */
export interface Walked {
  readonly deployment: string;
  readonly role: "primary" | "dr" | "workload";
  readonly place: Place;
  readonly resources: readonly Registered[];
}

/** Stands for a user's id where nobody asks for it. */
const NOBODY = "AIDAEXAMPLE";

/**
 * Runs the program of a stack without an engine and says which resources it asks for. Nothing is made, and AWS is not asked.
 * @throws ConfigError where the config is wrong
 */
export async function walk(config: Readonly<Record<string, string>>, account: string): Promise<Walked> {
  const { deployment, role, region } = readProgram(config);
  const place = { partition: partitionOf(region), account, region, prefix: `${deployment}-${role}` };
  const resources: Registered[] = [];
  await pulumi.runtime.setMocks({
    newResource: ({ type, name, inputs }: Registered) => {
      if (isReal(type)) resources.push({ type, name, inputs });
      return { id: `${name}-id`, state: { ...inputs, ...computed(type, inputs, place) } };
    },
    call: ({ token }) => {
      if (token !== "aws:index/getCallerIdentity:getCallerIdentity") throw new Error(`nobody here answers ${token}`);
      const arn = `arn:${place.partition}:iam::${account}:user/${NOBODY}`;
      return { accountId: account, arn, userId: NOBODY, id: account };
    },
  });
  try {
    deploy(config);
  } finally {
    // Waits until every resource is registered, those that wait for outputs of others too.
    await pulumi.runtime.disconnect();
  }
  return { deployment, role, place, resources };
}

/** Components and providers are nothing in AWS. */
const isReal = (type: string): boolean => !type.startsWith("lockstep:") && !type.startsWith("pulumi:");

/** What other resources read of this one; an ARN is the one that the rights are given on. */
function computed(type: string, inputs: Inputs, place: Place): Inputs {
  if (type === "awsx:ec2:Vpc") return { vpcId: "vpc", publicSubnetIds: ["public"], privateSubnetIds: ["private"] };
  // One that nobody knows is told of where its rights are asked for: an error in here would be lost.
  if (!isReal(type) || !isKnown(type)) return {};
  const arns = lifecycleOf(type).flatMap((need) => need.on(inputs, place));
  return { arn: arns.find((arn) => arn !== "*") };
}

/** Which part of AWS a region is in (AWS General Reference, "Amazon Resource Names"). */
function partitionOf(region: string): string {
  if (region.startsWith("cn-")) return "aws-cn";
  return region.startsWith("us-gov-") ? "aws-us-gov" : "aws";
}
