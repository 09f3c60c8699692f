import { type Asked, type Need, type Needs, notJudged } from "./call.js";
import { lambdaNeeds, statesNeeds } from "./services/compute.js";
import { dynamodbNeeds, logsNeeds, monitoringNeeds, ssmNeeds } from "./services/data.js";
import { type Ec2Facts, ec2Needs } from "./services/ec2.js";
import { type FsxFacts, fsxNeeds } from "./services/fsx.js";
import { eventsNeeds, type KeyOf, kmsNeeds, snsNeeds, sqsNeeds } from "./services/messages.js";
import { s3Needs } from "./services/objects.js";

/** What else has to be known to tell the rights of a call. */
export interface Surroundings {
  readonly ec2: Ec2Facts;
  readonly fsx: FsxFacts;
  readonly keyOf: KeyOf;
  /** The ARN of a key by an ARN that may have an alias in it. */
  readonly keyArn: KeyOf;
}

type Judge = (asked: Asked, needs: Needs, around: Surroundings) => readonly Need[] | Promise<readonly Need[]>;

const JUDGES: Readonly<Record<string, Judge>> = {
  ec2: (asked, needs, { ec2 }) => ec2Needs(asked, needs, ec2),
  fsx: (asked, needs, { fsx }) => fsxNeeds(asked, needs, fsx),
  s3: s3Needs,
  dynamodb: dynamodbNeeds,
  sns: (asked, needs, { keyOf }) => snsNeeds(asked, needs, keyOf),
  sqs: (asked, needs, { keyOf }) => sqsNeeds(asked, needs, keyOf),
  kms: (asked, needs, { keyArn }) =>
    kmsNeeds(asked, needs, (reference) =>
      keyArn(reference.startsWith("arn:") ? reference : needs.arn("kms", keyPart(reference))),
    ),
  lambda: lambdaNeeds,
  states: statesNeeds,
  events: eventsNeeds,
  logs: logsNeeds,
  ssm: ssmNeeds,
  monitoring: monitoringNeeds,
  // Everybody may ask who he is (IAM user guide, GetCallerIdentity).
  sts: (asked) => {
    if (asked.action !== "GetCallerIdentity") throw notJudged(asked);
    return [];
  },
};

const keyPart = (reference: string): string => (reference.startsWith("alias/") ? reference : `key/${reference}`);

/** The rights that a call needs, all of them. Throws UnknownInPolicy for calls that the sandbox cannot tell it of. */
export async function needsOf(asked: Asked, needs: Needs, around: Surroundings): Promise<readonly Need[]> {
  const judge = Object.hasOwn(JUDGES, asked.service) ? JUDGES[asked.service] : undefined;
  if (!judge) throw notJudged(asked);
  return judge(asked, needs, around);
}
