import type { Inputs, Need, Place } from "./model.js";

type On = Need["on"];

/** Actions of one service, by their names alone. */
export const of = (service: string, names: string): readonly string[] =>
  names.split(/\s+/).map((name) => `${service}:${name}`);

/** IAM knows no resource of these. */
export const everything: On = () => ["*"];

/** A resource of a region that is named by one of its inputs, like `function:` and the function's name. */
export const regional =
  (service: string, kind: string, input: string): On =>
  (inputs, { partition, region, account }) => [
    `arn:${partition}:${service}:${region}:${account}:${kind}${named(inputs, input)}`,
  ];

/** A resource that is the account's, not a region's. */
export const global =
  (service: string, kind: string, input: string): On =>
  (inputs, { partition, account }) => [`arn:${partition}:${service}::${account}:${kind}${named(inputs, input)}`];

/** Buckets are named once for all accounts. */
export const bucketNamed =
  (rest = ""): On =>
  (inputs, { partition }) => [`arn:${partition}:s3:::${named(inputs, "bucket")}${rest}`];

/** The name in an input; of an ARN its last part. */
export function named(inputs: Inputs, input: string): string {
  const value = inputs[input];
  if (typeof value !== "string" || value === "")
    throw new Error(`its ${input} is ${JSON.stringify(value)}: a name is needed`);
  return value.startsWith("arn:") ? (value.split(/[:/]/).at(-1) ?? value) : value;
}

/** The value of a tag that a resource is asked for with. */
export function tagOf({ tags }: Inputs, key: string): string {
  const all: [string, unknown][] = typeof tags === "object" && tags !== null ? Object.entries(tags) : [];
  const value = all.find(([name]) => name === key)?.[1];
  if (typeof value === "string") return value;
  throw new Error(`it has no tag ${key}: the rights could not be limited to it`);
}

/** Why actions are there that the sandbox never sees. */
export const UNSEEN = {
  official: "the official provider calls it, the sandbox's stand-in does not (hashicorp/terraform-provider-aws)",
  change: "called when a setting of the resource or of its tags changes",
  protectedData: "called where what holds data is protected, which it is not in the sandbox",
  approval: "`lockstep approve` asks it, where deletes are held back",
  removal: "called when the resource is removed",
  recovery: "after an interrupted run the driver looks for what was made and not written down",
} as const;

/** A place's ARN of something whose name AWS makes up. */
export const anyOf =
  (service: string, kind: string): On =>
  (_inputs, { partition, region, account }: Place) => [`arn:${partition}:${service}:${region}:${account}:${kind}*`];
