/** An error of a service, with the code and the members of its API model. */
export class ApiError extends Error {
  readonly code: string;
  /** What the error says beside its text, as `Limit` or `BackupId`. */
  readonly members: Readonly<Record<string, string>>;
  readonly status: number;

  constructor(code: string, message: string, members: Readonly<Record<string, string>> = {}, status = 400) {
    super(message);
    this.code = code;
    this.members = members;
    this.status = status;
  }
}

/** What AWS has and the plane has not. */
export const sandboxUnsupported = (what: string): ApiError =>
  new ApiError("SandboxUnsupported", `the sandbox does not know ${what}`);
