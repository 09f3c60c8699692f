/** A target as it is stored and given back; the names are the API's. */
export interface Target {
  readonly Arn: string;
  readonly RoleArn: string;
  readonly Input?: string;
  readonly DeadLetterConfig?: { readonly Arn?: string };
  readonly RetryPolicy: { readonly MaximumEventAgeInSeconds: number; readonly MaximumRetryAttempts: number };
  readonly SqsParameters?: { readonly MessageGroupId?: string };
}

/** What a caller sets; times in milliseconds. */
export interface ScheduleSettings {
  readonly ScheduleExpression: string;
  readonly ScheduleExpressionTimezone: string;
  readonly State: "ENABLED" | "DISABLED";
  readonly ActionAfterCompletion: "NONE" | "DELETE";
  readonly FlexibleTimeWindow: { readonly Mode: "OFF" };
  readonly Target: Target;
  readonly StartDate?: number;
  readonly EndDate?: number;
  readonly Description?: string;
  readonly KmsKeyArn?: string;
}

export interface Schedule extends ScheduleSettings {
  readonly region: string;
  readonly group: string;
  readonly name: string;
  readonly createdAt: number;
  readonly changedAt: number;
  /** The token of the call that made it. */
  readonly token?: string;
  /** When it is due next. */
  readonly due?: number;
}

export interface Group {
  readonly region: string;
  readonly name: string;
  readonly createdAt: number;
  readonly tags: Readonly<Record<string, string>>;
  readonly token?: string;
}

/** An error of the service's own, with the names of its API reference. */
export class SchedulerError extends Error {
  readonly code: "ValidationException" | "ResourceNotFoundException" | "ConflictException";

  constructor(code: SchedulerError["code"], message: string) {
    super(message);
    this.code = code;
  }

  get status(): number {
    return { ValidationException: 400, ResourceNotFoundException: 404, ConflictException: 409 }[this.code];
  }
}

export const invalid = (message: string) => new SchedulerError("ValidationException", message);

export const DEFAULT_GROUP = "default";
