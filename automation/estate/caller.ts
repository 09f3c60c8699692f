/** Who we are to AWS. */
export interface Caller {
  readonly account: string;
  /** `aws`, `aws-cn` or `aws-us-gov`. */
  readonly partition: string;
}

/** The ARN of something of ours, in our own partition. */
export const arnOf = ({ account, partition }: Caller, service: string, region: string, rest: string): string =>
  `arn:${partition}:${service}:${region}:${account}:${rest}`;

/** The partition that an ARN names; the sandbox's and most others are in `aws`. */
export const partitionOf = (arn: string | undefined): string => arn?.split(":")[1] ?? "aws";
