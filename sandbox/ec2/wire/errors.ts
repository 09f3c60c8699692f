/**
 * Errors in EC2's words. Codes: "Error codes for the Amazon EC2 API" (EC2 developer guide, errors-overview).
 * Messages are documented there or known from the field; none was recorded from an account by us.
 */
export class Ec2Error extends Error {
  readonly code: string;
  readonly status: number;

  constructor(code: string, message: string, status = 400) {
    super(message);
    this.name = "Ec2Error";
    this.code = code;
    this.status = status;
  }
}

export const missingParameter = (name: string) =>
  new Ec2Error("MissingParameter", `The request must contain the parameter ${name}`);

export const invalidValue = (message: string) => new Ec2Error("InvalidParameterValue", message);

export const invalidCombination = (message: string) => new Ec2Error("InvalidParameterCombination", message);

/** AWS's code for a parameter it does not know; here also for one that AWS knows and the sandbox does not. */
export const unknownParameter = (name: string) =>
  new Ec2Error("UnknownParameter", `The parameter ${name} is not recognized by the sandbox's EC2`);

export const unsupported = (message: string) => new Ec2Error("UnsupportedOperation", message);

/** API_*: "DryRun ... If you have the required permissions, the error response is DryRunOperation"; HTTP 412. */
export const dryRunOperation = () =>
  new Ec2Error("DryRunOperation", "Request would have succeeded, but DryRun flag is set.", 412);
