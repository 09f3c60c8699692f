import type { AwsError } from "../gateway/errors.js";
import type { UnknownInPolicy } from "./context.js";
import type { Caller } from "./evaluate.js";

/** How services say that a caller lacks a right: error codes of their API references. Others: AccessDeniedException, 400. */
const CODES: Readonly<Record<string, readonly [code: string, status: number]>> = {
  ec2: ["UnauthorizedOperation", 403],
  s3: ["AccessDenied", 403],
  sns: ["AuthorizationError", 403],
  sqs: ["AccessDenied", 403],
  monitoring: ["AccessDenied", 403],
  lambda: ["AccessDeniedException", 403],
};

/** What is not allowed to whom, in AWS's words (IAM user guide, "Troubleshoot access denied error messages"). */
export const sentence = ({ sessionArn }: Caller, action: string, resource: string, because: string): string =>
  `User: ${sessionArn} is not authorized to perform: ${action} on resource: ${resource} ${because}`;

/** The answer to a call that is not allowed. EC2 adds an encoded message on AWS, which nobody can read without another right. */
export function refusal(service: string, message: string): AwsError {
  const [code, status] = CODES[service] ?? ["AccessDeniedException", 400];
  const words = service === "ec2" ? `You are not authorized to perform this operation. ${message}` : message;
  return { status, code, message: words };
}

/** The answer where the sandbox cannot tell whether the call is allowed. */
export const cannotTell = ({ message }: UnknownInPolicy): AwsError => ({
  status: 400,
  code: "SandboxUnsupported",
  message: `the sandbox does not know ${message}`,
});
