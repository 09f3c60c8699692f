import { randomUUID } from "node:crypto";
import { jsonCall, type ServiceAnswer, type ServiceCall } from "../emulator/service-calls.js";
import type { Schedule } from "./model.js";
import { fill, type Invocation, isoSeconds } from "./placeholders.js";

/** Makes a call as the target's role; `queueUrl` is how a queue is addressed. */
export interface Invoker {
  readonly account: string;
  queueUrl(name: string): string;
  call(call: ServiceCall, roleArn: string): Promise<ServiceAnswer>;
}

interface Failure {
  readonly code: string;
  readonly message: string;
  readonly retry: boolean;
}

const RETRY_CEILING_MS = 60_000;

/** Invokes targets, with retries and the dead-letter queue. */
export class Delivery {
  readonly #invoker: Invoker;
  readonly #waiting = new Set<NodeJS.Timeout>();
  #closed = false;

  constructor(invoker: Invoker) {
    this.#invoker = invoker;
  }

  /** Invokes the target for one time of a schedule. Ends with the first attempt; others follow by themselves. */
  start(schedule: Schedule, arn: string, scheduled: number): Promise<void> {
    const invocation = { arn, scheduled, execution: randomUUID(), attempt: 1 };
    return this.#attempt(schedule, invocation, performance.now()).catch((error: unknown) => {
      console.error(`the schedule ${arn} could not be delivered:`, error);
    });
  }

  close(): void {
    this.#closed = true;
    for (const timer of this.#waiting) clearTimeout(timer);
    this.#waiting.clear();
  }

  /** `began`: on the machine's clock, as all waiting is. */
  async #attempt(schedule: Schedule, invocation: Invocation, began: number): Promise<void> {
    const failure = await this.#invoke(schedule, invocation);
    if (!failure || this.#closed) return;
    const { MaximumEventAgeInSeconds, MaximumRetryAttempts } = schedule.Target.RetryPolicy;
    const delay = Math.min(1000 * 2 ** (invocation.attempt - 1), RETRY_CEILING_MS);
    const tooOld = performance.now() + delay - began > MaximumEventAgeInSeconds * 1000;
    const exhausted = invocation.attempt > MaximumRetryAttempts;
    if (failure.retry && !tooOld && !exhausted) {
      const timer = setTimeout(() => {
        this.#waiting.delete(timer);
        this.#attempt(schedule, { ...invocation, attempt: invocation.attempt + 1 }, began).catch(console.error);
      }, delay);
      this.#waiting.add(timer);
      return;
    }
    const condition = tooOld ? "MaximumEventAgeInSeconds" : "MaximumRetryAttempts";
    await this.#bury(schedule, invocation, failure, failure.retry ? condition : undefined);
  }

  async #invoke(schedule: Schedule, invocation: Invocation): Promise<Failure | undefined> {
    try {
      const answer = await this.#invoker.call(this.#call(schedule, invocation), schedule.Target.RoleArn);
      if (answer.status < 300) return undefined;
      const { __type, message = answer.body, Message = message } = parse(answer.body);
      const code = (__type ?? `HTTP ${answer.status}`).split("#").at(-1) ?? "";
      return { code, message: Message, retry: answer.status >= 500 || answer.status === 429 || isThrottle(code) };
    } catch (error) {
      return { code: "ServiceUnavailable", message: String(error), retry: true };
    }
  }

  #call(schedule: Schedule, invocation: Invocation): ServiceCall {
    const { Arn, Input, SqsParameters } = schedule.Target;
    const [, , service = "", region = "", , ...rest] = Arn.split(":");
    const input = Input === undefined ? this.#scheduledEvent(schedule, invocation) : fill(Input, invocation);
    if (service === "lambda") {
      return {
        service,
        region,
        action: "Invoke",
        method: "POST",
        path: `/2015-03-31/functions/${encodeURIComponent(Arn)}/invocations`,
        headers: { "content-type": "application/json", "x-amz-invocation-type": "Event" },
        body: input,
      };
    }
    if (service === "states") {
      return jsonCall(service, region, "AWSStepFunctions.StartExecution", { stateMachineArn: Arn, input });
    }
    const message = { QueueUrl: this.#invoker.queueUrl(rest.join(":")), MessageBody: input, ...SqsParameters };
    return jsonCall(service, region, "AmazonSQS.SendMessage", message);
  }

  /** What a target gets that has no input of its own. Seen in the field, not documented: unproven. */
  #scheduledEvent(schedule: Schedule, invocation: Invocation): string {
    return JSON.stringify({
      version: "0",
      id: invocation.execution,
      "detail-type": "Scheduled Event",
      source: "aws.scheduler",
      account: this.#invoker.account,
      time: isoSeconds(invocation.scheduled),
      region: schedule.region,
      resources: [invocation.arn],
      detail: "{}",
    });
  }

  /** Puts what could not be delivered in the queue (Scheduler user guide, "Configuring a dead-letter queue"). */
  async #bury(
    schedule: Schedule,
    invocation: Invocation,
    failure: Failure,
    exhausted: string | undefined,
  ): Promise<void> {
    console.error(`the schedule ${invocation.arn} failed: ${failure.code}: ${failure.message}`);
    const queue = schedule.Target.DeadLetterConfig?.Arn;
    if (!queue) return;
    const [, , , region = "", , name = ""] = queue.split(":");
    const attributes: Readonly<Record<string, string>> = {
      ERROR_CODE: failure.code,
      ERROR_MESSAGE: failure.message,
      EXECUTION_ID: invocation.execution,
      ...(exhausted ? { EXHAUSTED_RETRY_CONDITION: exhausted } : {}),
      IS_PAYLOAD_TRUNCATED: "false",
      RETRY_ATTEMPTS: String(invocation.attempt - 1),
      SCHEDULED_TIME: isoSeconds(invocation.scheduled),
      SCHEDULE_ARN: invocation.arn,
      TARGET_ARN: schedule.Target.Arn,
    };
    const message = {
      QueueUrl: this.#invoker.queueUrl(name),
      MessageBody: this.#call(schedule, invocation).body,
      MessageAttributes: Object.fromEntries(
        Object.entries(attributes).map(([key, value]) => [key, { DataType: "String", StringValue: value }]),
      ),
    };
    const call = jsonCall("sqs", region, "AmazonSQS.SendMessage", message);
    const answer = await this.#invoker.call(call, schedule.Target.RoleArn);
    if (answer.status >= 300) throw new Error(`the dead-letter queue ${queue} refused the message: ${answer.body}`);
  }
}

/** Throttling has status 400 in the JSON protocols (Step Functions API reference, "Common error types"). */
const isThrottle = (code: string): boolean => code === "ThrottlingException" || code === "Throttling";

function parse(body: string): { __type?: string; message?: string; Message?: string } {
  try {
    // An AWS error of the JSON protocols; all parts are optional.
    return JSON.parse(body) as { __type?: string; message?: string; Message?: string };
  } catch {
    return {};
  }
}
