import { names, SETTINGS_KEY } from "../../core/names/names.js";
import { TAG } from "../../core/names/tags.js";
import type { Need, Place } from "./model.js";
import { anyOf, everything, of, UNSEEN } from "./needs.js";

/** A stack of a deployment, as far as its names depend on it. */
export interface Controller {
  readonly deployment: string;
  readonly role: "primary" | "dr";
}

const FSX_NAMED = "the driver sees what the controllers see, which is nothing of FSx unless a policy names it";

/** What the driver itself asks of AWS, beside what the engine does: status, plan, run, doctor. */
export function driverNeeds({ deployment, role }: Controller): readonly Need[] {
  const n = names(deployment, role);
  const at =
    (service: string, rest: string) =>
    (_: unknown, { partition, region, account }: Place) => [`arn:${partition}:${service}:${region}:${account}:${rest}`];
  const bucket = (_: unknown, { partition, account, region }: Place) =>
    `arn:${partition}:s3:::${n.bucket(account, region)}`;
  return [
    {
      on: everything,
      actions: of("ec2", "DescribeInstances DescribeVolumes DescribeSnapshots DescribeImages DescribeLockedSnapshots"),
    },
    {
      on: everything,
      actions: [
        ...of("fsx", "DescribeBackups DescribeFileSystems DescribeVolumes"),
        ...of("ec2", "DescribeNetworkInterfaces"),
      ],
      unseen: FSX_NAMED,
    },
    { on: anyOf("fsx", "volume/"), actions: of("fsx", "ListTagsForResource"), unseen: FSX_NAMED },
    {
      on: everything,
      actions: of("ec2", "DescribeRegions"),
      unseen: "`lockstep doctor` asks it of an account, never of the sandbox",
    },
    { on: (_, place) => [`${bucket(_, place)}/${SETTINGS_KEY}`], actions: of("s3", "GetObject") },
    { on: at("states", `stateMachine:${n.stateMachine}`), actions: of("states", "ListExecutions") },
    { on: at("sqs", n.events), actions: of("sqs", "GetQueueUrl GetQueueAttributes") },
    {
      on: at("lambda", `function:${n.lambda("record")}`),
      actions: of("lambda", "InvokeFunction GetFunctionConfiguration"),
    },
    {
      on: at("cloudwatch", `alarm:${n.alarm("test")}`),
      actions: of("cloudwatch", "DescribeAlarms DescribeAlarmHistory"),
    },
    { on: at("sns", n.topic), actions: of("sns", "ListSubscriptionsByTopic") },
    { on: at("dynamodb", `table/${n.table}`), actions: of("dynamodb", "Query") },
    ...(role === "primary"
      ? [{ on: at("lambda", `function:${n.lambda("adopt")}`), actions: of("lambda", "InvokeFunction") }]
      : []),
    { on: at("dynamodb", `table/${n.table}`), actions: of("dynamodb", "GetItem PutItem"), unseen: UNSEEN.approval },
    {
      on: at("lambda", `function:${n.lambda("trigger")}`),
      actions: of("lambda", "InvokeFunction"),
      ...(role === "dr" && { unseen: UNSEEN.approval }),
    },
  ];
}

/** `down --purge`: deleting recovery points, which nothing else of a deployer may. */
export const purgeNeeds = ({ deployment }: Controller): readonly Need[] => {
  const ours = () => ({ StringEquals: { [`aws:ResourceTag/${TAG.deployment}`]: deployment } });
  return [
    {
      on: (_, { partition, region }) => [`arn:${partition}:ec2:${region}::snapshot/*`],
      actions: of("ec2", "DeleteSnapshot"),
      conditions: ours,
      unseen: UNSEEN.removal,
    },
    { on: anyOf("fsx", "backup/"), actions: of("fsx", "DeleteBackup"), conditions: ours, unseen: UNSEEN.removal },
  ];
};

/** The engine's own state and secrets, where they lie in AWS. */
export const engineNeeds = (state: string | undefined, key: string | undefined): readonly Need[] => [
  ...(state === undefined
    ? []
    : [
        {
          on: (_: unknown, { partition }: Place) => [`arn:${partition}:s3:::${state}`],
          actions: of("s3", "ListBucket"),
        },
        {
          on: (_: unknown, { partition }: Place) => [`arn:${partition}:s3:::${state}/.pulumi/*`],
          actions: of("s3", "GetObject PutObject DeleteObject"),
        },
      ]),
  ...(key === undefined ? [] : [{ on: () => [key], actions: of("kms", "Encrypt Decrypt") }]),
];
